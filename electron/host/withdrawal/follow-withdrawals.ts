import type { Task } from '@medplum/fhirtypes';
import type { Party } from '../../../shared/domain/message/index.ts';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import { emptyDesk, type TaskId } from '../../../shared/domain/reading/index.ts';
import { deriveId, type ReportContent, withdrawalWords } from '../../../shared/domain/report/index.ts';
import { taskToFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { CriticalRoom } from '../critical/critical-room.ts';
import { sha256 } from '../digest.ts';
import type { Accounts } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import type { MessageRoom } from '../site-desk/message-room.ts';

/** The task under which an exam is read again after its report was withdrawn: derived, so that every host and each replay makes the same. */
export function taskIdAfter(taskId: string, withdrawalDigest: string): TaskId {
  return deriveId('rt', ['after-withdrawal', taskId, withdrawalDigest], sha256) as TaskId;
}

/** The message to one party about one withdrawal, on one case. */
export function tellingId(taskId: string, senderId: string, digest: string, to: Party): string {
  return deriveId('message', [taskId, senderId, commandOf(digest, to)], sha256);
}

/** The level 1 call about one withdrawal, on one case. */
export function callId(taskId: string, digest: string): string {
  return deriveId('critical', ['withdrawal', taskId, digest], sha256);
}

function commandOf(digest: string, to: Party): string {
  return `withdrawn-${digest.slice(0, 24)}-${to}`;
}

export type WithdrawalParts = {
  readonly record: Pick<RecordClient, 'read' | 'put' | 'recordNow'>;
  readonly book: Pick<CaseBook, 'facts' | 'follow'>;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly events: Pick<EventBook, 'of' | 'write'>;
  readonly messages: Pick<MessageRoom, 'send' | 'has'>;
  readonly critical: Pick<CriticalRoom, 'book' | 'startCritical'>;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly ports: Pick<Ports, 'step'>;
  readonly onTask: (written: Versioned<Task>) => void;
  /** Whether every receiver has it and every step is done, as it is shown to people. */
  readonly isFinished: (facts: CaseFacts) => Promise<boolean>;
  /** Whether this host may do it now (duty `deliver` of a group). */
  readonly may: () => boolean;
};

/**
 * What follows a released withdrawal, beside its way to the receivers: the exam back on the list, the words offered where they belong,
 * and everybody told. Each step has ids that follow from the withdrawal, so that a host that died goes on where it was and nothing is
 * done twice.
 */
export function createWithdrawalFollower(parts: WithdrawalParts): { round(): Promise<void>; waiting(): number } {
  const { book, record, reports, messages, events, ports } = parts;
  const takeChanges = book.follow();
  /** Withdrawn tasks whose steps are not all known to be done. */
  const open = new Set<string>();

  const takeIn = (): void => {
    for (const id of takeChanges().tasks) if (book.facts(id)?.task.released?.kind === 'withdrawal') open.add(id);
  };

  const readAgain = async ({ task, order }: CaseFacts, digest: string): Promise<boolean> => {
    if (!isToRead(order)) return true;
    const id = taskIdAfter(task.id, digest);
    if (book.facts(id) !== null) return true;
    const there = await record.read('Task', id);
    if (there.ok) return true;
    if (there.error.code !== 'not-found') return false;
    ports.step?.('withdrawal-task');
    const names = { patientReference: order?.patientReference ?? null, accession: order?.accession ?? null };
    const written = await record.put(
      taskToFhir(
        {
          id,
          state: 'queued',
          orderId: task.orderId,
          archive: task.archive,
          studyUid: task.studyUid,
          requestedReport: task.requestedReport,
          claim: null,
          lastFencingToken: 0,
          desk: emptyDesk,
          released: null,
          authoredOn: record.recordNow(),
        },
        names,
      ),
    );
    if (written.ok) parts.onTask(written.value);
    return written.ok;
  };

  const offerWords = async (content: ReportContent, digest: string): Promise<boolean> => {
    const rightTaskId = content.withdrawal?.rightTaskId ?? null;
    if (rightTaskId === null) return true;
    const right = book.facts(rightTaskId);
    if (right === null) return false;
    const event = caseEvent(right, 'report.wordsOffered', instant(content.signedAt), {
      actor: { kind: 'person', id: content.signer.id, name: content.signer.name },
      part: digest,
      detail: `withdrawn under ${content.accession ?? content.exam.procedure}`,
      report: { id: content.reportId, version: content.version },
    });
    if (events.of(rightTaskId).some((one) => one.id === event.id)) return true;
    ports.step?.('withdrawal-offer');
    return events.write([event]);
  };

  const tell = async (facts: CaseFacts, sender: Reader, digest: string, to: Party, words: string): Promise<boolean> => {
    if (messages.has(tellingId(facts.task.id, sender.id, digest, to))) return true;
    ports.step?.(`withdrawal-tell-${to}`);
    const sent = await messages.send(facts, sender, { commandId: commandOf(digest, to), to, words });
    // What that person may not write, nobody writes in her name; the board says that it was not told.
    return sent.ok || sent.error.code === 'forbidden' || sent.error.code === 'bad-request';
  };

  /** Whoever acts on the words, or waits for them, is phoned: escalation and read-back are those of every critical result. */
  const call = async (
    facts: CaseFacts,
    { signer }: ReportContent,
    digest: string,
    finding: string,
  ): Promise<boolean> => {
    const id = callId(facts.task.id, digest);
    if (parts.critical.book.get(id) !== null) return true;
    ports.step?.('withdrawal-call');
    const by = { id: signer.id, name: signer.name };
    const begun = await parts.critical.startCritical(facts, by, { id, level: 1, finding, origin: 'wrong-patient' });
    return begun.ok;
  };

  const follow = async (taskId: string): Promise<boolean> => {
    const facts = book.facts(taskId);
    const digest = facts?.task.released?.digest;
    if (facts === null || digest === undefined) return false;
    if (facts.task.orderId !== null && facts.order === null) return false;
    const { versions } = await reports.of(taskId);
    const content = versions.find((one) => one.digest === digest)?.content;
    if (content?.withdrawal === undefined) return false;
    const sender = await parts.accounts.find(content.signer.id as ReaderId);
    const words = tellingWords(content);
    let done = await readAgain(facts, digest);
    done = (await call(facts, content, digest, words.wrongCall)) && done;
    if (sender !== null)
      for (const to of tellingParties(sender, facts))
        done = (await tell(facts, sender, digest, to, words.wrong)) && done;
    done = (await offerWords(content, digest)) && done;
    const right = content.withdrawal.rightTaskId === null ? null : book.facts(content.withdrawal.rightTaskId);
    if (right !== null) done = (await call(right, content, digest, words.right)) && done;
    if (right !== null && sender !== null)
      for (const to of tellingParties(sender, right))
        done = (await tell(right, sender, digest, to, words.right)) && done;
    if (!done || !(await parts.isFinished(facts))) return false;
    const finished = caseEvent(facts, 'report.withdrawal.finished', record.recordNow(), {
      part: digest,
      report: { id: content.reportId, version: content.version },
    });
    return events.of(taskId).some((one) => one.id === finished.id) || events.write([finished]);
  };

  return {
    waiting: () => open.size,
    round: async () => {
      takeIn();
      if (!parts.may()) return;
      for (const taskId of [...open]) if (await follow(taskId)) open.delete(taskId);
    },
  };
}

/** An order that stands no more is not read again. */
export function isToRead(order: CaseFacts['order']): boolean {
  return order === null || (order.status !== 'revoked' && order.status !== 'entered-in-error');
}

/** Whom its signer can write to about a case: the lead and the site's desk. A lead who withdraws knows of it herself. */
export function tellingParties(sender: Reader, { order }: Pick<CaseFacts, 'order'>): readonly Party[] {
  const site: readonly Party[] = order?.site == null ? [] : ['site'];
  return sender.role === 'lead' ? site : ['lead', ...site];
}

function tellingWords(content: ReportContent): {
  readonly wrong: string;
  readonly wrongCall: string;
  readonly right: string;
} {
  const why = content.withdrawal?.why ?? 'entered-in-error';
  const versions = content.version === 2 ? 'Version 1' : `Versions 1 to ${content.version - 1}`;
  const wrong = [
    `The report of this exam is withdrawn: ${withdrawalWords[why]}.`,
    `${versions} must not be used; take every copy out of the chart, and tell whoever may have acted on it.`,
    'The exam is on the reading list again.',
    `Reason: ${content.reason ?? 'not given'}`,
  ].join(' ');
  const right =
    'A report with the words of this exam was filed under another patient and is withdrawn there. This exam has no report by it: whoever treats this patient must be told that the result is still to come.';
  const wrongCall = `Report withdrawn: ${withdrawalWords[why]}. ${versions} must not be acted on; the exam is read again. ${content.reason ?? ''}`;
  return { wrong: wrong.slice(0, 1_900), wrongCall: wrongCall.trim().slice(0, 990), right };
}
