import { type Instant, instant, millis } from '../../lib/instant.ts';
import { questionKinds } from '../question/index.ts';
import { clockSources, eventTypes, type ReadingEvent } from './event.ts';

/**
 * What is kept as an event. One that this program cannot read (a time that is none, a type of a later program) is kept as it came and
 * takes no part in any figure: it must neither stop anybody nor hide the other events of its task.
 */
export type KeptEvent =
  | { readonly sound: true; readonly event: ReadingEvent }
  | { readonly sound: false; readonly id: string; readonly json: string };

/** ECMA-262, 21.4.1.1: beyond this no date can be written. */
const farthest = 8.64e15;

/**
 * The event in what was kept of one: journal entries of earlier programs lack what was added since (`cause`, before it was introduced),
 * and have it as absent. Null where it is none that can be read.
 */
export function soundEvent(value: unknown): ReadingEvent | null {
  const whole = objectOf(value);
  const clock = objectOf(whole?.clock);
  const actor = objectOf(whole?.actor);
  const subject = objectOf(whole?.subject);
  if (whole === null || clock === null || actor === null || subject === null) return null;
  const { id } = whole;
  const type = eventTypes.find((one) => one === whole.type);
  const source = clockSources.find((one) => one === clock.source);
  const occurredAt = timeOf(whole.occurredAt);
  const recordedAt = whole.recordedAt == null ? null : timeOf(whole.recordedAt);
  if (typeof id !== 'string' || id === '' || type === undefined || source === undefined || occurredAt === null)
    return null;
  if (recordedAt === null && whole.recordedAt != null) return null;
  const skew = clock.skew ?? null;
  if (skew !== null && (typeof skew !== 'number' || !Number.isFinite(skew))) return null;
  const name = actor.name ?? '';
  if (typeof name !== 'string') return null;
  if (actor.kind !== 'device' && (actor.kind !== 'person' || typeof actor.id !== 'string')) return null;
  const report = reportOf(subject.report);
  const { taskId } = subject;
  if (typeof taskId !== 'string' || report === undefined) return null;
  const optional = [subject.orderId, subject.accession, subject.studyUid, whole.site, whole.cause, whole.channel].map(
    (one) => (one === undefined ? null : one),
  );
  const detail = whole.detail ?? '';
  if (
    typeof detail !== 'string' ||
    !optional.every((one): one is string | null => typeof one === 'string' || one === null)
  )
    return null;
  const [orderId = null, accession = null, studyUid = null, site = null, cause = null, channel = null] = optional;
  const questionKind = questionKinds.find((one) => one === whole.questionKind);
  if (questionKind === undefined && whole.questionKind !== undefined) return null;
  return {
    id,
    type,
    occurredAt,
    recordedAt,
    clock: {
      source,
      skew: skew === null ? null : millis(skew),
      confidence: clock.confidence === 'high' ? 'high' : 'low',
    },
    actor:
      actor.kind === 'person' && typeof actor.id === 'string'
        ? { kind: 'person', id: actor.id, name }
        : { kind: 'device', name },
    subject: { taskId, orderId, accession, studyUid, report },
    site,
    detail,
    cause,
    channel,
    ...(questionKind === undefined ? {} : { questionKind }),
  };
}

/** As it is to be kept; null where it names neither itself nor a task, so that nobody could ever ask for it. */
export function keptEvent(value: unknown): { readonly taskId: string; readonly kept: KeptEvent } | null {
  const event = soundEvent(value);
  if (event !== null) return { taskId: event.subject.taskId, kept: { sound: true, event } };
  const whole = objectOf(value);
  const taskId = objectOf(whole?.subject)?.taskId;
  if (whole === null || typeof whole.id !== 'string' || whole.id === '' || typeof taskId !== 'string') return null;
  return { taskId, kept: { sound: false, id: whole.id, json: JSON.stringify(value) } };
}

/** One of several copies of an event: what the record has taken stands before what has not been there yet, and the first stays. */
export function replacesCopy(known: KeptEvent | undefined, next: KeptEvent): boolean {
  if (known === undefined) return true;
  if (!next.sound) return false;
  return !known.sound || (known.event.recordedAt === null && next.event.recordedAt !== null);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

function timeOf(value: unknown): Instant | null {
  return typeof value === 'number' && Math.abs(value) <= farthest ? instant(value) : null;
}

/** Undefined where it is no report. */
function reportOf(value: unknown): ReadingEvent['subject']['report'] | undefined {
  if (value == null) return null;
  const report = objectOf(value);
  if (report === null || typeof report.id !== 'string' || !Number.isSafeInteger(report.version)) return undefined;
  return { id: report.id, version: Number(report.version) };
}
