import {
  type Call,
  type CallName,
  calls,
  caseHeaders,
  type Failure,
  failureSchema,
} from '../../../shared/api/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { failure } from '../routes/mount.ts';
import type { GroupSession } from './desk-sessions.ts';
import { noGroupHost } from './desk-sessions.ts';
import type { GroupLink } from './group-link.ts';

/** A call as the page made it, or as this desktop makes it for itself. */
export type Forwarded = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly input: unknown;
};

/** Largest answer that is read into memory: a list of a hundred thousand studies is some 100 MB. */
const largestAnswer = 256 * 1024 * 1024;

/** `unreachable` is told apart, so that what can go on here does. */
export type ForwardFailure = Failure & { readonly unreachable?: true };

/** Asks a call of the group host and checks the answer against the table: what does not fit is not shown. */
export async function forward(
  link: GroupLink,
  session: GroupSession,
  name: CallName,
  asked: Forwarded,
): Promise<Result<unknown, ForwardFailure>> {
  const call: Call = calls[name];
  const path = call.path.replace(/:([A-Za-z]+)/g, (_all, key: string) => encodeURIComponent(asked.params[key] ?? ''));
  const answer = await link.ask({
    method: call.method,
    path: `${path}${asked.query}`,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${session.groupToken}`,
      [caseHeaders.window]: session.groupWindow,
    },
    ...(call.method === 'GET' || asked.input === undefined ? {} : { body: JSON.stringify(asked.input) }),
  });
  if (answer === null) return unreachable();
  const text = await readLimited(answer).catch(() => null);
  // The line broke in the middle: whether it was done over there nobody knows here.
  if (text === null) return unreachable();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Judged below: null fits no call.
  }
  if (answer.ok) {
    const parsed = call.output.safeParse(json);
    return parsed.success
      ? ok(parsed.data)
      : failure(
          'upstream-refused',
          'The group host answered with something that this version does not understand. Update both to one version.',
        );
  }
  const refused = failureSchema.safeParse(json);
  return refused.success
    ? { ok: false, error: refused.data }
    : failure('upstream-refused', `The group host answered ${answer.status}.`);
}

function unreachable(): { readonly ok: false; readonly error: ForwardFailure } {
  return { ok: false, error: { code: 'upstream-unreachable', message: noGroupHost, unreachable: true } };
}

async function readLimited(answer: Response): Promise<string | null> {
  if (answer.body === null) return '';
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body) {
    size += piece.byteLength;
    if (size > largestAnswer) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
