/** Fewest words to put in, take out or replace to make what was heard what was said (the numerator of the word error rate). */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, index) => index + 1);
  let first = 0;
  for (const [place, word] of said.entries()) {
    let diagonal = first;
    first = place + 1;
    let left = first;
    row = row.map((above, index) => {
      const cost = Math.min(above + 1, left + 1, diagonal + (heard[index] === word ? 0 : 1));
      diagonal = above;
      left = cost;
      return cost;
    });
  }
  return row.at(-1) ?? said.length;
}
