import type { CallInput, CallOutput, Failure, PendingView } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import {
  type Claim,
  type PendingSignature,
  pendingStanding,
  type TaskId,
} from '../../../shared/domain/reading/index.ts';
import { isTogether, pendingReportOf } from '../../../shared/domain/report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import { contentsOf } from '../delivery/sign-contents.ts';
import { type ExamParts, examToSign } from '../delivery/sign-exams.ts';
import { factsAtSigning, passwordRefusal, refusalToSign } from '../delivery/sign-refusal.ts';
import { publishKeys } from '../identity/publish-keys.ts';
import type { Accounts, LiveSession } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { Claims } from '../reading/claims.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { PendingStore } from './pending-store.ts';
import { misfitOf } from './to-sign.ts';

type Given = CallOutput<'giveToSign'>;
type Command = CallInput<'giveToSign'>;

/**
 * Reports of readers who may not issue them, on their way to somebody who may. The words go to the record first, signed by their writer, and
 * prove nothing there by themselves; then one write of the Task gives them (DESIGN 2.2). A host that dies in between has given nothing, and
 * her draft is where it was. Nothing here is ever sent to a site.
 */
export type PendingRoom = {
  give(command: Command, session: LiveSession): Promise<Result<Given, Failure>>;
  takeBack(taskId: TaskId, reader: Reader): Promise<Result<{ readonly claim: Claim }, Failure>>;
  sendBack(
    taskId: TaskId,
    reader: Reader,
    asked: { readonly fencingToken: number | null; readonly words: string },
  ): Promise<Result<Record<never, never>, Failure>>;
  /** What the page is told of a case's pending report, or of one that was signed; null where there is none that concerns this reader. */
  view(facts: CaseFacts, reader: Reader, report: CallOutput<'report'>['report']): Promise<PendingView | null>;
  /** Writes the events of moves whose host died before it had told them. */
  round(): Promise<void>;
};

type RoomParts = ExamParts &
  Parameters<typeof factsAtSigning>[0] &
  Parameters<typeof passwordRefusal>[0] & {
    readonly book: CaseBook;
    readonly claims: Pick<Claims, 'move'>;
    readonly store: PendingStore;
    readonly record: RecordClient;
    readonly accounts: Pick<Accounts, 'signingKey'>;
    readonly audit: Pick<OpenedAuditLog, 'record' | 'head'>;
    readonly events: Pick<EventBook, 'write' | 'has'>;
    readonly rights: Pick<ReadingRights, 'mayGiveToSign'>;
    readonly ports: Ports;
    readonly demo: boolean;
  };

const notWritten = failure('not-saved', 'It is done, but this computer could not write it into the study’s history.');

function givenEvent(facts: CaseFacts, pending: PendingSignature): ReadingEvent {
  return caseEvent(facts, 'report.givenToSign', pending.at, {
    actor: { kind: 'person', id: pending.reader, name: pending.readerName },
    part: pending.digest,
  });
}

function sentBackEvent(facts: CaseFacts): ReadingEvent | null {
  const { sentBack, assigned } = facts.task.desk;
  if (sentBack === undefined) return null;
  const to = assigned?.reader === sentBack.to ? ` to ${assigned.readerName}` : '';
  return caseEvent(facts, 'report.sentBack', sentBack.at, {
    actor: { kind: 'person', id: sentBack.by, name: sentBack.byName },
    part: `${sentBack.digest}|${sentBack.at}`,
    detail: `sent back${to}: ${sentBack.words}`,
  });
}

export function createPendingRoom(parts: RoomParts): PendingRoom {
  const { book, claims, store, events, record, rights, ports } = parts;
  const missing = failure('not-found', 'That study is not on the list any more. Your words are kept in the draft.');
  const answer = async (taskId: string): Promise<Given> => ({ report: await parts.reports.of(taskId), deliveries: [] });
  /** By press: the same one, sent twice. */
  const running = new Map<string, Promise<Result<Given, Failure>>>();

  const give = async (command: Command, session: LiveSession): Promise<Result<Given, Failure>> => {
    const { reader } = session;
    const { taskId } = command.draft;
    const facts = await factsAtSigning(parts, command, reader.id);
    if (facts === null) return missing;
    const before = facts.task.desk.pending;
    if (before !== undefined && before.reader === reader.id && before.press === command.commandId)
      return ok(await answer(taskId));
    if (command.kind !== 'final')
      return failure('bad-request', 'A report that waits for a signature is to be a final.');
    const refusal = refusalToSign(command, facts, session, () => rights.mayGiveToSign(session, facts));
    if (refusal !== null) return refusal;
    if (isTogether(command.draft))
      return failure(
        'not-a-legal-move',
        'A report over several exams cannot be given to be signed. Give them one by one; your words are kept.',
      );
    const exam = await examToSign(parts, facts, {
      kind: 'final',
      session,
      fencingToken: command.fencingToken,
      untouched: false,
      instances: null,
    });
    if (!exam.ok) return exam;
    if (exam.value.parent !== null)
      return failure('not-a-legal-move', 'A report of this study is out already; its final is for who may sign it.');
    const wrongPassword = await passwordRefusal(parts, command.password, session, 'given');
    if (wrongPassword !== null) return wrongPassword;
    const noted = await parts.audit.record([
      {
        user: reader.userName,
        purpose: 'sign',
        patient: exam.value.study.patient.id,
        studyUid: exam.value.study.studyUid,
        detail: 'given to be signed',
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    // Whoever opens it proves the words by the writer's published key.
    const published = await publishKeys(parts.accounts, record, reader, ports);
    if (!published.ok)
      return failure('upstream-unreachable', `${published.error} Nothing was given; your words are kept.`);
    const head = await parts.audit.head();
    const [content] = contentsOf([exam.value], {
      command,
      session,
      signedAt: record.recordNow(),
      auditHead: `${head.sequence}:${head.hash}`,
      notForClinicalUse: parts.demo,
      dueOf: () => null,
    });
    if (content === undefined) return missing;
    const kept = await store.keep(pendingReportOf(content), await parts.accounts.signingKey(reader.id));
    if (!kept.ok) return failure(kept.error.code, `${kept.error.message} Nothing was given; your words are kept.`);
    ports.step?.('pending-kept');
    const moved = await claims.move(facts.task.id, {
      kind: 'giveToSign',
      reader: reader.id,
      readerName: reader.name,
      fencingToken: command.fencingToken ?? 0,
      digest: kept.value,
      press: command.commandId,
    });
    if (!moved.ok) return failure(moved.error.code, `${moved.error.message} Your words are kept in the draft.`);
    ports.step?.('pending-given');
    const { pending } = moved.value.desk;
    // What the round writes again where this is lost.
    if (pending !== undefined) await events.write([givenEvent(book.facts(taskId) ?? facts, pending)]);
    return ok(await answer(taskId));
  };

  const changes = book.follow();
  const untold = new Set<string>();

  return {
    give: (command, session) => {
      const name = `${session.reader.id}|${command.commandId}`;
      const now = running.get(name);
      if (now !== undefined) return now;
      const turn = give(command, session).finally(() => running.delete(name));
      running.set(name, turn);
      return turn;
    },
    takeBack: async (taskId, reader) => {
      const facts = book.facts(taskId);
      const before = facts?.task.desk.pending;
      const moved = await claims.move(taskId, { kind: 'takeBack', reader: reader.id, readerName: reader.name });
      if (!moved.ok) return moved;
      const { claim } = moved.value;
      if (claim === null) return failure('lease-lapsed', 'It is taken back. Read the study to go on with it.');
      if (facts === null) return ok({ claim });
      const kept = await events.write([
        caseEvent(facts, 'report.takenBack', record.recordNow(), {
          actor: { kind: 'person', id: reader.id, name: reader.name },
          part: `${before?.digest ?? ''}|${claim.fencingToken}`,
        }),
      ]);
      return kept ? ok({ claim }) : notWritten;
    },
    sendBack: async (taskId, reader, { fencingToken, words }) => {
      if (fencingToken === null && reader.role !== 'lead')
        return failure('forbidden', 'Read the study first: only a lead sends back what she has not claimed.');
      const moved = await claims.move(taskId, {
        kind: 'sendBack',
        holder: fencingToken === null ? null : { reader: reader.id, fencingToken },
        by: reader.id,
        byName: reader.name,
        words,
      });
      if (!moved.ok) return moved;
      const facts = book.facts(taskId);
      const event = facts === null ? null : sentBackEvent({ ...facts, task: moved.value });
      return event === null || (await events.write([event])) ? ok({}) : notWritten;
    },
    view: async (facts, reader, report) => {
      // A peer reviewer reads blind.
      if (reader.role !== 'radiologist' && reader.role !== 'lead') return null;
      const { task } = facts;
      const { pending, sentBack } = task.desk;
      const standing = pendingStanding(task.desk, reader.id);
      const signed = report.versions.filter((one) => one.returned === null).at(-1)?.content.dictatedBy;
      const about =
        pending !== undefined
          ? { digest: pending.digest, writer: pending.reader as string, name: pending.readerName, at: pending.at }
          : sentBack !== undefined && standing === 'sent-back'
            ? { digest: sentBack.digest, writer: sentBack.to as string, name: reader.name, at: sentBack.at }
            : signed === undefined
              ? null
              : { digest: signed.digest, writer: signed.id, name: signed.name, at: signed.givenAt };
      if (about === null) return null;
      const read = await store.read(task.id, about.digest, about.writer);
      const misfit =
        read.ok && (pending !== undefined || standing === 'sent-back') ? misfitOf(read.value, facts) : null;
      return {
        standing: standing === 'none' ? 'signed' : standing,
        digest: about.digest,
        writer: { id: about.writer, name: about.name },
        at: about.at,
        opened: pending?.opened == null ? null : { name: pending.opened.readerName, at: pending.opened.at },
        sentBack:
          sentBack !== undefined && standing === 'sent-back'
            ? { name: sentBack.byName, at: sentBack.at, words: sentBack.words }
            : null,
        report: read.ok && misfit === null ? read.value.report : null,
        trouble: read.ok ? (misfit?.words ?? null) : read.error.message,
      };
    },
    round: async () => {
      for (const id of changes().tasks) untold.add(id);
      for (const id of [...untold]) {
        const facts = book.facts(id);
        const { pending } = facts?.task.desk ?? {};
        const lost =
          facts === null
            ? []
            : [pending === undefined ? null : givenEvent(facts, pending), sentBackEvent(facts)].filter(
                (event) => event !== null && !events.has(event),
              );
        if (lost.length === 0 || (await events.write(lost.filter((event) => event !== null)))) untold.delete(id);
      }
    },
  };
}
