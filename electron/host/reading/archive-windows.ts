/** A span of study dates, in whole days before today: `from` is the younger end. -1 is tomorrow, for zones ahead of ours. */
export type ArchiveWindow = { readonly from: number; readonly to: number };

/** How one window answered: how many studies, after how many milliseconds; null studies where it failed or was too large. */
export type WindowAnswer = { readonly studies: number | null; readonly milliseconds: number };

/**
 * Which dates of the archive are asked when. A small archive is asked whole at each cycle; one with many studies is cut into spans of
 * dates: today at each cycle, the older ones in turn, each after a rest of many times what the last one took. So looking costs the archive
 * and this thread the same share of time however many studies lie there (spec/performance.md, section 4: never the whole list).
 */
export type ArchiveWindows = {
  /** Those that are due now, the youngest first. */
  due(now: number): readonly ArchiveWindow[];
  answered(window: ArchiveWindow, answer: WindowAnswer, now: number): void;
};

/**
 * A rest is this many times as long as the answer before it took. An archive that is asked as one gives at most a twentieth of its time;
 * the older days of a large one a hundredth: what an order names there is asked for by itself. Days that were cut off and never asked by
 * themselves have no print yet, and are read whole once: that is over soon after a start, not after half an hour.
 */
const restFactor = { whole: 20, unprinted: 8, older: 100 };
/** Studies in one answer above which a window is cut: more are read in one go of the host's thread than it may be busy for. */
const mostStudies = 1_500;
/** Milliseconds of one answer above which today is asked apart: a rest after it would keep what is new waiting. */
const longestWithToday = 250;
/** Windows that failures may make: an archive that answers nothing is not asked a thousand times when it is back. */
const mostByFailure = 64;
/** However long one answer took: the next ones are of smaller pieces. */
const longestRest = 120_000;
/** Pieces that one answer is cut into at the most. */
const mostPieces = 32;

/** `alone`: it was asked as it is, not as a part of a longer one. */
type Held = ArchiveWindow & { readonly askedAt: number | null; readonly alone: boolean };

/** `windowDays` is how far back the list looks. */
export function createArchiveWindows(windowDays: number): ArchiveWindows {
  let windows: readonly Held[] = [{ from: -1, to: windowDays, askedAt: null, alone: true }];
  let restsUntil = 0;
  return {
    due: (now) => {
      const rested = now < restsUntil ? [] : windows.slice(1).filter((window) => window.askedAt !== null);
      // What was never asked as it is comes first: until then it has no print, and is read whole.
      const isBefore = (one: Held, other: Held): boolean =>
        one.alone === other.alone ? (one.askedAt ?? 0) < (other.askedAt ?? 0) : other.alone;
      const longest = rested.reduce<Held | null>(
        (found, window) => (found === null || isBefore(window, found) ? window : found),
        null,
      );
      return windows.filter(
        (window, place) =>
          window.askedAt === null ||
          window === longest ||
          // Nothing makes today wait; an archive that is asked as one rests like the others.
          (place === 0 && (windows.length > 1 || now >= restsUntil)),
      );
    },
    answered: (window, answer, now) => {
      const place = windows.findIndex((held) => held.from === window.from && held.to === window.to);
      const held = windows[place];
      if (held === undefined) return;
      const { whole, unprinted, older } = restFactor;
      const factor = windows.length === 1 ? whole : held.alone ? older : unprinted;
      if (place > 0 || windows.length === 1) restsUntil = now + Math.min(longestRest, factor * answer.milliseconds);
      const pieces = cut(held, piecesFor(held, answer, windows.length));
      // What failed whole was not seen: its pieces are asked at once.
      const askedAt = answer.studies === null && pieces.length > 1 ? null : now;
      windows = windows.toSpliced(
        place,
        1,
        ...pieces.map(({ from, to }) => ({ from, to, askedAt, alone: pieces.length === 1 })),
      );
    },
  };
}

/**
 * Into how many pieces a window falls; 1 leaves it whole. The time of an answer cuts nothing but today off: a slow line is as slow for a
 * day as for a year.
 */
function piecesFor(held: ArchiveWindow, { studies, milliseconds }: WindowAnswer, windows: number): number {
  if (studies === null) return windows < mostByFailure ? 4 : 1;
  if (studies > mostStudies) return Math.min(mostPieces, Math.ceil(studies / mostStudies));
  return held.from < 1 && milliseconds > longestWithToday ? 2 : 1;
}

/** Today's days first, the rest in spans that grow with their age: archives hold more of what is new. One day is never cut. */
function cut({ from, to }: ArchiveWindow, pieces: number): readonly ArchiveWindow[] {
  if (pieces === 1) return [{ from, to }];
  if (from < 1)
    return to <= 1
      ? [{ from, to }]
      : [
          { from, to: 1 },
          { from: 2, to },
        ];
  const ends = new Set<number>([to]);
  for (let piece = 1; piece < pieces; piece += 1) ends.add(Math.floor(from * ((to + 1) / from) ** (piece / pieces)));
  const found: ArchiveWindow[] = [];
  let start = from;
  for (const end of [...ends].filter((one) => one >= from && one <= to).sort((one, other) => one - other)) {
    found.push({ from: start, to: end });
    start = end + 1;
  }
  return found;
}
