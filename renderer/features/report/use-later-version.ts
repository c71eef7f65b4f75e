import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Draft } from '../../../shared/domain/report/index.ts';
import type { DeskPhase } from './draft-desk.ts';
import type { DraftSaver } from './draft-saver.ts';
import { hasWords } from './draft-words.ts';

export type LaterKind = 'addendum' | 'correction';

export type LaterVersion = {
  /** Whether the editor is to open for it in this window, words or not. */
  readonly opens: boolean;
  /** A press of "Add addendum" or "Correct report": answered at once with what blocks it, or kept until this window writes. */
  readonly start: (kind: LaterKind) => void;
  /** Closes the editor and keeps its words. */
  readonly close: () => void;
  /** A version was signed: what was asked for before it is done. */
  readonly done: () => void;
};

const begun = { addendum: 'an addendum', correction: 'a correction' } as const;

/**
 * An addendum or a correction that was asked for. A version that was just signed closes the desk of the one before and opens its own; a
 * press that falls between the two is asked of
 * whichever desk comes to write here, once each.
 */
export function useLaterVersion(options: {
  readonly phase: DeskPhase;
  readonly draft: Draft | null;
  readonly finalExists: boolean;
  readonly blockOf: (kind: LaterKind) => string | null;
  readonly tell: (note: string | null) => void;
  readonly focus: () => void;
}): LaterVersion {
  const { phase, draft, finalExists, blockOf, tell, focus } = options;
  const [asked, setAsked] = useState<LaterKind | null>(null);
  /** The writer that was asked last: the next one is asked anew. */
  const askedOf = useRef<DraftSaver | null>(null);
  /** No writer has had this press yet. */
  const pending = useRef(false);
  const waitsForFocus = useRef(false);
  const saver = phase.kind === 'writing' ? phase.saver : null;

  const start = useCallback(
    (kind: LaterKind): void => {
      const block = blockOf(kind);
      const elsewhere = `Another window writes this report: take over to write here. The ${kind} opens once you do.`;
      tell(block ?? (phase.kind === 'following' ? elsewhere : null));
      if (block !== null) return;
      pending.current = phase.kind !== 'writing';
      waitsForFocus.current = true;
      askedOf.current = phase.kind === 'writing' ? phase.saver : null;
      setAsked(kind);
      if (phase.kind === 'writing') phase.saver.turnTo(kind);
    },
    [phase, blockOf, tell],
  );
  // Before the screen is drawn: the reader never sees an addendum where she asked for a correction.
  useLayoutEffect(() => {
    if (asked === null || !finalExists || saver === null || askedOf.current === saver) return;
    const first = pending.current;
    askedOf.current = saver;
    pending.current = false;
    const found = saver.state.getState().draft;
    const other = found.kind !== 'report' && found.kind !== asked && found.revision > 0 && hasWords(found);
    if (first) tell(other ? `Here is ${begun[found.kind]} that was begun: sign it, or close it and ask again.` : null);
    // Words of another kind that stand in the draft are not put out of sight by a press that did not know of them.
    if (other) setAsked(null);
    else saver.turnTo(asked);
  }, [asked, finalExists, saver, tell]);

  const opens = asked !== null && saver !== null;
  const stands = opens && draft?.kind === asked;
  useEffect(() => {
    if (!stands || !waitsForFocus.current) return;
    waitsForFocus.current = false;
    focus();
  });

  const done = useCallback((): void => {
    setAsked(null);
    askedOf.current = null;
    pending.current = false;
    waitsForFocus.current = false;
  }, []);
  const close = useCallback((): void => {
    done();
    saver?.turnTo('report');
  }, [done, saver]);
  return { opens, start, close, done };
}
