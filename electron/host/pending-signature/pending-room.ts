import type { CallInput, CallOutput, Failure, PendingView } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import {
  type Claim,
  claimStanding,
  type MoveShare,
  type ReadingTask,
  type TaskId,
} from '../../../shared/domain/reading/index.ts';
import { pendingReportOf } from '../../../shared/domain/report/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import { contentsOf } from '../delivery/sign-contents.ts';
import { type ExamParts, examToSign, otherExamsToSign } from '../delivery/sign-exams.ts';
import { factsAtSigning, passwordRefusal, refusalToSign } from '../delivery/sign-refusal.ts';
import { publishKeys } from '../identity/publish-keys.ts';
import type { Accounts, LiveSession } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { Claims } from '../reading/claims.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ExamMoves } from '../reading/exam-moves.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import { givenEvent, sentBackEvent } from '../reading/signature-events.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { PendingStore } from './pending-store.ts';
import { viewOfPending } from './pending-view.ts';

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
    readonly moves: Pick<ExamMoves, 'makeGiven' | 'settled'>;
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

/** A move of one exam, as a move of several answers. */
async function alone(
  moving: Promise<Result<ReadingTask, Failure>>,
): Promise<Result<{ readonly tasks: readonly ReadingTask[]; readonly kept: boolean }, Failure>> {
  const moved = await moving;
  return moved.ok ? ok({ tasks: [moved.value], kept: true }) : moved;
}

export function createPendingRoom(parts: RoomParts): PendingRoom {
  const { book, claims, moves, store, events, record, rights, ports } = parts;
  const missing = failure('not-found', 'That study is not on the list any more. Your words are kept in the draft.');
  const answer = async (taskId: string): Promise<Given> => ({ report: await parts.reports.of(taskId), deliveries: [] });
  /** The case as the record holds it now: another host of the group may have moved it a moment ago. */
  const freshOf = async (taskId: string): Promise<CaseFacts | null> => {
    const read = await record.read('Task', taskId);
    if (read.ok) parts.onTask(read.value);
    return book.facts(taskId);
  };
  /** A host that died in the middle of a press has left a note of it: that is finished first, so that the same press again finds it done. */
  const afterWhatWasLeft = async (facts: CaseFacts): Promise<CaseFacts> => {
    if (facts.task.moving === undefined || !(await moves.settled(facts.task.id)).ok) return facts;
    return (await freshOf(facts.task.id)) ?? facts;
  };
  /** By press: the same one, sent twice. */
  const running = new Map<string, Promise<Result<Given, Failure>>>();

  const give = async (command: Command, session: LiveSession): Promise<Result<Given, Failure>> => {
    const { reader } = session;
    const { taskId } = command.draft;
    const known = await factsAtSigning(parts, command, reader.id);
    if (known === null) return missing;
    const facts = await afterWhatWasLeft(known);
    const before = facts.task.desk.pending;
    if (before !== undefined && before.reader === reader.id && before.press === command.commandId)
      return ok(await answer(taskId));
    if (command.kind !== 'final')
      return failure('bad-request', 'A report that waits for a signature is to be a final.');
    const refusal = refusalToSign(command, facts, session, () => rights.mayGiveToSign(session, facts));
    if (refusal !== null) return refusal;
    const exam = await examToSign(parts, facts, {
      kind: 'final',
      session,
      fencingToken: command.fencingToken,
      untouched: false,
      instances: null,
    });
    if (!exam.ok) return exam;
    const others = await otherExamsToSign(parts, command, session, exam.value, (of) =>
      rights.mayGiveToSign(session, of),
    );
    if (!others.ok) return others;
    const exams = [exam.value, ...others.value];
    if (exams.some((one) => one.parent !== null))
      return failure('not-a-legal-move', 'A report of this study is out already; its final is for who may sign it.');
    const wrongPassword = await passwordRefusal(parts, command.password, session, 'given');
    if (wrongPassword !== null) return wrongPassword;
    const noted = await parts.audit.record(
      exams.map(({ study }) => ({
        user: reader.userName,
        purpose: 'sign' as const,
        patient: study.patient.id,
        studyUid: study.studyUid,
        detail: 'given to be signed',
      })),
    );
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    // Whoever opens it proves the words by the writer's published key.
    const published = await publishKeys(parts.accounts, record, reader, ports);
    if (!published.ok)
      return failure('upstream-unreachable', `${published.error} Nothing was given; your words are kept.`);
    const head = await parts.audit.head();
    const contents = contentsOf(exams, {
      command,
      session,
      signedAt: record.recordNow(),
      auditHead: `${head.sequence}:${head.hash}`,
      notForClinicalUse: parts.demo,
      dueOf: () => null,
    });
    const key = await parts.accounts.signingKey(reader.id);
    const shares: MoveShare[] = [];
    for (const [place, content] of contents.entries()) {
      const kept = await store.keep(pendingReportOf(content), key);
      if (!kept.ok) return failure(kept.error.code, `${kept.error.message} Nothing was given; your words are kept.`);
      const fencingToken = exams[place]?.fencingToken ?? null;
      shares.push({ taskId: content.taskId as TaskId, fencingToken, digest: kept.value });
    }
    ports.step?.('pending-kept');
    const [own, ...beside] = shares;
    if (own === undefined) return missing;
    const press = command.commandId;
    const moved =
      beside.length === 0
        ? await alone(
            claims.move(facts.task.id, {
              kind: 'giveToSign',
              reader: reader.id,
              readerName: reader.name,
              fencingToken: own.fencingToken ?? 0,
              digest: own.digest ?? '',
              press,
            }),
          )
        : await moves.makeGiven(reader, [...beside, own], { kind: 'giveToSign', press, words: '' });
    if (!moved.ok) return failure(moved.error.code, `${moved.error.message} Your words are kept in the draft.`);
    ports.step?.('pending-given');
    // What the round writes again where this is lost.
    await events.write(
      moved.value.tasks.flatMap((task) => {
        const { pending } = task.desk;
        return pending === undefined ? [] : [givenEvent(book.facts(task.id) ?? { ...facts, task }, pending)];
      }),
    );
    return ok(await answer(taskId));
  };

  /** The other exams of a report over several that waits here by the same press. */
  const givenWith = async ({ task }: CaseFacts): Promise<readonly CaseFacts[]> => {
    const { pending } = task.desk;
    const found: CaseFacts[] = [];
    for (const id of pending?.together ?? []) {
      const other = id === task.id ? null : await freshOf(id);
      if (other?.task.desk.pending?.press === pending?.press && other !== null) found.push(other);
    }
    return found;
  };
  const shareOf = ({ task }: CaseFacts, fencingToken: number | null): MoveShare => ({
    taskId: task.id,
    fencingToken,
    ...(task.desk.pending === undefined ? {} : { digest: task.desk.pending.digest }),
  });

  /** Her live claim on another exam of the report that goes back. */
  const tokenOf = (reader: Reader, { task }: CaseFacts): number | null => {
    const token = task.claim?.fencingToken ?? null;
    return claimStanding(task, reader.id, token, record.recordNow()) === 'held' ? token : null;
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
      const fresh = await freshOf(taskId);
      const facts = fresh === null ? null : await afterWhatWasLeft(fresh);
      const before = facts?.task.desk.pending;
      // The same press again, after its answer was lost: it is hers already.
      const own = facts?.task.claim ?? null;
      if (before === undefined && own?.reader === reader.id) return ok({ claim: own });
      const others = facts === null ? [] : await givenWith(facts);
      const press = before?.press ?? '';
      const moved =
        facts === null || others.length === 0
          ? await alone(claims.move(taskId, { kind: 'takeBack', reader: reader.id, readerName: reader.name }))
          : await moves.makeGiven(
              reader,
              [...others, facts].map((one) => shareOf(one, null)),
              { kind: 'takeBack', press, words: '' },
            );
      if (!moved.ok) return moved;
      const claim = moved.value.tasks.at(-1)?.claim ?? null;
      if (claim === null) return failure('lease-lapsed', 'It is taken back. Read the study to go on with it.');
      // Of several, each was told with its move.
      if (facts === null || others.length > 0) return moved.value.kept ? ok({ claim }) : notWritten;
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
      const fresh = await freshOf(taskId);
      const before = fresh === null ? null : await afterWhatWasLeft(fresh);
      const { pending, sentBack } = before?.task.desk ?? {};
      // The same press again, after its answer was lost.
      if (pending === undefined && sentBack?.by === reader.id && sentBack.words === words.trim()) return ok({});
      const others = before === null ? [] : await givenWith(before);
      const moved =
        before === null || others.length === 0
          ? await alone(
              claims.move(taskId, {
                kind: 'sendBack',
                holder: fencingToken === null ? null : { reader: reader.id, fencingToken },
                by: reader.id,
                byName: reader.name,
                words,
              }),
            )
          : await moves.makeGiven(
              reader,
              [...others.map((one) => shareOf(one, tokenOf(reader, one))), shareOf(before, fencingToken)],
              { kind: 'sendBack', press: before.task.desk.pending?.press ?? '', words, over: reader.role === 'lead' },
            );
      if (!moved.ok) return moved;
      const told = moved.value.tasks.flatMap((task) => {
        const facts = book.facts(task.id);
        return facts === null ? [] : (sentBackEvent({ ...facts, task }) ?? []);
      });
      return (await events.write(told)) ? ok({}) : notWritten;
    },
    view: (facts, reader, report) => viewOfPending(parts, facts, reader, report),
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
