import type { Task } from '@medplum/fhirtypes';
import { parseReadingFrom, type Reader, type ReaderId } from '../../../shared/domain/reader/index.ts';
import {
  claimStanding,
  type ReadingTask,
  type ReleasedReport,
  stepTask,
} from '../../../shared/domain/reading/index.ts';
import { noteAgainstWords, notesAgainst } from '../../../shared/domain/rejection/index.ts';
import { isLaterKind, type MemberCheck, rivalFinal, rivalReason } from '../../../shared/domain/report/index.ts';
import {
  compareIdentity,
  imageSetChange,
  imageSetWords,
  type PatientIdentity,
  presentFor,
  type StudyUid,
} from '../../../shared/domain/study/index.ts';
import { identityFromPatient, taskFromFhir, taskToFhir } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { publishKeys } from '../identity/publish-keys.ts';
import { keyIdOf } from '../identity/signing.ts';
import type { Accounts } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { issuedAs, type ReadingRights } from '../reading/reading-rights.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { reportsOfOrder } from './reports-of-order.ts';
import type { HeldVersion } from './signed-store.ts';

/** What came of one try to release a signed version. `later`: nothing is decided, try again. */
export type ReleaseOutcome =
  | { readonly kind: 'released' }
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'give-back'; readonly reason: string };

type ReleaseParts = {
  readonly record: RecordClient;
  readonly book: CaseBook;
  readonly studies: StudyBook;
  readonly accounts: Accounts;
  readonly rights: ReadingRights;
  readonly ports: Ports;
  /** Told of the task as it now stands in the record. */
  readonly onTask: (task: Versioned<Task>) => void;
};

/** Lost races in a row after which the outbox waits before it goes on. */
const mostRaces = 6;

/**
 * The deciding write of a release (DESIGN 2.2): the Task's `If-Match` write carries report id, version and digest. Before it, the
 * checks that an offline signature has not had: claim, licence, order, patient, image set, rival finals,
 * and that the record publishes the key it was signed with. After a lost answer or a lost
 * race we read: our own digest means that we won.
 */
export async function releaseSigned(parts: ReleaseParts, held: HeldVersion): Promise<ReleaseOutcome> {
  const outcome = await decide(parts, held, true);
  // What is asked to be written is not left undecided; a bug here must not read as a release.
  return outcome.kind === 'ready' ? { kind: 'later', why: 'Trying again.' } : outcome;
}

/** Everything that `releaseSigned` asks, and nothing written: of a report over several exams, every exam is asked before the first is decided. */
export function checkRelease(parts: ReleaseParts, held: HeldVersion): Promise<MemberCheck> {
  return decide(parts, held, false);
}

async function decide(parts: ReleaseParts, held: HeldVersion, write: boolean): Promise<MemberCheck> {
  const { record, ports } = parts;
  const { content, digest } = held.signed;
  const released: ReleasedReport = { reportId: content.reportId, version: content.version, digest, kind: content.kind };
  for (let race = 0; race < mostRaces; race += 1) {
    const read = await record.read('Task', content.taskId);
    if (!read.ok) {
      return read.error.code === 'not-found'
        ? { kind: 'give-back', reason: 'The record has no such reading task any more.' }
        : { kind: 'later', why: read.error.message };
    }
    const parsed = taskFromFhir(read.value.resource);
    if (!parsed.ok) return { kind: 'later', why: 'The record’s reading task cannot be understood.' };
    const before = parsed.value.task;
    if (before.released?.digest === digest && before.released.version === content.version) {
      parts.onTask(read.value);
      return { kind: 'released' };
    }
    const refusal = await refusalToRelease(parts, held, before);
    if (refusal !== null) return refusal;
    const stepped = releaseStep(before, held, released, record.recordNow());
    if (!stepped.ok) return { kind: 'give-back', reason: stepped.error };
    if (!write) return { kind: 'ready' };
    ports.step?.('task-write');
    const written = await record.put(taskToFhir(stepped.value, parsed.value.names), { ifMatch: read.value.version });
    ports.step?.('task-written');
    if (written.ok) {
      parts.onTask(written.value);
      return { kind: 'released' };
    }
    // A conflict or a lost answer: the next reading tells whether the digest there is ours.
    if (written.error.code === 'refused' || written.error.code === 'unauthorised')
      return { kind: 'later', why: written.error.message };
  }
  return { kind: 'later', why: 'The record changes under us; trying again.' };
}

/**
 * The task as it is after this release. A lease that ran out while the reader was offline is taken up again in the same write, if
 * nobody has claimed the study since: the fencing token tells.
 */
function releaseStep(
  task: ReadingTask,
  held: HeldVersion,
  released: ReleasedReport,
  recordNow: Instant,
): Result<ReadingTask, string> {
  const { content, fencingToken } = held.signed;
  const words = (stepped: ReturnType<typeof stepTask>): Result<ReadingTask, string> =>
    stepped.ok ? ok(stepped.value) : err(stepped.error.words);
  if ((task.released?.digest ?? null) !== content.parentDigest)
    return err('Another version of this report was released in the meantime.');
  if (released.kind === 'withdrawal') return words(stepTask(task, { kind: 'withdraw', released }, recordNow));
  if (released.kind === 'addendum' || released.kind === 'correction')
    return words(stepTask(task, { kind: 'append', released }, recordNow));
  if (task.lastFencingToken !== fencingToken)
    return err(`${task.claim?.readerName ?? 'Another reader'} has claimed this study since you signed.`);
  // Taken back, or given anew, since she signed over it: her signature names words that nobody stands behind any more.
  if ((task.desk.pending?.digest ?? null) !== (content.dictatedBy?.digest ?? null))
    return err('What waits for a signature here is not what you signed from. Open it again.');
  const reader = content.signer.id as ReaderId;
  let current = task;
  if (claimStanding(task, reader, fencingToken, recordNow) !== 'held') {
    const again = stepTask(task, { kind: 'claim', reader, readerName: content.signer.name }, recordNow);
    if (!again.ok) return err(again.error.words);
    current = again.value;
  }
  const completes = released.kind === 'final' || task.requestedReport === 'preliminary';
  const holder = { reader, fencingToken: current.lastFencingToken };
  return words(
    stepTask(current, { kind: completes ? 'complete' : 'releasePreliminary', released, ...holder }, recordNow),
  );
}

async function refusalToRelease(
  parts: ReleaseParts,
  held: HeldVersion,
  task: ReadingTask,
): Promise<ReleaseOutcome | null> {
  const { record, accounts, book, studies } = parts;
  const { content } = held.signed;
  const reader = await accounts.find(content.signer.id as ReaderId);
  const facts = book.facts(task.id);
  // After a start the record is read through first: what is not known yet cannot be checked, and what cannot be checked is not released.
  if (facts === null || (task.orderId !== null && facts.order === null))
    return { kind: 'later', why: 'The order and its patient are still being read from the record.' };
  if (reader === null) return { kind: 'give-back', reason: 'The account that signed is no more.' };
  // Order cancelled, patient merged, images changed, licence ended: all of that may be why the words are taken back.
  if (content.kind === 'withdrawal') return notVerifiable(parts, reader, held);
  const issue = parts.rights.mayIssue(
    { reader, readingFrom: parseReadingFrom(content.readingFrom ?? '') },
    facts,
    issuedAs(content.kind, facts),
  );
  if (!issue.allowed) return { kind: 'give-back', reason: issue.reason };
  if (task.orderId !== null) {
    const order = await record.read('ServiceRequest', task.orderId);
    if (!order.ok && order.error.code !== 'not-found') return { kind: 'later', why: order.error.message };
    if (order.ok && (order.value.resource.status === 'revoked' || order.value.resource.status === 'entered-in-error')) {
      return { kind: 'give-back', reason: 'The order was cancelled after you signed.' };
    }
    const reference = order.ok ? order.value.resource.subject?.reference : undefined;
    const changed = reference === undefined ? null : await patientChange(parts, reference, content.patient, held);
    if (changed !== null) return changed;
  }
  const rival = await rivalRefusal(parts, held, task);
  if (rival !== null) return rival;
  const now = await studies.instances(content.studyUid as StudyUid);
  if ('code' in now || !now.fresh) {
    const why = 'code' in now ? now : now.why;
    // The archive did answer: its images name more than one patient, and no words go out on them (promises 1.7).
    if (why.code === 'ambiguous-patient')
      return { kind: 'give-back', reason: `The study changed after you signed: ${why.message}` };
    return {
      kind: 'later',
      why: 'The archive does not answer, so the images cannot be checked against what you signed.',
    };
  }
  const present = presentFor(content.instances, now.list);
  const changed = imageSetWords(imageSetChange(content.instances, present));
  if (changed !== null) {
    const notes = notesAgainst(content.instances, now.rejected).map((one) => ` Of these: ${noteAgainstWords(one)}.`);
    return { kind: 'give-back', reason: `${changed}${notes.join('')}` };
  }
  return notVerifiable(parts, reader, held);
}

/**
 * Who reads a report trusts only keys that the record publishes for its signer: the key is there before the report is, and a report that
 * nobody could verify does not go out.
 */
async function notVerifiable(parts: ReleaseParts, signer: Reader, held: HeldVersion): Promise<ReleaseOutcome | null> {
  const published = await publishKeys(parts.accounts, parts.record, signer, parts.ports);
  if (!published.ok)
    return { kind: 'later', why: `The signer’s public key is not in the record yet: ${published.error}` };
  const used = keyIdOf(held.signed.jws);
  return used !== null && published.value.includes(used)
    ? null
    : {
        kind: 'give-back',
        reason:
          'The key that you signed with is not on this host any more, so nobody could verify the report. Sign again.',
      };
}

async function patientChange(
  parts: ReleaseParts,
  reference: string,
  signed: PatientIdentity,
  held: HeldVersion,
): Promise<ReleaseOutcome | null> {
  const id = reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : null;
  if (id === null) return null;
  const patient = await parts.record.read('Patient', id);
  if (!patient.ok) return patient.error.code === 'not-found' ? null : { kind: 'later', why: patient.error.message };
  if (patient.value.resource.link?.some((link) => link.type === 'replaced-by') === true) {
    return {
      kind: 'give-back',
      reason: 'The patient’s record was merged into another after you signed. Check who it is and sign again.',
    };
  }
  // As the record has it now: what this host synced may be from before the line was lost.
  const current = identityFromPatient(patient.value.resource);
  const verdict = compareIdentity(current, signed);
  if (verdict.grade !== 'stop' || held.signed.content.identityResolution !== null) return null;
  return {
    kind: 'give-back',
    reason: `The order’s patient was changed after you signed: ${verdict.differences.map((one) => one.words).join('; ')}.`,
  };
}

async function rivalRefusal(parts: ReleaseParts, held: HeldVersion, task: ReadingTask): Promise<ReleaseOutcome | null> {
  const { content } = held.signed;
  if (isLaterKind(content.kind) || task.orderId === null) return null;
  const found = await reportsOfOrder(parts.record, task.orderId);
  if (!found.ok) return { kind: 'later', why: found.error.message };
  const rival = rivalFinal(content.kind, content.reportId, found.value);
  return rival === null ? null : { kind: 'give-back', reason: rivalReason(rival) };
}
