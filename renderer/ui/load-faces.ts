/** Weights in which figures, numbers and names of keys stand (tokens.css). */
const weights = [400, 500, 600] as const;

/** Brings the faces of figures before a screen needs them: words that change their face once it has come are drawn twice, and jump. */
export function loadFaces(faces: Pick<FontFaceSet, 'load'>): void {
  for (const weight of weights) faces.load(`${weight} 1em "IBM Plex Mono"`).catch(() => undefined);
}
