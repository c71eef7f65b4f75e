import { useCallback, useEffect, useRef, useState } from 'react';

/** Milliseconds between two questions, for when the news that something changed was missed. */
const askEvery = 10_000;

type Answer<Line> =
  | { readonly ok: true; readonly value: { readonly lines: readonly Line[] } }
  | { readonly ok: false; readonly error: { readonly message: string; readonly from: 'host' | 'page' } };

export type AskedLines<Line> = {
  readonly lines: readonly Line[];
  /** Why the last question has no answer; the lines are then of before. Null while they are of now. */
  readonly trouble: string | null;
  readonly ask: () => void;
  /** Lines that came as the answer to something else; a question on its way is older than they are. */
  readonly take: (lines: readonly Line[]) => void;
};

/**
 * Lines that somebody else changes: asked at once, at each `stamp` and again and again. Answers that come in another order than they
 * were asked in are dropped. Null asks nothing. Give a stable `question`.
 */
export function useAskedLines<Line>(question: (() => Promise<Answer<Line>>) | null, stamp: number): AskedLines<Line> {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [trouble, setTrouble] = useState<Extract<Answer<Line>, { readonly ok: false }>['error'] | null>(null);
  const asked = useRef(0);
  const ask = useCallback(async (): Promise<void> => {
    if (question === null) return;
    asked.current += 1;
    const own = asked.current;
    const answered = await question();
    if (own !== asked.current) return;
    setTrouble(answered.ok ? null : answered.error);
    if (answered.ok) setLines(answered.value.lines);
  }, [question]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that something changed.
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => clearInterval(timer);
  }, [ask, stamp]);
  const take = useCallback((next: readonly Line[]): void => {
    asked.current += 1;
    setLines(next);
    setTrouble(null);
  }, []);
  return {
    lines,
    // With nothing of before to be doubted, a host that does not answer at all is told of once, at the top of the page.
    trouble: trouble === null || (lines.length === 0 && trouble.from === 'page') ? null : trouble.message,
    ask: useCallback(() => void ask(), [ask]),
    take,
  };
}
