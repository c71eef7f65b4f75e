import type { Priority } from '../../../shared/domain/order/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import type { EventType, ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, instant, millis } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import { taskIdOfOrder } from '../intake/task-ids.ts';
import { demoSites, type SiteKey, siteMarks } from './cast.ts';
import { type Random, randomFrom, uidFrom } from './random.ts';

export type PastDaysOptions = {
  /** The launch: the last event lies before it. */
  readonly now: Instant;
  readonly seed: number;
  readonly days: number;
  /** Studies on a working day, all sites together. */
  readonly studiesPerDay: number;
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Share of the work, hours behind UTC in winter, how much of it comes at night and at a weekend, and minutes due by contract. */
const sites: readonly {
  readonly key: SiteKey;
  readonly share: number;
  readonly behind: number;
  readonly night: number;
  readonly weekend: number;
  readonly due: Readonly<Record<Priority, number>>;
}[] = [
  { key: 'larkspur', share: 0.42, behind: 8, night: 0.55, weekend: 0.8, due: dueIn(30, 60, 120, 1440) },
  { key: 'saltflat', share: 0.27, behind: 7, night: 0.4, weekend: 0.7, due: dueIn(45, 60, 120, 1440) },
  { key: 'cedar', share: 0.17, behind: 5, night: 0.03, weekend: 0.15, due: dueIn(60, 120, 240, 1440) },
  { key: 'quillback', share: 0.09, behind: 5, night: 0.01, weekend: 0.05, due: dueIn(60, 120, 240, 2880) },
  { key: 'pinemark', share: 0.05, behind: 5, night: 0, weekend: 0.02, due: dueIn(120, 240, 480, 4320) },
];
function dueIn(stat: number, asap: number, urgent: number, routine: number): Readonly<Record<Priority, number>> {
  return { stat, asap, urgent, routine, unknown: urgent };
}

const byDay = [
  'Dr N. Ferrowdale',
  'Dr I. Osmundbury',
  'Dr F. Sablewood',
  'Dr J. Vantongeren',
  'Dr L. Yarrowby',
] as const;
const byNight = [
  'Dr A. Brackwater',
  'Dr H. Umberleigh',
  'Dr B. Lindenquist',
  'Dr G. Tollivane',
  'Dr K. Wrenfield',
] as const;

/** One of the studies that the group read before the launch: what the events say of it, and how urgent it was. */
export type PastStudy = { readonly priority: Priority; readonly events: readonly ReadingEvent[] };

/**
 * What happened in the days before the launch, study by study in the order in which they were made: more by day than by night, fewer at
 * weekends, STAT mostly from the hospitals and mostly by night, queues that grow with the hour's load, readings as long as the exam asks
 * and each reader is, some suspended, some waiting for a site's answer, some late. The same for the same seed.
 */
export function* pastDays(options: PastDaysOptions): Generator<PastStudy> {
  const { now, seed, days, studiesPerDay } = options;
  const random = randomFrom(`past days ${seed}`);
  let number = 0;
  for (let ago = days; ago >= 1; ago -= 1) {
    const midnight = Math.floor(now / day) * day - ago * day;
    const made: { readonly site: (typeof sites)[number]; readonly at: number }[] = [];
    for (const site of sites) {
      const local = new Date(midnight + 12 * hour).getUTCDay();
      const slack = local === 0 || local === 6 ? site.weekend : 1;
      const count = Math.round(studiesPerDay * site.share * slack * random.between(0.75, 1.25));
      for (let one = 0; one < count; one += 1)
        made.push({ site, at: midnight + (hourOf(random, site.night) + site.behind) * hour });
    }
    made.sort((one, other) => one.at - other.at);
    for (const { site, at } of made) {
      number += 1;
      const study = pastStudy(random, site, at, `${seed}-${number}`);
      // What would still be going on belongs to the day that is played.
      if ((study.events.at(-1)?.occurredAt ?? 0) < now - hour) yield study;
    }
  }
}

/** An hour of the site's day, with a fraction: two waves by day, and what comes by night. */
function hourOf(random: Random, night: number): number {
  if (random.next() < night * 0.45) return (random.between(18, 31) + 24) % 24;
  const wave = random.next() < 0.55 ? 10 : 14.5;
  return Math.min(18, Math.max(7, wave + random.normal() * 1.9));
}

function priorityOf(random: Random, site: (typeof sites)[number], isNight: boolean): Priority {
  const hospital = site.night > 0.1;
  const chance = random.next();
  if (hospital && chance < (isNight ? 0.34 : 0.14)) return 'stat';
  if (hospital && chance < (isNight ? 0.55 : 0.24)) return 'asap';
  return chance < (hospital ? 0.62 : 0.2) ? 'urgent' : 'routine';
}

/** Minutes that waits take by urgency, in the middle; they spread log-normally, as waits do. */
const waits: Readonly<Record<Priority, number>> = { stat: 6, asap: 14, urgent: 28, unknown: 28, routine: 150 };
const spread = (random: Random, middle: number, deviation: number): number =>
  middle * Math.exp(deviation * random.normal());

function pastStudy(random: Random, site: (typeof sites)[number], madeAt: number, name: string): PastStudy {
  const { id } = demoSites[site.key];
  const localHour = (new Date(madeAt).getUTCHours() + 24 - site.behind) % 24;
  const isNight = localHour < 7 || localHour >= 18;
  const priority = priorityOf(random, site, isNight);
  const readerName = random.pick(isNight ? byNight : byDay);
  const reader = { kind: 'person', id: deriveId('demo-colleague', [readerName], sha256), name: readerName } as const;
  const orderId = deriveId('past-order', [name], sha256);
  const taskId = taskIdOfOrder(orderId);
  const studyUid = uidFrom(`past study ${name}`);
  const accession = `${siteMarks[site.key].prefix}9${name.replace(/\D/g, '').padStart(8, '0')}`;
  const report = { id: deriveId('report', [taskId], sha256), version: 1 };
  const events: ReadingEvent[] = [];
  let at = Math.round(madeAt);
  const tell = (
    type: EventType,
    after: number,
    more: Partial<Pick<ReadingEvent, 'actor' | 'detail' | 'channel' | 'cause' | 'questionKind'>> & {
      readonly source?: ReadingEvent['clock']['source'];
      readonly part?: string;
    } = {},
  ): ReadingEvent => {
    at = Math.round(at + after * minute);
    const { source = 'host', part = '', ...rest } = more;
    const own = source === 'host';
    const event: ReadingEvent = {
      id: deriveId('ev', [taskId, type, part], sha256),
      type,
      occurredAt: instant(at),
      recordedAt: instant(at + Math.round(random.between(300, 3_000))),
      clock: {
        source,
        skew: own ? millis(random.integer(-80, 80)) : null,
        confidence: source === 'modality' ? 'low' : 'high',
      },
      actor: { kind: 'device', name: 'Overread' },
      subject: { taskId, orderId, accession, studyUid, report: type.startsWith('report.') ? report : null },
      site: id,
      detail: '',
      cause: null,
      channel: null,
      ...rest,
    };
    events.push(event);
    return event;
  };
  const count = random.integer(2, 480);
  tell('order.placed', 0, { source: 'placer' });
  tell('exam.completed', spread(random, priority === 'routine' ? 90 : 25, 0.5), { source: 'modality' });
  tell('images.first', random.between(0.5, 3));
  tell('images.complete', spread(random, 1 + count / 120, 0.4), { detail: `rule count: ${count} of ${count}` });
  const complete = at;
  tell('task.queued', 0.02, { source: 'record' });
  const rush = isNight ? 1.25 : 1;
  tell('task.claimed', spread(random, waits[priority] * rush, 0.7), { actor: reader });
  tell('read.opened', spread(random, 0.4, 0.5), { actor: reader });
  const long = spread(random, count > 250 ? 11 : count > 60 ? 8 : 3, 0.45);
  if (random.next() < 0.05) {
    const asked = tell('order.query.opened', long * 0.3, {
      actor: reader,
      detail: 'Which side?',
      questionKind: 'side',
    });
    tell('order.query.answered', spread(random, 14, 0.8), { detail: 'answered by the desk', cause: asked.id });
  }
  if (random.next() < 0.08) {
    tell('read.suspended', long * 0.3, { actor: reader, detail: 'another study came before it' });
    tell('read.resumed', spread(random, 6, 0.6), { actor: reader, detail: 'back on screen as it was' });
  }
  tell('report.draftSaved', long * 0.6, { actor: reader });
  const due = complete + site.due[priority] * minute;
  const signsAt = at + long * 0.4 * minute;
  const late = signsAt > due;
  if (late) tell('sla.breached', (Math.max(due, at) - at) / minute, { detail: `due by contract: ${priority}` });
  tell('report.signed', Math.max(0.05, (signsAt - at) / minute), { actor: reader });
  tell('report.final', 0.03, { actor: reader });
  tell('report.sent', 0.05, { channel: 'record', detail: 'record' });
  tell('report.accepted', random.between(0.02, 0.2), { channel: 'record', detail: 'record' });
  tell('report.filed', random.between(0.05, 1.5), { channel: 'record', detail: 'record' });
  if (random.next() < 0.03) {
    const found = tell('crit.identified', 0.1, { actor: reader, detail: 'level 1' });
    tell('crit.closed', spread(random, 9, 0.7), { actor: reader, detail: 'read back', cause: found.id });
  }
  return { priority, events };
}
