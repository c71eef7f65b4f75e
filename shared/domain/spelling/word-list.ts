/** A list of words by hand: words apart by space or line, `#` begins a remark. Of each noun the plural is taken with it; a line after `=` stands as it is. */
export function readWordList(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const line of text.split('\n')) {
    const [first, ...rest] = line.replace(/#.*$/, '').trim().split(/\s+/);
    for (const word of first === '=' ? rest : [first ?? '', ...rest]) {
      if (word === '') continue;
      words.add(word);
      const plural = first === '=' ? null : pluralOf(word);
      if (plural !== null) words.add(plural);
    }
  }
  return words;
}

/** Null where the list must name it: an adjective has none, and what ends in "-us" or "-um" has one of its own. */
function pluralOf(word: string): string | null {
  if (word.endsWith('sis')) return `${word.slice(0, -2)}es`;
  if (/(?:s|um|ic|al|ar|oid|ly|ed|ing|ive|ble|ary)$/.test(word)) return null;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:x|sh|ch|z)$/.test(word) ? `${word}es` : `${word}s`;
}
