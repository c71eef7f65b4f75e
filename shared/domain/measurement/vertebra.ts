/** Vertebrae from head to foot as most people have them; who has another number edits the label. */
const vertebrae: readonly string[] = [
  ...['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'],
  ...['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12'],
  ...['L1', 'L2', 'L3', 'L4', 'L5', 'S1'],
];

/**
 * The name after the last one that was set, in the direction in which the last two went; empty where nothing was set yet or the last
 * name is none of the usual ones: a first level is never guessed.
 */
export function nextVertebra(labels: readonly string[]): string {
  const [before, last] = labels.slice(-2).length === 2 ? labels.slice(-2) : [undefined, labels.at(-1)];
  const at = last === undefined ? -1 : vertebrae.indexOf(last.trim().toUpperCase());
  if (at === -1) return '';
  const from = before === undefined ? -1 : vertebrae.indexOf(before.trim().toUpperCase());
  const step = from > at ? -1 : 1;
  return vertebrae[at + step] ?? '';
}
