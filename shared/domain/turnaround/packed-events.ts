import { instant, millis } from '../../lib/instant.ts';
import {
  type ByteReader,
  type ByteWriter,
  createByteReader,
  createByteWriter,
  highestSigned,
} from '../../lib/packed-bytes.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { questionKinds } from '../question/index.ts';
import type { ClockSource, EventType, ReadingEvent } from './event.ts';
import { textReader, textWriter } from './packed-texts.ts';
import { packedTypes } from './packed-types.ts';
import type { KeptEvent } from './sound-event.ts';

/** First byte of every pack. A second layout gets a second number; the first stays readable. */
const layout = 1;

/** Bits before each event, the usual ones first: two bytes as a rule. */
const bits = {
  sameActor: 1,
  sameSubject: 2,
  sameSite: 4,
  detail: 8,
  cause: 16,
  channel: 32,
  report: 64,
  recorded: 128,
  skew: 256,
  lowConfidence: 512,
  usualId: 2 ** 10,
  fractionalTime: 2 ** 11,
  fractionalRecorded: 2 ** 12,
  fractionalSkew: 2 ** 13,
  questionKind: 2 ** 14,
  asItCame: 2 ** 15,
} as const;

/** In the order of their numbers, which never change. */
const packedSources: readonly ClockSource[] = ['record', 'host', 'desktop', 'modality', 'placer', 'paper'];

/** The id that an event of this type has in this task where nothing but type and task make it, as most have: it need not be kept. */
export type UsualId = (type: string) => string;

/** What the last event said, so that the next need not say it again. */
type Before = {
  at: number;
  actor: ReadingEvent['actor'] | null;
  subject: Pick<ReadingEvent['subject'], 'orderId' | 'accession' | 'studyUid'> | null;
  site: string | null;
};
const nothingBefore = (): Before => ({ at: 0, actor: null, subject: null, site: null });

/**
 * Events of one task in few bytes, in the order given; the task's own id is not among them. Nothing is lost: `unpackEvents` gives them back
 * as they were, and those that this program cannot read as they came.
 */
export function packEvents(events: readonly KeptEvent[], usualId: UsualId = () => ''): Uint8Array {
  const writer = createByteWriter();
  const texts = new Map<string, number>();
  const before = nothingBefore();
  writer.byte(layout);
  for (const one of events) {
    if (one.sound) packOne(writer, textWriter(writer, texts), before, one.event, usualId);
    else {
      writer.unsigned(bits.asItCame);
      writer.text(one.id);
      writer.text(one.json);
    }
  }
  return writer.finish();
}

/** The events of `taskId` in these bytes; `altered` where they are not what `packEvents` made. */
export function unpackEvents(
  packed: Uint8Array,
  taskId: string,
  usualId: UsualId = () => '',
): Result<readonly KeptEvent[], 'altered'> {
  try {
    const reader = createByteReader(packed);
    if (reader.byte() !== layout) return err('altered');
    const text = textReader(reader);
    const before = nothingBefore();
    const events: KeptEvent[] = [];
    while (!reader.atEnd()) {
      const flags = reader.unsigned();
      if ((flags & bits.asItCame) !== 0) events.push({ sound: false, id: reader.text(), json: reader.text() });
      else events.push({ sound: true, event: unpackOne(reader, text, before, flags, taskId, usualId) });
    }
    return ok(events);
  } catch {
    return err('altered');
  }
}

const isWhole = (value: number): boolean =>
  Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) <= highestSigned;

function packOne(
  writer: ByteWriter,
  text: (value: string) => void,
  before: Before,
  event: ReadingEvent,
  usualId: UsualId,
): void {
  const { actor, subject, clock, site, detail, cause, channel, questionKind, occurredAt, recordedAt } = event;
  const late = recordedAt === null ? 0 : recordedAt - occurredAt;
  const type = packedTypes.indexOf(event.type);
  const wholeTime = isWhole(occurredAt) && isWhole(occurredAt - before.at);
  const wholeRecorded = wholeTime && recordedAt !== null && isWhole(recordedAt) && isWhole(late);
  const sameActor = before.actor !== null && actorKey(before.actor) === actorKey(actor);
  const sameSubject =
    before.subject !== null &&
    before.subject.orderId === subject.orderId &&
    before.subject.accession === subject.accession &&
    before.subject.studyUid === subject.studyUid;
  const hasUsualId = event.id !== '' && event.id === usualId(event.type);
  const set = (is: boolean, bit: number): number => (is ? bit : 0);
  writer.unsigned(
    set(sameActor, bits.sameActor) +
      set(sameSubject, bits.sameSubject) +
      set(before.site === site, bits.sameSite) +
      set(detail !== '', bits.detail) +
      set(cause !== null, bits.cause) +
      set(channel !== null, bits.channel) +
      set(subject.report !== null, bits.report) +
      set(recordedAt !== null, bits.recorded) +
      set(clock.skew !== null, bits.skew) +
      set(clock.confidence === 'low', bits.lowConfidence) +
      set(!wholeTime, bits.fractionalTime) +
      set(recordedAt !== null && !wholeRecorded, bits.fractionalRecorded) +
      set(clock.skew !== null && !isWhole(clock.skew), bits.fractionalSkew) +
      set(questionKind !== undefined, bits.questionKind) +
      set(hasUsualId, bits.usualId),
  );
  writer.unsigned(type + 1);
  if (type < 0) text(event.type);
  if (!hasUsualId) text(event.id);
  if (wholeTime) writer.signed(occurredAt - before.at);
  else writer.float(occurredAt);
  if (wholeRecorded) writer.signed(late);
  else if (recordedAt !== null) writer.float(recordedAt);
  writer.byte(packedSources.indexOf(clock.source));
  if (clock.skew !== null && isWhole(clock.skew)) writer.signed(clock.skew);
  else if (clock.skew !== null) writer.float(clock.skew);
  if (!sameActor) {
    writer.byte(actor.kind === 'person' ? 1 : 0);
    if (actor.kind === 'person') text(actor.id);
    text(actor.name);
  }
  const perhaps = (value: string | null): void => {
    writer.byte(value === null ? 0 : 1);
    if (value !== null) text(value);
  };
  if (!sameSubject) for (const one of [subject.orderId, subject.accession, subject.studyUid]) perhaps(one);
  if (before.site !== site) perhaps(site);
  if (detail !== '') text(detail);
  if (cause !== null) text(cause);
  if (channel !== null) text(channel);
  if (subject.report !== null) {
    text(subject.report.id);
    if (subject.report.version >= 0 && subject.report.version < 255) writer.byte(subject.report.version);
    else {
      writer.byte(255);
      writer.float(subject.report.version);
    }
  }
  if (questionKind !== undefined) text(questionKind);
  if (wholeTime) before.at = occurredAt;
  before.actor = actor;
  before.subject = subject;
  before.site = site;
}

function unpackOne(
  reader: ByteReader,
  text: () => string,
  before: Before,
  flags: number,
  taskId: string,
  usualId: UsualId,
): ReadingEvent {
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const typeNumber = reader.unsigned();
  const type = typeNumber === 0 ? text() : packedTypes[typeNumber - 1];
  if (type === undefined) throw new Error('altered');
  const id = has(bits.usualId) ? usualId(type) : text();
  const occurredAt = has(bits.fractionalTime) ? reader.float() : before.at + reader.signed();
  const recordedAt = !has(bits.recorded)
    ? null
    : has(bits.fractionalRecorded)
      ? reader.float()
      : occurredAt + reader.signed();
  const source = packedSources[reader.byte()];
  const skew = !has(bits.skew) ? null : has(bits.fractionalSkew) ? reader.float() : reader.signed();
  if (source === undefined) throw new Error('altered');
  const perhaps = (): string | null => (reader.byte() === 0 ? null : text());
  const actor = has(bits.sameActor) ? before.actor : actorFrom(reader, text);
  const subject = has(bits.sameSubject)
    ? before.subject
    : { orderId: perhaps(), accession: perhaps(), studyUid: perhaps() };
  if (actor === null || subject === null) throw new Error('altered');
  const site = has(bits.sameSite) ? before.site : perhaps();
  const detail = has(bits.detail) ? text() : '';
  const cause = has(bits.cause) ? text() : null;
  const channel = has(bits.channel) ? text() : null;
  const report = has(bits.report) ? reportFrom(reader, text) : null;
  const kind = has(bits.questionKind) ? text() : null;
  const questionKind = questionKinds.find((one) => one === kind);
  if (!has(bits.fractionalTime)) before.at = occurredAt;
  before.actor = actor;
  before.subject = subject;
  before.site = site;
  return {
    id,
    type: type as EventType,
    occurredAt: instant(occurredAt),
    recordedAt: recordedAt === null ? null : instant(recordedAt),
    clock: {
      source,
      skew: skew === null ? null : millis(skew),
      confidence: has(bits.lowConfidence) ? 'low' : 'high',
    },
    actor,
    subject: { taskId, orderId: subject.orderId, accession: subject.accession, studyUid: subject.studyUid, report },
    site,
    detail,
    cause,
    channel,
    ...(questionKind === undefined ? {} : { questionKind }),
  };
}

function actorFrom(reader: ByteReader, text: () => string): ReadingEvent['actor'] {
  return reader.byte() === 1 ? { kind: 'person', id: text(), name: text() } : { kind: 'device', name: text() };
}

function reportFrom(reader: ByteReader, text: () => string): ReadingEvent['subject']['report'] {
  const id = text();
  const version = reader.byte();
  return { id, version: version === 255 ? reader.float() : version };
}

function actorKey(actor: ReadingEvent['actor']): string {
  return actor.kind === 'person' ? `person ${actor.id.length} ${actor.id}${actor.name}` : `device ${actor.name}`;
}
