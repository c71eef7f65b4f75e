import {
  dayInZone,
  type FollowUp,
  followReport,
  remindersDue,
  stepFollowUp,
  toldByReport,
} from '../../../shared/domain/follow-up/index.ts';
import type { ReportVersion } from '../../../shared/domain/report/index.ts';
import { millis } from '../../../shared/lib/instant.ts';
import type { Duties } from '../duties/duties.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { PersonIndex } from '../reading/person-index.ts';
import type { RecordClient } from '../record/types.ts';
import type { Matters } from '../site-desk/matters.ts';
import { type FollowUpBook, followUps } from './follow-up-book.ts';
import { reminderEvent } from './follow-up-events.ts';
import type { FollowUpMatches } from './follow-up-matches.ts';

export type WatchParts = {
  readonly results: Pick<FollowUpBook, 'get' | 'open' | 'ofTask' | 'ordersFor'>;
  readonly book: Pick<CaseBook, 'facts' | 'order' | 'ofOrder'>;
  readonly matches: Pick<FollowUpMatches, 'exam'>;
  readonly persons: Pick<PersonIndex, 'family'>;
  readonly matters: Pick<Matters, 'change'>;
  readonly events: Pick<EventBook, 'has' | 'write'>;
  readonly versionsOf: (taskId: string) => Promise<readonly ReportVersion[]>;
  readonly duties: Pick<Duties, 'holds'>;
  readonly record: Pick<RecordClient, 'recordNow'>;
};

/**
 * What the released versions of a report say of its recommended exams, written into the record. Answers false where the record could not
 * be asked or written: it is tried again. What is written follows from the versions alone, so that a repeat writes the same.
 */
export async function followReportOf(parts: WatchParts, taskId: string): Promise<boolean> {
  if (!parts.duties.holds('escalate')) return true;
  const those = parts.results.ofTask(taskId);
  if (those.length === 0) return true;
  const versions = await parts.versionsOf(taskId);
  let settled = true;
  for (const followUp of those) {
    const step = (one: FollowUp): FollowUp | null => {
      const told = toldByReport(one, versions);
      const saying = versions.find(
        ({ version }) => version === (told?.kind === 'said' ? told.basis.version : told?.version),
      );
      if (told === null || saying === undefined) return null;
      const { signer, signedAt } = saying.content;
      const by = { id: signer.id, name: signer.name };
      return followReport(one, told, { id: `report-${saying.version}`, by, at: signedAt, recordedAt: signedAt });
    };
    if (step(followUp) === null) continue;
    const changed = await parts.matters.change(followUps, followUp.id, (one) => ({
      ok: true,
      value: step(one) ?? one,
    }));
    settled &&= changed.ok;
  }
  return settled;
}

/** An order that names a recommendation of its own patient by reference fulfils it; nothing less is ever taken for it by itself. */
export async function takeExactReferences(parts: WatchParts): Promise<void> {
  if (!parts.duties.holds('escalate')) return;
  for (const followUp of parts.results.open()) {
    if (followUp.basis === null) continue;
    for (const orderId of parts.results.ordersFor(followUp.id)) {
      const order = parts.book.order(orderId);
      const [facts] = parts.book.ofOrder(orderId);
      const { patientReference } = followUp;
      if (order === null || facts === undefined || patientReference === null || order.patientReference === null)
        continue;
      // An order of another patient that names it is somebody's slip: a person has to look.
      if (!parts.persons.family(patientReference).has(order.patientReference)) continue;
      const exam = parts.matches.exam(followUp, facts.task.id);
      if (exam === null || exam.verdict !== 'same' || followUp.notThese.includes(exam.taskId)) continue;
      const { verdict: _verdict, evidence: _evidence, ...matching } = exam;
      await parts.matters.change(followUps, followUp.id, (one, now) =>
        stepFollowUp(
          one,
          {
            id: `order-${orderId}`.slice(0, 64),
            by: { id: 'overread', name: 'Overread' },
            ago: millis(0),
            kind: 'done',
            how: 'exact-reference',
            exam: matching,
          },
          now,
        ),
      );
      break;
    }
  }
}

/** Writes down, once each, that a recommended exam is due soon or overdue. */
export async function remindOfFollowUps(parts: WatchParts): Promise<void> {
  const { results, book, events, duties, record } = parts;
  if (!duties.holds('escalate')) return;
  const now = record.recordNow();
  for (const followUp of results.open()) {
    const facts = book.facts(followUp.taskId);
    if (facts === null) continue;
    const today = dayInZone(now, facts.order?.site?.zone ?? 'UTC');
    const written = remindersDue(followUp, today)
      .map((one) => reminderEvent(facts, followUp, one))
      .filter((event) => !events.has(event));
    if (written.length > 0) await events.write(written);
  }
}
