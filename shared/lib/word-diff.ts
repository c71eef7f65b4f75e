/** A run of words that stayed, went or came. */
export type DiffPart = { readonly kind: 'same' | 'gone' | 'new'; readonly text: string };

/** Above this many pairs of words a text is compared by lines, so that a pasted book does not hold up the screen. */
const mostPairs = 4_000_000;

function tokens(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}]+(?:[.,'’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** Lines with their ends, for texts too long to compare by words. */
function lines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What changed from one text to another: the longest common run of words stays. The parts without `gone` are the new text. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const words = [tokens(before), tokens(after)] as const;
  if (words[0].length * words[1].length <= mostPairs) return merge(compare(words[0], words[1]));
  const rough = [lines(before), lines(after)] as const;
  if (rough[0].length * rough[1].length <= mostPairs) return merge(compare(rough[0], rough[1]));
  return before === after
    ? [{ kind: 'same', text: after }]
    : [
        { kind: 'gone', text: before },
        { kind: 'new', text: after },
      ];
}

function compare(left: readonly string[], right: readonly string[]): readonly DiffPart[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let tail = 0;
  while (
    tail < left.length - start &&
    tail < right.length - start &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  ) {
    tail += 1;
  }
  const from = left.slice(start, left.length - tail);
  const to = right.slice(start, right.length - tail);
  const width = to.length + 1;
  const common = new Uint32Array((from.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = from.length - 1; row >= 0; row -= 1) {
    for (let column = to.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        from[row] === to[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const middle: DiffPart[] = [];
  let row = 0;
  let column = 0;
  while (row < from.length || column < to.length) {
    const one = from[row];
    const other = to[column];
    if (one !== undefined && one === other) {
      middle.push({ kind: 'same', text: one });
      row += 1;
      column += 1;
    } else if (one !== undefined && (other === undefined || at(row + 1, column) >= at(row, column + 1))) {
      middle.push({ kind: 'gone', text: one });
      row += 1;
    } else if (other !== undefined) {
      middle.push({ kind: 'new', text: other });
      column += 1;
    }
  }
  const same = (text: string): DiffPart => ({ kind: 'same', text });
  return [...left.slice(0, start).map(same), ...middle, ...left.slice(left.length - tail).map(same)];
}

/** Neighbours of one kind become one run; a single space between two changes belongs to both, so that phrases stay together. */
function merge(parts: readonly DiffPart[]): readonly DiffPart[] {
  const out: DiffPart[] = [];
  let gone = '';
  let fresh = '';
  const flush = (): void => {
    if (gone !== '') out.push({ kind: 'gone', text: gone });
    if (fresh !== '') out.push({ kind: 'new', text: fresh });
    gone = '';
    fresh = '';
  };
  parts.forEach((part, index) => {
    if (part.kind === 'gone') gone += part.text;
    else if (part.kind === 'new') fresh += part.text;
    else {
      const next = parts[index + 1];
      const between =
        gone !== '' && fresh !== '' && /^ +$/.test(part.text) && next !== undefined && next.kind !== 'same';
      if (between) {
        gone += part.text;
        fresh += part.text;
        return;
      }
      flush();
      const last = out.at(-1);
      if (last?.kind === 'same') out[out.length - 1] = { kind: 'same', text: last.text + part.text };
      else out.push(part);
    }
  });
  flush();
  return out;
}
