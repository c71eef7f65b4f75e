import type { Instant, Millis } from '../../lib/instant.ts';
import type { QuestionKind } from '../question/index.ts';

/** Every step of a reading that the clock counts (spec/standards.md 3.2), in the order of the table. Each room writes those that it knows. */
export const eventTypes = [
  'order.placed',
  'order.accepted',
  'order.query.opened',
  'order.query.answered',
  'order.query.escalated',
  'exam.started',
  'exam.completed',
  'exam.qc.rejected',
  'exam.qc.repeated',
  'images.first',
  'images.complete',
  'priors.requested',
  'priors.ready',
  'priors.none',
  /** A reader took a probable prior as the patient's, and took that back. */
  'prior.confirmed',
  'prior.withdrawn',
  'task.queued',
  'task.assigned',
  'task.claimed',
  'task.lease.lapsed',
  'task.released',
  'task.passed',
  'task.reassigned',
  'task.held',
  'task.resumed',
  'task.cancelled',
  'look.asked',
  'look.answered',
  'code.raised',
  'code.escalated',
  'code.acknowledged',
  'read.opened',
  'read.suspended',
  'read.resumed',
  'read.imagesSeen',
  'dictation.started',
  'dictation.ended',
  'report.draftSaved',
  /** What the checks had against the report that was signed, and what the reader answered: rules and reasons, no words of it. */
  'report.checked',
  /** A reader who may not issue it gave her report to be signed; took it back; got it back with a reason. Nothing of it was released. */
  'report.givenToSign',
  'report.takenBack',
  'report.sentBack',
  'report.signed',
  'report.prelim',
  'report.final',
  'report.returned',
  'report.sent',
  'report.accepted',
  'report.filed',
  'report.delivery.failed',
  'report.opened',
  'crit.identified',
  'crit.attempted',
  'crit.escalated',
  'crit.closed',
  'crit.delegated',
  /** A read on paper while the host was down, and the call about it: typed in afterwards, at their true times. */
  'downtime.read',
  'downtime.phoned',
  'report.addended',
  'report.corrected',
  'report.withdrawn',
  'qa.selected',
  'qa.firstScore',
  'qa.arbitrated',
  'qa.closed',
  'discrepancy.found',
  'discrepancy.notified',
  'sla.warned',
  'sla.breached',
  'sla.forgiven',
  /** Images that came, changed or went after the report; whom that was told; how it ended. With a clock of their own. */
  'images.afterReport.seen',
  'images.afterReport.told',
  'images.afterReport.ended',
  'case.message',
  'identity.resolved',
  /** A site's message changed who the patient is, what is ordered, or brought the site's own report. */
  'identity.changed',
  'order.changed',
  /** The site's desk supplied what an order lacked for billing; nothing of the reading changed. */
  'billing.corrected',
  'site.report',
  /** Words of a report that was withdrawn elsewhere are offered in the exam that they belong to; `subject.report` is the withdrawn one. */
  'report.wordsOffered',
  /** Every receiver of a withdrawn report has the withdrawal, and everybody is told. */
  'report.withdrawal.finished',
  /** The reader of a preliminary has seen what another made of it. */
  'report.overread.seen',
  /** A recommended exam: confirmed by a reader, corrected, handed on, reminded of, late, made, ended, open again. Of no clock. */
  'followUp.confirmed',
  'followUp.corrected',
  'followUp.handedOn',
  'followUp.reminded',
  'followUp.overdue',
  'followUp.done',
  'followUp.closed',
  'followUp.reopened',
  /** The writer of a report that was given to be signed has seen what became of it. */
  'report.dictated.seen',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Whose clock said when: `desktop` is a reader's own computer, of which nobody knows who set it; `paper` a time that somebody wrote down. */
export const clockSources = ['record', 'host', 'desktop', 'modality', 'placer', 'paper'] as const;
export type ClockSource = (typeof clockSources)[number];

/** One append-only fact. Corrections are new events; nothing is edited, and no duration is ever stored. */
export type ReadingEvent = {
  /** Made by the writer, derived where a replay must give the same id; the AuditEvent's logical id. */
  readonly id: string;
  readonly type: EventType;
  /** When it was true, on `clock.source`'s clock. */
  readonly occurredAt: Instant;
  /** When the record took it; null until it has. */
  readonly recordedAt: Instant | null;
  readonly clock: {
    readonly source: ClockSource;
    /** That clock minus the record's, measured from `Date` answers; null where never measured. */
    readonly skew: Millis | null;
    readonly confidence: 'high' | 'low';
  };
  readonly actor:
    | { readonly kind: 'person'; readonly id: string; readonly name: string }
    | { readonly kind: 'device'; readonly name: string };
  readonly subject: {
    readonly taskId: string;
    readonly orderId: string | null;
    readonly accession: string | null;
    readonly studyUid: string | null;
    readonly report: { readonly id: string; readonly version: number } | null;
  };
  readonly site: string | null;
  /** Words for people: "sent to the record", "AE: unknown accession". Never a patient's name. */
  readonly detail: string;
  /** Id of the event that this one answers or follows from: an answer names its question; null where nothing did. */
  readonly cause: string | null;
  /** Channel of a delivery event; null for others. */
  readonly channel: string | null;
  /** What a question to the site asks for, as contracts tell kinds apart; absent on every other event, and where nobody wrote it. */
  readonly questionKind?: QuestionKind;
};
