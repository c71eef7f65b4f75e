import type { CaseDesk, Failure, WorklistRow } from '../../../shared/api/index.ts';
import {
  type CallRequest,
  endCallRequest,
  needsWords,
  type Person,
  type Question,
  type QuestionKind,
  questionKinds,
  stepQuestion,
} from '../../../shared/domain/question/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { pausesForQuestion } from '../../../shared/domain/turnaround/index.ts';
import {
  callRequestFromFhir,
  callRequestToFhir,
  questionFromFhir,
  questionToFhir,
} from '../../../shared/interop/fhir/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import { createDeskBook, type DeskBook, type Matter } from './desk-book.ts';
import { matterEvents } from './desk-events.ts';
import { createMatters, type MatterCodec, type MatterResource, type Matters } from './matters.ts';
import { createMessageRoom, type MessageRoom } from './message-room.ts';

export const questions: MatterCodec<Question> = { type: 'Task', toFhir: questionToFhir, fromFhir: questionFromFhir };
export const callRequests: MatterCodec<CallRequest> = {
  type: 'Task',
  toFhir: callRequestToFhir,
  fromFhir: callRequestFromFhir,
};

/** What readers, leads and sites have to settle with each other about a case (issue 3, "Questions to the site"). */
export type DeskRoom = {
  readonly book: DeskBook;
  readonly matters: Matters;
  readonly messages: MessageRoom;
  ofCase(facts: CaseFacts): CaseDesk;
  ask(
    facts: CaseFacts,
    asker: Person,
    asked: { readonly commandId: string; readonly kind: QuestionKind; readonly words: string },
  ): Promise<Result<Question, Failure>>;
  withdraw(taskId: TaskId, id: string, by: Person, reason: string): Promise<Result<Question, Failure>>;
  endCall(taskId: TaskId, id: string, by: Person, words: string): Promise<Result<CallRequest, Failure>>;
  /** A row of the list with what its site and its readers wait for. */
  withMatters(row: Omit<WorklistRow, 'mayRead'>): Omit<WorklistRow, 'mayRead'>;
};

export function createDeskRoom(parts: {
  readonly record: RecordClient;
  readonly sync: RecordSync;
  readonly book: CaseBook;
  readonly sites: SiteBook;
  readonly events: EventBook;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<MatterResource>) => void;
  readonly onCase: (taskId: string) => void;
}): DeskRoom {
  const { record, events, ports } = parts;
  const book = createDeskBook(parts.sync);
  const matters = createMatters(record, parts.onTask);
  const messages = createMessageRoom({ ...parts, matters });

  const tell = async (changed: readonly Matter[]): Promise<void> => {
    const found = changed.flatMap((matter) => {
      const facts = parts.book.facts(matter.of.taskId);
      return facts === null ? [] : matterEvents(facts, matter);
    });
    if (found.length > 0 && !(await events.write(found)))
      ports.log.error('what a site and a reader settled has no event yet', { count: found.length });
  };
  book.onChange((changed) => {
    void tell(changed).catch(() => ports.log.error('events of the desk failed', {}));
    for (const taskId of new Set(changed.map((one) => one.of.taskId))) parts.onCase(taskId);
  });

  /** A matter of another case is none of this one, whatever its id. */
  const ofThisCase = (taskId: TaskId, id: string, type: Matter['type']): boolean => {
    const known = book.get(id);
    return known !== null && known.type === type && known.of.taskId === taskId;
  };
  const gone = failure('not-found', 'That is not there any more. Look at the case again.');

  return {
    book,
    matters,
    messages,
    ofCase: (facts) => {
      const all = book.ofTask(facts.task.id);
      const rules = parts.sites.contractOf(facts, events.of(facts.task.id)).pauses;
      return {
        site: facts.order?.site ?? null,
        priority: facts.order?.priority ?? 'unknown',
        questions: all
          .flatMap((one) => (one.type === 'question' ? [one.of] : []))
          .sort((a, b) => b.askedAt - a.askedAt),
        calls: all.flatMap((one) => (one.type === 'call' ? [one.of] : [])).sort((a, b) => b.at - a.at),
        pausing: questionKinds.filter((kind) => pausesForQuestion(rules, kind)),
      };
    },
    ask: async (facts, asker, { commandId, kind, words }) => {
      const site = facts.order?.site ?? null;
      if (site === null)
        return failure(
          'bad-request',
          'This study has no order that names a site, so there is nobody to ask here. Phone.',
        );
      if (needsWords(kind) && words.trim() === '') return failure('bad-request', 'Say in words what you want to know.');
      return matters.create(questions, {
        id: deriveId('question', [facts.task.id, commandId], sha256),
        taskId: facts.task.id,
        orderId: facts.task.orderId,
        siteId: site.id,
        patientReference: facts.order?.patientReference ?? null,
        kind,
        words: words.trim(),
        asker,
        askedAt: record.recordNow(),
        state: { kind: 'asked' },
      });
    },
    withdraw: async (taskId, id, by, reason) =>
      ofThisCase(taskId, id, 'question')
        ? matters.change(questions, id, (question, now) =>
            stepQuestion(question, { kind: 'withdraw', by, reason }, now),
          )
        : gone,
    endCall: async (taskId, id, by, words) =>
      ofThisCase(taskId, id, 'call')
        ? matters.change(callRequests, id, (call, now) => endCallRequest(call, by, words, now))
        : gone,
    withMatters: (row) => {
      const matters = book.summary(row.taskId);
      const thread = messages.summary(row.taskId);
      if (matters === undefined && thread === undefined) return row;
      return {
        ...row,
        matters: {
          ...(matters ?? { asked: 0, oldestAskedAt: null, answered: 0, calls: 0 }),
          ...(thread === undefined ? {} : { messages: thread }),
        },
      };
    },
  };
}
