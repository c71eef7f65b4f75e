/** Milliseconds after which an answer that nobody took is too old to be one. */
const goodFor = 10_000;

type Early = { readonly answer: Promise<Response>; readonly aborter: AbortController; readonly authorization: string };

/** Answers that were asked for before the program that reads them was loaded, each given once. */
export type EarlyAnswers = {
  ask(address: string, headers: Readonly<Record<string, string>>): void;
  /** As `fetch` does it, by the answer that was asked for early where there is one for this address and this session. */
  readonly fetch: typeof fetch;
};

/** `send` asks; given by tests, else the page's own `fetch`. */
export function createEarlyAnswers(send: typeof fetch = (input, init) => globalThis.fetch(input, init)): EarlyAnswers {
  const asked = new Map<string, Early>();

  function take(address: string, init: RequestInit | undefined): Early | null {
    const early = asked.get(address);
    if (early === undefined || (init?.method ?? 'GET') !== 'GET') return null;
    asked.delete(address);
    if (authorizationOf(init?.headers) === early.authorization && init?.signal?.aborted !== true) return early;
    early.aborter.abort();
    return null;
  }

  return {
    ask: (address, headers) => {
      const aborter = new AbortController();
      const answer = send(address, {
        headers,
        signal: aborter.signal,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      answer.catch(() => undefined);
      const early = { answer, aborter, authorization: authorizationOf(headers) };
      asked.set(address, early);
      setTimeout(() => {
        if (asked.get(address) !== early) return;
        asked.delete(address);
        aborter.abort();
      }, goodFor);
    },
    fetch: (input, init) => {
      const early = typeof input === 'string' ? take(input, init) : null;
      if (early === null) return send(input, init);
      init?.signal?.addEventListener('abort', () => early.aborter.abort(), { once: true });
      return early.answer;
    },
  };
}

function authorizationOf(headers: HeadersInit | undefined): string {
  return new Headers(headers).get('Authorization') ?? '';
}

/** The page's own: what its first script asked for is read by the program that is loaded meanwhile. */
export const earlyAnswers: EarlyAnswers = createEarlyAnswers();
