/** Counts of each run of one, two and three words. */
function countRuns(sentences: readonly string[], order: number): readonly ReadonlyMap<string, number>[] {
  const counts = Array.from({ length: order + 1 }, () => new Map<string, number>());
  for (const sentence of sentences) {
    const words = ['<s>', ...sentence.split(' '), '</s>'];
    for (let length = 1; length <= order; length += 1) {
      const table = counts[length];
      for (let at = 0; table !== undefined && at + length <= words.length; at += 1) {
        const run = words.slice(at, at + length).join(' ');
        table.set(run, (table.get(run) ?? 0) + 1);
      }
    }
  }
  return counts;
}

const headOf = (run: string): string => run.slice(0, run.lastIndexOf(' '));
const tailOf = (run: string): string => run.slice(run.indexOf(' ') + 1);

/**
 * A back-off trigram model in ARPA form with Witten-Bell smoothing: what was seen keeps its share, and a context gives as much to the
 * unseen as it has different followers. The same sentences make the same bytes.
 */
export function languageModel(sentences: readonly string[]): string {
  const order = 3;
  const counts = countRuns(sentences, order);
  const probability = new Map<string, number>();
  const backOff = new Map<string, number>();
  const single = counts[1] ?? new Map<string, number>();
  let all = 0;
  for (const [word, count] of single) if (word !== '<s>') all += count;
  // Nothing is followed by a beginning, so it has no share.
  const kinds = single.size - 1;
  for (const [word, count] of single)
    probability.set(word, word === '<s>' ? 1e-99 : count / (all + kinds) + kinds / (all + kinds) / kinds);
  const likely = (run: string): number => {
    const known = probability.get(run);
    if (known !== undefined) return known;
    return run.includes(' ') ? (backOff.get(headOf(run)) ?? 1) * likely(tailOf(run)) : 1e-9;
  };
  for (let length = 2; length <= order; length += 1) {
    const followers = new Map<string, { total: number; readonly runs: [run: string, count: number][] }>();
    for (const [run, count] of counts[length] ?? []) {
      const head = headOf(run);
      const found = followers.get(head) ?? { total: 0, runs: [] };
      found.total += count;
      found.runs.push([run, count]);
      followers.set(head, found);
    }
    for (const [head, { total, runs }] of followers) {
      const seen = total + runs.length;
      for (const [run, count] of runs) probability.set(run, count / seen);
      const lower = 1 - runs.reduce((sum, [run]) => sum + likely(tailOf(run)), 0);
      backOff.set(head, runs.length / seen / Math.max(lower, 1e-6));
    }
  }
  const lines = ['\\data\\'];
  for (let length = 1; length <= order; length += 1) lines.push(`ngram ${length}=${counts[length]?.size ?? 0}`);
  for (let length = 1; length <= order; length += 1) {
    lines.push('', `\\${length}-grams:`);
    for (const run of [...(counts[length]?.keys() ?? [])].sort()) {
      const own = probability.get(run) ?? 0;
      const back = length < order ? backOff.get(run) : undefined;
      lines.push(
        `${own > 1e-98 ? Math.log10(own).toFixed(3) : '-99'}\t${run}${back === undefined ? '' : `\t${Math.log10(back).toFixed(3)}`}`,
      );
    }
  }
  lines.push('', '\\end\\', '');
  return lines.join('\n');
}
