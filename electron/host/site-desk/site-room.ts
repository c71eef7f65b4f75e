import type { Failure, SiteDesk, SiteStudy } from '../../../shared/api/index.ts';
import { criticalDue } from '../../../shared/domain/critical/index.ts';
import { examName, type Site } from '../../../shared/domain/order/index.ts';
import {
  type Attachment,
  isPhone,
  lateralityOfChoice,
  type Person,
  stepQuestion,
} from '../../../shared/domain/question/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { CriticalBook } from '../critical/critical-book.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import { createOrderCorrections } from './correct-order.ts';
import { callRequests, type DeskRoom, questions } from './desk-room.ts';

/** The desk of one site: what it sees and does, all of it about its own studies. */
export type SiteRoom = {
  desk(siteId: string): SiteDesk | null;
  /** All cases of this site. */
  cases(siteId: string): readonly CaseFacts[];
  /** Sites that orders have named. */
  sites(): readonly Site[];
  /** The case, where it is this site's; another site's is not there. */
  ownCase(siteId: string, taskId: string): CaseFacts | null;
  answer(
    siteId: string,
    questionId: string,
    by: Person,
    said: {
      readonly choice: string | null;
      readonly words: string;
      readonly attachment: Attachment | null;
      readonly correctSide: boolean;
      readonly reason: string | null;
    },
  ): Promise<Result<unknown, Failure>>;
  callMe(
    facts: CaseFacts,
    siteId: string,
    from: Person,
    asked: { readonly commandId: string; readonly phone: string; readonly words: string },
  ): Promise<Result<unknown, Failure>>;
};

const mostStudies = 500;
const mostMessages = 2_000;
/** How long a reported study stays on the desk's page, in milliseconds. */
const reportedFor = 24 * 3_600_000;

export function createSiteRoom(parts: {
  readonly record: RecordClient;
  readonly book: CaseBook;
  readonly desk: DeskRoom;
  readonly ports: Ports;
  readonly onCall: (site: Site) => SiteDesk['onCall'];
  readonly contacts: (siteId: string) => SiteDesk['contacts'];
  readonly criticals: Pick<CriticalBook, 'open'>;
}): SiteRoom {
  const { record, book, desk, ports } = parts;
  const corrections = createOrderCorrections(record, ports);
  const takeChanges = book.follow();
  const tasksOfSite = new Map<string, Set<string>>();
  const siteOfTask = new Map<string, string>();
  const sites = new Map<string, Site>();

  /** Each site's cases, kept by what changes: a list of a hundred thousand is not read for a page of fifty. */
  const settle = (): void => {
    for (const taskId of takeChanges().tasks) {
      const site = book.facts(taskId)?.order?.site ?? null;
      const before = siteOfTask.get(taskId);
      if (before !== undefined && before !== site?.id) {
        tasksOfSite.get(before)?.delete(taskId);
        siteOfTask.delete(taskId);
      }
      if (site === null) continue;
      sites.set(site.id, site);
      siteOfTask.set(taskId, site.id);
      const tasks = tasksOfSite.get(site.id) ?? new Set<string>();
      tasksOfSite.set(site.id, tasks.add(taskId));
    }
  };

  desk.book.onChange((changed) => {
    for (const matter of changed)
      if (matter.type === 'question') void corrections.settle(matter.of).catch(() => undefined);
  });

  return {
    desk: (siteId) => {
      settle();
      const site = sites.get(siteId);
      if (site === undefined) return null;
      const now = record.recordNow();
      const rows = [...(tasksOfSite.get(siteId) ?? [])]
        .flatMap((taskId) => book.facts(taskId) ?? [])
        .map((facts) => studyOf(facts, book))
        .filter(({ study, changedAt }) => !isDone(study) || now - changedAt < reportedFor)
        .sort(
          (a, b) =>
            Number(isDone(a.study)) - Number(isDone(b.study)) ||
            (a.study.dueAt ?? Infinity) - (b.study.dueAt ?? Infinity) ||
            b.changedAt - a.changedAt,
        );
      const own = desk.book.ofSite(siteId);
      return {
        site,
        now,
        onCall: parts.onCall(site),
        contacts: parts.contacts(siteId),
        studies: rows.slice(0, mostStudies).map((one) => one.study),
        more: Math.max(0, rows.length - mostStudies),
        questions: own
          .flatMap((one) => (one.type === 'question' ? [one.of] : []))
          .sort((a, b) => Number(a.state.kind !== 'asked') - Number(b.state.kind !== 'asked') || b.askedAt - a.askedAt)
          .slice(0, mostStudies),
        calls: own
          .flatMap((one) => (one.type === 'call' ? [one.of] : []))
          .sort((a, b) => b.at - a.at)
          .slice(0, mostStudies),
        criticals: parts.criticals
          .open()
          .filter((one) => one.siteId === siteId)
          .slice(0, mostStudies)
          .map((one) => ({
            id: one.id,
            taskId: one.taskId,
            level: one.level,
            dueAt: criticalDue(one),
            orderedBy: one.ladder.find(({ role }) => role === 'ordering')?.name ?? null,
          })),
        messages: desk.messages.ofSite(siteId).slice(-mostMessages),
      };
    },
    sites: () => {
      settle();
      return [...sites.values()];
    },
    cases: (siteId) => {
      settle();
      return [...(tasksOfSite.get(siteId) ?? [])].flatMap((taskId) => book.facts(taskId) ?? []);
    },
    ownCase: (siteId, taskId) => {
      const facts = book.facts(taskId);
      return facts?.order?.site?.id === siteId ? facts : null;
    },
    answer: async (siteId, questionId, by, said) => {
      const known = desk.book.get(questionId);
      if (known?.type !== 'question' || known.of.siteId !== siteId)
        return failure('not-found', 'There is no such question to your site.');
      const laterality = said.correctSide ? lateralityOfChoice(known.of.kind, said.choice) : null;
      const reason = said.reason === null || said.reason.trim() === '' ? null : said.reason.trim();
      const correction = laterality === null && reason === null ? null : { laterality, reason };
      const { choice, words, attachment } = said;
      const answered = await desk.matters.change(questions, questionId, (question, now) =>
        stepQuestion(question, { kind: 'answer', by, choice, words, attachment, correction }, now),
      );
      if (!answered.ok) return answered;
      const corrected = await corrections.settle(answered.value);
      return corrected.ok
        ? ok(null)
        : failure(
            'not-saved',
            'Your answer is kept and the reader sees it. The order itself could not be changed now; that is tried again.',
          );
    },
    callMe: async (facts, siteId, from, { commandId, phone, words }) => {
      if (!isPhone(phone)) return failure('bad-request', 'Give the number to call, such as 555-0100.');
      return desk.matters.create(callRequests, {
        id: deriveId('call', [facts.task.id, commandId], sha256),
        taskId: facts.task.id,
        orderId: facts.task.orderId,
        siteId,
        patientReference: facts.order?.patientReference ?? null,
        from,
        phone: phone.trim(),
        words: words.trim(),
        at: record.recordNow(),
        done: null,
      });
    },
  };
}

function isDone(study: SiteStudy): boolean {
  return study.state === 'reported' || study.state === 'cancelled';
}

function studyOf(facts: CaseFacts, book: CaseBook): { readonly study: SiteStudy; readonly changedAt: number } {
  const row = book.row(facts);
  const { task, order } = facts;
  const state = (): SiteStudy['state'] => {
    if (task.state === 'cancelled') return 'cancelled';
    if (task.state === 'completed') return 'reported';
    if (row.report === 'preliminary') return 'preliminary';
    if (task.state === 'claimed' || task.state === 'reading') return 'reading';
    if (task.state === 'held') return 'held';
    return row.images.present === 0 ? 'images-awaited' : 'waiting';
  };
  return {
    study: {
      taskId: task.id,
      accession: row.accession,
      patient: row.patient,
      exam: examName(row.modality, row.procedure),
      priority: row.priority,
      state: state(),
      images: row.images,
      dueAt: row.dueAt,
      clockPausedAt: row.clockPausedAt,
    },
    changedAt: Math.max(order?.authoredOn ?? 0, facts.seen?.changedAt ?? 0, task.authoredOn),
  };
}
