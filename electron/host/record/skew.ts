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
  const recent = (now: Instant): Sample[] => samples.filter((one) => now - one.at <= oneHour);
  return {
    note: (sent, cameBack, date) => {
      const server = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(server) || cameBack < sent) return;
      const sample = { at: cameBack, delay: cameBack - sent, low: sent - (server + cut), high: cameBack - server };
      samples = [...recent(cameBack).slice(1 - most), sample];
    },
    skew: (now) => {
      const inTime = recent(now);
      const first = inTime[0];
      if (first === undefined) return null;
      const low = inTime.reduce((bound, one) => Math.max(bound, one.low), first.low);
      const high = inTime.reduce((bound, one) => Math.min(bound, one.high), first.high);
      if (low <= high) return millis((low + high) / 2);
      // Of equal delays the latest is taken, because clocks drift.
      const best = inTime.reduce((chosen, one) => (one.delay <= chosen.delay ? one : chosen), first);
      return millis((best.low + best.high) / 2);
    },
  };
}

export function serverNow(now: Instant, skew: Millis | null): Instant {
  return instant(Math.round(now - (skew ?? 0)));
}
