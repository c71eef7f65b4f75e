import type { Hono } from 'hono';
import type { z } from 'zod';
import type { Allowed, Call, CallName, CallOutput, Failure, FailureCode } from '../../../shared/api/index.ts';
import { calls, caseHeaders } from '../../../shared/api/index.ts';
import { can, type Role } from '../../../shared/domain/reader/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';

/** What a handler is given: everything parsed, and the session where the call wants one. */
export type Asked<Name extends CallName> = {
  readonly params: ParsedOf<Name, 'params'>;
  readonly input: ParsedOf<Name, 'input'>;
  readonly session: (typeof calls)[Name] extends { allow: 'public' } ? LiveSession | null : LiveSession;
  readonly request: Request;
};
type ParsedOf<Name extends CallName, Part extends 'params' | 'input'> = (typeof calls)[Name] extends {
  readonly [Key in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;
export type Answered<Name extends CallName> = Result<CallOutput<Name>, Failure>;
export type Handler<Name extends CallName> = (asked: Asked<Name>) => Promise<Answered<Name>>;

/** Bodies larger than this are refused before they are parsed: no call of ours comes near. */
const largestBody = 4 * 1024 * 1024;

export function failure(
  code: FailureCode,
  message: string,
  more: Omit<Failure, 'code' | 'message'> = {},
): { ok: false; error: Failure } {
  return { ok: false, error: { code, message, ...more } };
}

/** HTTP status of each failure (RFC 9110 15): what a program can decide on without reading words. */
export function statusOf(code: FailureCode): 400 | 401 | 403 | 404 | 409 | 413 | 423 | 500 | 502 | 503 {
  switch (code) {
    case 'bad-request':
      return 400;
    case 'not-signed-in':
    case 'wrong-password':
      return 401;
    case 'password-needed':
    case 'forbidden':
    case 'reason-needed':
    case 'identity-stop':
      return 403;
    case 'not-found':
      return 404;
    case 'held-by-another':
    case 'lease-lapsed':
    case 'stale-case':
    case 'stale-draft':
    case 'not-a-legal-move':
    case 'rival-final':
      return 409;
    case 'too-large':
      return 413;
    case 'locked':
      return 423;
    case 'upstream-refused':
    case 'upstream-unreachable':
      return 502;
    case 'not-saved':
    case 'not-known':
    case 'audit-unavailable':
      return 503;
    case 'internal':
      return 500;
    default:
      return assertNever(code);
  }
}

export function bearerOf(request: Request): string | null {
  return /^Bearer ([A-Za-z0-9_-]{20,400})$/.exec(request.headers.get('Authorization') ?? '')?.[1] ?? null;
}

/** The live session behind a request, or why there is none. A token is bound to the window that signed in or was opened from it. */
export function sessionOf(sessions: Sessions, request: Request, whileLocked: boolean): Result<LiveSession, Failure> {
  const window = request.headers.get(caseHeaders.window);
  const checked = sessions.check(bearerOf(request), { whileLocked, ...(window === null ? {} : { window }) });
  if (checked.ok) return checked;
  switch (checked.error) {
    case 'locked':
      return failure('locked', 'This session is locked. Give your password to go on.');
    case 'not-signed-in':
    case 'wrong-window':
      return failure('not-signed-in', 'You are signed out. Sign in to go on; nothing that was saved is lost.');
    default:
      return assertNever(checked.error);
  }
}

/** The body, or null as soon as it is longer than any call of ours: what is larger is not gathered first. */
async function limitedText(request: Request): Promise<string | null> {
  if (Number(request.headers.get('Content-Length') ?? 0) > largestBody) return null;
  if (request.body === null) return '';
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces).toString('utf8');
    size += value.length;
    if (size > largestBody) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    pieces.push(value);
  }
}

async function readInput(call: Call, request: Request): Promise<Result<unknown, Failure>> {
  if (call.input === undefined) return { ok: true, value: undefined };
  let raw: unknown;
  if (call.method === 'GET') raw = Object.fromEntries(new URL(request.url).searchParams);
  else {
    const text = await limitedText(request);
    if (text === null) return failure('too-large', 'That request is larger than Overread takes.');
    try {
      raw = JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value));
    } catch {
      return failure('bad-request', 'The request was not JSON.');
    }
  }
  const parsed = call.input.safeParse(raw);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    return failure(
      'bad-request',
      `The request did not fit: ${first === undefined ? 'unknown' : `${first.path.join('.')}: ${first.message}`}.`,
    );
  }
  return { ok: true, value: parsed.data };
}

function roleMay(allow: Exclude<Allowed, 'public'>, role: Role): boolean {
  if (allow === 'signed-in') return true;
  return typeof allow === 'string' ? can(role, allow) : allow.includes(role);
}

/** Mounts one call of the table: parse, authorise, call, answer. A throw in a handler is a bug; it is logged here, once, without its words. */
export function mount<Name extends CallName>(
  app: Hono,
  sessions: Sessions,
  ports: Ports,
  name: Name,
  handle: Handler<Name>,
): void {
  const call: Call = calls[name];
  const answer = (found: Result<unknown, Failure>): Response =>
    found.ok ? Response.json(found.value) : Response.json(found.error, { status: statusOf(found.error.code) });
  app.on(call.method, call.path, async (context) => {
    const request = context.req.raw;
    let session: LiveSession | null = null;
    const checked = sessionOf(sessions, request, call.whileLocked === true);
    if (call.allow === 'public') session = checked.ok ? checked.value : null;
    else {
      if (!checked.ok) return answer(checked);
      session = checked.value;
      if (!roleMay(call.allow, session.reader.role)) {
        return answer(
          failure('forbidden', `Your role (${session.reader.role}) may not do this. A lead can change roles.`),
        );
      }
    }
    const params = call.params?.safeParse(context.req.param());
    if (params !== undefined && !params.success)
      return answer(failure('bad-request', 'The address names nothing that Overread knows.'));
    try {
      const input = await readInput(call, request);
      if (!input.ok) return answer(input);
      return answer(await handle({ params: params?.data, input: input.value, session, request } as Asked<Name>));
    } catch (reason) {
      ports.log.error('a call failed by a bug', {
        call: name,
        reason: reason instanceof Error ? reason.name : 'unknown',
      });
      if (process.env.OVERREAD_TRACE === '1')
        process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
      return answer(
        failure('internal', 'Overread made a mistake here. What was saved stays saved; the log names the call.'),
      );
    }
  });
}
