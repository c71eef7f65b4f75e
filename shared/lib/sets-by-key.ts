const nothing: ReadonlySet<string> = new Set();

/**
 * Many ids under one key; a key without ids takes no room. Nearly all keys have one id (an accession, an order), and a set for each of a
 * hundred thousand of them is memory that is walked at each collection: one id is kept as itself.
 */
export class SetsByKey {
  readonly #held = new Map<string, string | Set<string>>();

  /** The ids at this moment, or a live view of them where there are several: take it in before it is changed. */
  of(key: string): ReadonlySet<string> {
    const held = this.#held.get(key);
    return held === undefined ? nothing : typeof held === 'string' ? new Set([held]) : held;
  }

  add(key: string, id: string): void {
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, id);
    else if (typeof held !== 'string') held.add(id);
    else if (held !== id) this.#held.set(key, new Set([held, id]));
  }

  remove(key: string, id: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    if (typeof held === 'string') {
      if (held === id) this.#held.delete(key);
    } else if (held.delete(id) && held.size === 0) this.#held.delete(key);
  }
}
