import type { Task } from '@medplum/fhirtypes';
import type { Failure } from '../../../shared/api/index.ts';
import { type MayRead, may, type ReaderId } from '../../../shared/domain/reader/index.ts';
import { claimStanding } from '../../../shared/domain/reading/index.ts';
import { displayDate, displayName } from '../../../shared/domain/study/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import { type PasswordTries, tooManyTries } from '../routes/password-tries.ts';
import { stopOfWords } from './sign-checks.ts';
import { isLater } from './sign-exams.ts';
import type { SigningCommand } from './signing-command.ts';

type Refusal = { ok: false; error: Failure };

/** Proof of presence: her password, where the session asks for it. Null where it is hers or not needed. `undone`: what was not done. */
export async function passwordRefusal(
  parts: { readonly sessions: Sessions; readonly passwords: PasswordTries },
  password: string | undefined,
  session: LiveSession,
  undone: 'signed' | 'given',
): Promise<Refusal | null> {
  const { sessions, passwords } = parts;
  if (!sessions.passwordNeeded(session.token)) return null;
  if (password === undefined || password === '')
    return failure(
      'password-needed',
      `Give your password to ${undone === 'signed' ? 'sign' : 'give it to be signed'}.`,
    );
  const found = await passwords.check(session.reader.userName, password);
  if (!found.ok) {
    return failure(
      'wrong-password',
      found.error === 'wait' ? tooManyTries : `That is not your password. Nothing was ${undone}.`,
    );
  }
  sessions.passwordGiven(session.token);
  return null;
}

/** What is known of the case. Her claim may be of a moment ago, over another host of the group: the record is asked before she is refused. */
export async function factsAtSigning(
  parts: {
    readonly book: Pick<CaseBook, 'facts'>;
    readonly record: Pick<RecordClient, 'read' | 'recordNow'>;
    readonly onTask: (task: Versioned<Task>) => void;
  },
  { kind, draft, fencingToken }: SigningCommand,
  readerId: ReaderId,
): Promise<CaseFacts | null> {
  const known = parts.book.facts(draft.taskId);
  if (known === null || isLater(kind)) return known;
  const standing = claimStanding(known.task, readerId, fencingToken ?? 0, parts.record.recordNow());
  if (standing !== 'none' && standing !== 'another') return known;
  const read = await parts.record.read('Task', draft.taskId);
  if (read.ok) parts.onTask(read.value);
  return parts.book.facts(draft.taskId);
}

/** What the dialog showed and what would be signed must be one and the same, and nothing may stand against it. `issue` is asked of every kind but a withdrawal. */
export function refusalToSign(
  command: SigningCommand,
  facts: CaseFacts,
  session: LiveSession,
  issue: () => MayRead,
): Refusal | null {
  const { task, order, seen } = facts;
  const context = contextOf(facts);
  const { epoch: _epoch, ...sent } = command.context;
  const stale = failure(
    'stale-case',
    'What you saw is not what the host would sign. Open the case again; your words are kept.',
  );
  if (canonicalJson(sent as JsonValue) !== canonicalJson(context as JsonValue)) return stale;
  if (
    command.draft.taskId !== task.id ||
    command.draft.studyUid !== task.studyUid ||
    command.draft.readerId !== session.reader.id
  )
    return stale;
  const patient = order?.patient ?? seen?.study.patient;
  const shown = {
    name: displayName(patient?.name ?? ''),
    birthDate: displayDate(patient?.birthDate ?? ''),
    accession: context.accession ?? '',
    exam: order?.procedure.display ?? seen?.study.description ?? '',
  };
  if (canonicalJson(shown) !== canonicalJson(command.shown)) return stale;
  const withdraws = command.kind === 'withdrawal';
  const permission = may(session.reader.role, withdraws ? 'withdraw-report' : 'sign', task.state);
  if (!permission.allowed)
    return failure(permission.because === 'role' ? 'forbidden' : 'not-a-legal-move', permission.words);
  // Wrong words are taken back whatever else is open: licence, identity, images. They are why it is wrong.
  if (withdraws) return command.draft.reason.trim() === '' ? failure('bad-request', 'Say why it is withdrawn.') : null;
  const verdict = issue();
  if (!verdict.allowed) return failure('forbidden', `${verdict.reason}. Your words are kept in the draft.`);
  const blocked = facts.identity.grade === 'stop' || facts.identity.grade === 'ask';
  const differences = facts.identity.differences.map((one) => one.words);
  const resolved =
    facts.resolution !== null && canonicalJson(facts.resolution.differences) === canonicalJson(differences);
  if (blocked && !resolved)
    return failure(
      'identity-stop',
      `Order and images differ: ${differences.join('; ')}. Resolve it with a reason before you sign.`,
    );
  const words =
    command.kind === 'addendum'
      ? command.draft.addendum
      : command.draft.sections['19005-8'] + command.draft.sections['59776-5'];
  if (words.trim() === '')
    return failure(
      'bad-request',
      command.kind === 'addendum' ? 'The addendum is empty.' : 'Findings and Impression are both empty.',
    );
  const stop = stopOfWords(command, { order, study: seen?.study ?? null });
  if (stop !== null) return failure('bad-request', `${stop} Your words are kept in the draft.`);
  if ((command.kind === 'addendum' || command.kind === 'correction') && command.draft.reason.trim() === '')
    return failure('bad-request', 'Say why the report is changed.');
  return null;
}
