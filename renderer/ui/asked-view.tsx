import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Message } from './message.tsx';

type Answer<View> =
  | { readonly ok: true; readonly value: View }
  | { readonly ok: false; readonly error: { readonly message: string } };

export type AskedView<View> = {
  /** Null until the host has answered; what was last answered stays while it does not. */
  readonly view: View | null;
  /** Why the last question has no answer; null where it has one. */
  readonly trouble: string | null;
  ask(): Promise<void>;
  /** Takes what came as the answer to a press, unless it was refused: null, or why not, in words. */
  take(answered: Answer<View>): string | null;
};

/**
 * What a dialog asks the host when it opens, and again every so many milliseconds where that is given. An answer that another one has
 * overtaken is dropped. Give a stable `question`.
 */
export function useAskedView<View>(
  question: (signal: AbortSignal) => Promise<Answer<View>>,
  every: number | null = null,
): AskedView<View> {
  const [view, setView] = useState<View | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const ended = useRef<AbortController | null>(null);
  const ask = useCallback(async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    ended.current ??= new AbortController();
    const { signal } = ended.current;
    const answered = await question(signal);
    if (signal.aborted || own !== asked.current) return;
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setView(answered.value);
  }, [question]);
  useEffect(() => {
    void ask();
    const timer = every === null ? undefined : setInterval(() => void ask(), every);
    return () => {
      clearInterval(timer);
      ended.current?.abort();
      ended.current = null;
    };
  }, [ask, every]);
  const take = useCallback((answered: Answer<View>): string | null => {
    if (!answered.ok) return answered.error.message;
    asked.current += 1;
    setView(answered.value);
    setTrouble(null);
    return null;
  }, []);
  return { view, trouble, ask, take };
}

/** That the host did not answer, and the next step: to ask it again, or to wait where it is asked again by itself. */
export function AskedTrouble(props: {
  readonly trouble: string | null;
  readonly ask: () => Promise<void>;
  readonly byItself?: boolean;
}) {
  if (props.trouble === null) return null;
  if (props.byItself === true)
    return (
      <Message tone="ask" title="The host could not be asked.">
        {props.trouble} It is asked again by itself.
      </Message>
    );
  return (
    <Message
      tone="ask"
      title="The host could not be asked."
      action={<Button onClick={() => void props.ask()}>Ask again</Button>}
    >
      {props.trouble}
    </Message>
  );
}
