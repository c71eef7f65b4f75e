/** The words of names and titles, in small letters: "OKOYE^ADA" and "Cedar Hollow Imaging" as they may stand in a text. */
export function namesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => text.toLowerCase().match(/[\p{L}\p{M}]{2,}/gu) ?? []));
}
