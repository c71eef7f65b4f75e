import { shownTime } from '../../case/index.ts';

/** Where the heavy line "now" stands, in percent of the axis. Left of it is late. */
const nowAt = 14;
/** Percent for one hour to come; later hours stand nearer together (square root), so that the next hour has a quarter of the axis. */
const hourWidth = 24.8;
/** Percent for one minute late. */
const lateMinute = 0.229;

/** Position on the shared axis of time: the same for every row, so that a list by urgency draws a curve. */
export function horizonAt(dueAt: number, now: number): number {
  const minutes = (dueAt - now) / 60_000;
  if (minutes < 0) return Math.max(0.5, nowAt + minutes * lateMinute);
  return Math.min(99, nowAt + hourWidth * Math.sqrt(minutes / 60));
}

/** Hours ahead that have a line and a clock time in the heading. */
export const horizonHours = [1, 2, 4, 8] as const;

/** Run from now to the due tick; hatched where it is late already. Decorative: the figure stands beside it in words. */
export function Horizon(props: {
  readonly dueAt: number;
  readonly now: number;
  readonly tone: 'safe' | 'risk' | 'late' | 'mute' | 'paused';
}) {
  const due = horizonAt(props.dueAt, props.now);
  const late = props.dueAt < props.now;
  return (
    <span className={`horizon ${props.tone}`} aria-hidden="true">
      {late ? (
        <b className="over" style={{ left: `${due}%`, width: `${nowAt - due}%` }} />
      ) : (
        <b className="run" style={{ left: `${nowAt}%`, width: `${due - nowAt}%` }} />
      )}
      <b className="due" style={{ left: `${due}%` }} />
    </span>
  );
}

const places: Readonly<Record<(typeof horizonHours)[number], string>> = {
  1: 'first',
  2: 'second',
  4: 'third',
  8: 'last',
};

export function HorizonHeading({ now }: { readonly now: number }) {
  return (
    <span className="horizon-heading" aria-hidden="true">
      <span className="now" style={{ left: `${nowAt}%` }}>
        now
      </span>
      {horizonHours.map((hours) => (
        <span key={hours} className={places[hours]} style={{ left: `${horizonAt(now + hours * 3_600_000, now)}%` }}>
          {shownTime(now + hours * 3_600_000, null)}
        </span>
      ))}
    </span>
  );
}
