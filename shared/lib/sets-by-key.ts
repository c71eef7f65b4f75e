const nothing: ReadonlySet<string> = new Set();

/** Many ids under one key; a key without ids takes no room. */
export class SetsByKey {
  readonly #sets = new Map<string, Set<string>>();

  of(key: string): ReadonlySet<string> {
    return this.#sets.get(key) ?? nothing;
  }

  add(key: string, id: string): void {
    const known = this.#sets.get(key);
    if (known === undefined) this.#sets.set(key, new Set([id]));
    else known.add(id);
  }

  remove(key: string, id: string): void {
    const known = this.#sets.get(key);
    if (known?.delete(id) === true && known.size === 0) this.#sets.delete(key);
  }
}
