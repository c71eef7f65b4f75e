import type { CaseWithdrawal, WithdrawalView } from '../../../shared/api/index.ts';
import { type Delivery, isArrived } from '../../../shared/domain/delivery/index.ts';
import { may, type Reader, type ReaderId } from '../../../shared/domain/reader/index.ts';
import {
  examHeading,
  mayWithdraw,
  otherExams,
  type ReportContent,
  type ReportVersion,
  type StepStanding,
  withdrawalStanding,
  withdrawnVersion,
} from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { CriticalRoom } from '../critical/critical-room.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Accounts, LiveSession, Sessions } from '../identity/types.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { examLineOf } from '../reading/exam-line.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { MessageRoom } from '../site-desk/message-room.ts';
import { callId, isToRead, taskIdAfter, tellingId, tellingParties } from './follow-withdrawals.ts';

/** Withdrawals as people see them: what has the withdrawal, what is open, and whose words wait where. */
export type WithdrawalRoom = {
  ofCase(facts: CaseFacts, session: LiveSession): Promise<CaseWithdrawal>;
  /** For lead and QA all that are not finished, for a reader those that she signed or withdrew; those that ended in the last day behind them. */
  board(reader: Reader): Promise<readonly WithdrawalView[]>;
  isFinished(facts: CaseFacts): Promise<boolean>;
};

type Withdrawn = { readonly content: ReportContent; readonly digest: string; readonly released: boolean };
type Receiver = Pick<Delivery, 'id' | 'name' | 'state' | 'channel' | 'proof'>;

const oneDay = 86_400_000;
const mostLines = 200;

export function createWithdrawalRoom(parts: {
  readonly book: Pick<CaseBook, 'facts' | 'row' | 'follow'>;
  readonly reports: Pick<ReportBook, 'of' | 'versionsOf'>;
  readonly outbox: Pick<Outbox, 'ofTask'>;
  readonly events: Pick<EventBook, 'of'>;
  readonly messages: Pick<MessageRoom, 'has'>;
  readonly critical: Pick<CriticalRoom, 'book'>;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly sessions: Pick<Sessions, 'passwordNeeded'>;
  readonly recordNow: () => Instant;
}): WithdrawalRoom {
  const { book, reports, outbox, events, messages } = parts;
  const takeChanges = book.follow();
  const withdrawn = new Set<string>();
  /** What is signed never changes: it is read once. */
  const known = new Map<string, { readonly withdrawal: Withdrawn; readonly signers: readonly string[] }>();

  const withdrawalIn = (versions: readonly ReportVersion[]): Withdrawn | null => {
    const found = versions.find((one) => one.kind === 'withdrawal' && one.returned === null);
    if (found === undefined) return null;
    return { content: found.content, digest: found.digest, released: found.state === 'entered-in-error' };
  };

  /** Where the withdrawal goes. What another host of the group has delivered is known by its events alone. */
  const receiversOf = (taskId: string, { content }: Withdrawn): readonly Receiver[] => {
    const own = outbox
      .ofTask(taskId)
      .filter((one) => one.reportId === content.reportId && one.version === content.version);
    if (own.length > 0) return own;
    const told = new Map<string, Receiver>();
    for (const { type, channel, detail, subject } of events.of(taskId)) {
      if (channel === null || subject.report?.version !== content.version) continue;
      const state = type === 'report.filed' ? 'filed' : type === 'report.accepted' ? 'accepted' : null;
      if (state === null || told.get(channel)?.state === 'filed') continue;
      told.set(channel, { id: '', name: detail, state, channel: channel as Delivery['channel'], proof: '' });
    }
    return [...told.values()];
  };

  const stepsOf = (
    facts: CaseFacts,
    { content, digest }: Withdrawn,
    sender: Reader | null,
  ): readonly StepStanding[] => {
    const rightTaskId = content.withdrawal?.rightTaskId ?? null;
    const right = rightTaskId === null ? null : book.facts(rightTaskId);
    const toldOf = (of: CaseFacts | null, to: 'lead' | 'site'): StepStanding['state'] => {
      if (of === null || sender === null || !tellingParties(sender, of).includes(to)) return 'not-needed';
      return messages.has(tellingId(of.task.id, sender.id, digest, to)) ? 'done' : 'open';
    };
    const calledAbout = (of: CaseFacts | null): StepStanding['state'] =>
      of === null ? 'not-needed' : parts.critical.book.get(callId(of.task.id, digest)) === null ? 'open' : 'done';
    const again = book.facts(taskIdAfter(facts.task.id, digest)) !== null;
    return [
      { step: 'exam-again', state: again ? 'done' : isToRead(facts.order) ? 'open' : 'not-needed' },
      { step: 'physician-call', state: calledAbout(facts) },
      { step: 'right-physician-call', state: calledAbout(right) },
      { step: 'lead-told', state: toldOf(facts, 'lead') },
      { step: 'site-told', state: toldOf(facts, 'site') },
      { step: 'right-site-told', state: toldOf(right, 'site') },
      {
        step: 'right-report',
        state: rightTaskId === null ? 'not-needed' : right?.task.released == null ? 'open' : 'done',
      },
    ];
  };

  const viewOf = async (facts: CaseFacts, found: Withdrawn): Promise<WithdrawalView> => {
    const { content, digest, released } = found;
    const sender = await parts.accounts.find(content.signer.id as ReaderId);
    const receivers = receiversOf(facts.task.id, found);
    const steps = stepsOf(facts, found, sender);
    const standing = withdrawalStanding(released, receivers, steps);
    const againTaskId = taskIdAfter(facts.task.id, digest);
    const rightTaskId = content.withdrawal?.rightTaskId ?? null;
    const right = rightTaskId === null ? null : book.facts(rightTaskId);
    const rightLine = right === null ? null : examLineOf(book, right);
    return {
      ...examLineOf(book, facts),
      accession: content.accession,
      why: content.withdrawal?.why ?? 'entered-in-error',
      by: { id: content.signer.id, name: content.signer.name },
      at: content.signedAt,
      version: content.version,
      receivers: receivers.map((one) => ({
        deliveryId: one.id,
        name: one.name,
        state: one.state,
        hasIt: released && isArrived(one),
        proof: one.proof.slice(0, 4_000),
      })),
      steps: [...steps],
      againTaskId: book.facts(againTaskId) === null ? null : againTaskId,
      right:
        rightLine === null ? null : { taskId: rightLine.taskId, accession: rightLine.accession, exam: rightLine.exam },
      finished: standing.finished,
      words: standing.words,
    };
  };

  const offeredIn = async (facts: CaseFacts, reader: Reader): Promise<CaseWithdrawal['offered']> => {
    const offers: CaseWithdrawal['offered'][number][] = [];
    const ids = new Set(
      events
        .of(facts.task.id)
        .flatMap(({ type, subject }) =>
          type === 'report.wordsOffered' && subject.report !== null ? [subject.report.id] : [],
        ),
    );
    for (const reportId of ids) {
      const versions = (await reports.versionsOf(reportId)) ?? [];
      const withdrawal = withdrawalIn(versions);
      const before = withdrawal === null ? null : withdrawnVersion(withdrawal.content, versions);
      // Another reader's words are not hers to sign; she reads the exam anew.
      if (withdrawal === null || before === null || before.content.signer.id !== reader.id) continue;
      if (withdrawal.content.withdrawal?.rightTaskId !== facts.task.id) continue;
      const { content } = before;
      offers.push({
        id: withdrawal.digest,
        under: content.accession ?? content.exam.procedure,
        sections: content.sections
          .filter(({ exam }) => exam === undefined || exam === content.studyUid)
          .map(({ code, title, text }) => ({ code, title, text })),
      });
    }
    return offers;
  };

  const takeIn = (): void => {
    for (const id of takeChanges().tasks) {
      if (book.facts(id)?.task.released?.kind === 'withdrawal') withdrawn.add(id);
    }
  };

  const found = async (facts: CaseFacts) => {
    const digest = facts.task.released?.digest ?? '';
    const before = known.get(digest);
    if (before !== undefined) return before;
    const { versions } = await reports.of(facts.task.id);
    const withdrawal = withdrawalIn(versions);
    if (withdrawal === null || withdrawal.digest !== digest) return null;
    const read = { withdrawal, signers: versions.map((one) => one.content.signer.id) };
    if (withdrawal.released) known.set(digest, read);
    return read;
  };

  return {
    ofCase: async (facts, session) => {
      const { versions } = await reports.of(facts.task.id);
      const withdrawal = withdrawalIn(versions);
      const permission = may(session.reader.role, 'withdraw-report', facts.task.state);
      const allowed = permission.allowed ? mayWithdraw(session.reader, versions) : null;
      const words = !permission.allowed ? permission.words : allowed?.ok === false ? allowed.error.words : '';
      return {
        withdrawal: withdrawal === null ? null : await viewOf(facts, withdrawal),
        may: { allowed: allowed?.ok === true, words },
        standing: standingOf(versions),
        passwordNeeded: parts.sessions.passwordNeeded(session.token),
        offered: await offeredIn(facts, session.reader),
      };
    },
    board: async (reader) => {
      takeIn();
      const lines: WithdrawalView[] = [];
      for (const id of withdrawn) {
        const facts = book.facts(id);
        const read = facts === null ? null : await found(facts);
        if (facts === null || read === null) continue;
        if (reader.role === 'radiologist' && !read.signers.includes(reader.id)) continue;
        const view = await viewOf(facts, read.withdrawal);
        if (!view.finished || parts.recordNow() - view.at < oneDay) lines.push(view);
      }
      const order = (one: WithdrawalView): number => (one.finished ? 1 : 0);
      return lines.sort((a, b) => order(a) - order(b) || a.at - b.at).slice(0, mostLines);
    },
    isFinished: async (facts) => {
      const read = await found(facts);
      return read !== null && (await viewOf(facts, read.withdrawal)).finished;
    },
  };
}

/** What stands and would be withdrawn. */
function standingOf(versions: readonly ReportVersion[]): CaseWithdrawal['standing'] {
  const out = versions.filter((one) => one.returned === null && one.state !== 'signed-not-released').at(-1);
  if (out === undefined || out.kind === 'withdrawal') return null;
  const { signer, signedAt } = out.content;
  return {
    version: out.version,
    kind: out.kind,
    signer: signer.name,
    signedAt,
    together: otherExams(out.content).map(examHeading),
  };
}
