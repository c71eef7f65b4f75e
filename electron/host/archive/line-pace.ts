/** How fast the line to an archive is, by what came over it as it is. */
export type LinePace = {
  /** So many bytes came in so many milliseconds of waiting for them. */
  came(bytes: number, milliseconds: number): void;
  /** False until something shows that it is. */
  isSlow(): boolean;
};

/** What is smaller comes with the first turn of the line, which says nothing of its pace. */
const telling = 256 * 1024;
/**
 * Bytes a second. An archive that packs a CT slice (Orthanc 1.10: 0.5 MB in 45 ms, to half of it) makes it come later on any faster line:
 * there it is asked not to.
 */
const slowBelow = 5_000_000;

export function linePace(): LinePace {
  let rate: number | null = null;
  return {
    came(bytes, milliseconds) {
      if (bytes < telling) return;
      const now = (bytes * 1_000) / Math.max(1, milliseconds);
      // One stutter is not the line.
      rate = rate === null ? now : (rate + now) / 2;
    },
    isSlow: () => rate !== null && rate < slowBelow,
  };
}
