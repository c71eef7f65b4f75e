import { type Instant, instant, type Millis, millis } from '../../../shared/lib/instant.ts';

/** One answer: the true skew lies between `low` and `high`, because the server wrote its `Date` between sending and coming back. */
type Sample = { readonly at: Instant; readonly delay: number; readonly low: number; readonly high: number };

const oneHour = 3_600_000;
/** `Date` (RFC 9110, 6.6.1) is cut to whole seconds: the server's clock stood at most this much later. */
const cut = 1000;
const most = 240;

export type SkewMeter = {
  /** One answer: sent and come back on the host's clock, and what the server wrote in `Date`. */
  note(sent: Instant, cameBack: Instant, date: string | null): void;
  /**
   * Host's clock minus the server's from the last hour. Where all samples agree, the middle of what they leave open (a few answers
   * at different fractions of a second bring that to milliseconds); where a clock was set or drifts, the least-delay sample alone.
   */
  skew(now: Instant): Millis | null;
};

/** Measures how far another machine's clock is from ours, from the `Date` of its ordinary answers. */
export function createSkewMeter(): SkewMeter {
  let samples: Sample[] = [];
  /** The last answer, which stands until a sample comes or grows too old: it is asked for with every event and every request. */
  let known: {
    readonly of: readonly Sample[];
    readonly from: Instant;
    readonly until: number;
    readonly skew: Millis;
  } | null = null;
  const recent = (now: Instant): Sample[] => samples.filter((one) => now - one.at <= oneHour);
  return {
    note: (sent, cameBack, date) => {
      const server = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(server) || cameBack < sent) return;
      const sample = { at: cameBack, delay: cameBack - sent, low: sent - (server + cut), high: cameBack - server };
      // They stand in the order in which they came: where the oldest is recent all are.
      const oldest = samples[0];
      const kept = oldest === undefined || cameBack - oldest.at <= oneHour ? samples : recent(cameBack);
      samples = [...kept.slice(1 - most), sample];
    },
    skew: (now) => {
      if (known !== null && known.of === samples && now >= known.from && now <= known.until) return known.skew;
      const inTime = recent(now);
      const first = inTime[0];
      if (first === undefined) return null;
      const low = inTime.reduce((bound, one) => Math.max(bound, one.low), first.low);
      const high = inTime.reduce((bound, one) => Math.min(bound, one.high), first.high);
      // Of equal delays the latest is taken, because clocks drift.
      const best = inTime.reduce((chosen, one) => (one.delay <= chosen.delay ? one : chosen), first);
      const skew = low <= high ? millis((low + high) / 2) : millis((best.low + best.high) / 2);
      const until = inTime.reduce((bound, one) => Math.min(bound, one.at + oneHour), Number.POSITIVE_INFINITY);
      known = { of: samples, from: now, until, skew };
      return skew;
    },
  };
}

/**
 * The record's time now. It never goes back by what a better measured skew takes off, so that nothing is told as earlier than
 * what came before it; a clock that was set back further is believed.
 */
export function createRecordClock(meter: Pick<SkewMeter, 'skew'>): (now: Instant) => Instant {
  let last: Instant | null = null;
  return (now) => {
    const told = instant(Math.round(now - (meter.skew(now) ?? 0)));
    if (last === null || told >= last || last - told > cut) last = told;
    return last;
  };
}
