/**
 * A UID under 2.25 (PS3.5 B.2) that is always the same for the same words: it names a computed picture. No archive holds an instance
 * of that name, so nothing that refers to acquired images can take it for one of them.
 */
export function computedUid(words: string, index: number): string {
  return `2.25.${(lanes(words) + BigInt(index)).toString(10)}`;
}

/** Some 125 bits out of four lanes of FNV-1a, each begun elsewhere and mixed with the one before. */
function lanes(words: string): bigint {
  const state = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < words.length; at += 1) {
    for (let lane = 0; lane < 4; lane += 1) {
      const before = state[lane] ?? 0;
      const neighbour = state[(lane + 3) % 4] ?? 0;
      state[lane] = Math.imul(before ^ words.charCodeAt(at) ^ (neighbour >>> 13), 0x01000193 + lane * 2) >>> 0;
    }
  }
  return state.reduce((sum, one, at) => (sum << 32n) | BigInt(at === 0 ? one & 0x0fffffff : one), 0n);
}
