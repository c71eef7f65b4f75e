/** What is asked of the worker, and what it answers: words that are not known, or those that may be meant. */
export type SpellingAsk =
  | { readonly kind: 'check'; readonly id: number; readonly words: readonly string[] }
  | { readonly kind: 'suggest'; readonly id: number; readonly word: string; readonly own: readonly string[] };
export type SpellingAnswer = { readonly id: number; readonly words: readonly string[] };

/** The dictionaries, in a thread of their own: no key waits for them. Knows nothing of readers and cases. */
export type SpellingEngine = {
  /** Those of the words that are in no dictionary; null where the dictionaries could not be read. */
  unknown(words: readonly string[]): Promise<ReadonlySet<string> | null>;
  /** Words that may be meant, the likeliest first. `own`: words that count beside the dictionaries. */
  suggest(word: string, own: readonly string[]): Promise<readonly string[]>;
};

type Port = Pick<Worker, 'postMessage' | 'addEventListener'>;

/** Verdicts that are remembered at most; a report has some thousand words. */
const mostRemembered = 20_000;

export function createSpellingEngine(start: () => Port): SpellingEngine {
  const waiting = new Map<number, (words: readonly string[] | null) => void>();
  const verdicts = new Map<string, boolean>();
  let port: Port | null = null;
  let failed = false;
  let last = 0;

  const fail = (): void => {
    failed = true;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  };
  const opened = (): Port => {
    if (port !== null) return port;
    port = start();
    port.addEventListener('message', (event) => {
      const { id, words } = (event as MessageEvent<SpellingAnswer>).data;
      waiting.get(id)?.(words);
      waiting.delete(id);
    });
    port.addEventListener('error', fail);
    return port;
  };
  const ask = (make: (id: number) => SpellingAsk): Promise<readonly string[] | null> => {
    if (failed) return Promise.resolve(null);
    last += 1;
    const id = last;
    return new Promise((answer) => {
      waiting.set(id, answer);
      opened().postMessage(make(id));
    });
  };
  return {
    unknown: async (words) => {
      const open = [...new Set(words)].filter((word) => !verdicts.has(word));
      if (open.length > 0) {
        const wrong = await ask((id) => ({ kind: 'check', id, words: open }));
        if (wrong === null) return null;
        if (verdicts.size + open.length > mostRemembered) verdicts.clear();
        const set = new Set(wrong);
        for (const word of open) verdicts.set(word, !set.has(word));
        // Whatever was forgotten meanwhile is asked again the next time.
        return new Set(words.filter((word) => set.has(word) || verdicts.get(word) === false));
      }
      return new Set(words.filter((word) => verdicts.get(word) === false));
    },
    suggest: async (word, own) => (await ask((id) => ({ kind: 'suggest', id, word, own }))) ?? [],
  };
}

let ofThisPage: SpellingEngine | null = null;

/** The one of this page: it takes a quarter of a second to read its words, and nothing of a case is in it. */
export function spellingEngine(): SpellingEngine {
  ofThisPage ??= createSpellingEngine(
    () => new Worker(new URL('./spelling-worker.ts', import.meta.url), { type: 'module', name: 'spelling' }),
  );
  return ofThisPage;
}
