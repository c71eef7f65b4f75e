import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { interpret } from '../../../shared/domain/dictation/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { createDictationSession, type DictationState } from './dictation-session.ts';
import type { EngineChoice } from './engines.ts';
import { createHeldButtons } from './held-buttons.ts';
import { openMicrophone } from './microphone.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { spokenWindows } from './spoken-to-case.ts';

export type Dictation = {
  readonly state: DictationState;
  readonly told: Outcome['told'];
  /** Words of this case that were not heard well, until the reader has seen them. */
  readonly doubts: readonly string[];
  toggle(): void;
  begin(): void;
  /** A device's button that makes all of an utterance words, or a command. */
  hold(button: 'record' | 'command', down: boolean): void;
  /** Ends, with the words that were said. `trouble`: why, where it was not the reader's wish. */
  stop(trouble?: string): void;
  clearDoubts(): void;
};

/** Dictation of the case on screen: it begins and ends with it, and nothing that is heard later reaches another. */
export function useDictation(options: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: CaseStore;
  readonly epoch: number;
  readonly engine: EngineChoice;
  readonly words: () => readonly string[];
}): Dictation {
  const { host, caseStore, epoch, engine, words } = options;
  const [told, setTold] = useState<Outcome['told']>(null);
  const [doubts, setDoubts] = useState<readonly string[]>([]);
  const [held] = useState(createHeldButtons);
  const [session] = useState(() =>
    createDictationSession({
      host,
      openMicrophone,
      onHeard: (event) => {
        // Decided in the same step in which it is sent: no other case can come between.
        if (!caseStore.isCurrent(epoch)) return;
        caseStore.publish({ type: 'activity', epoch });
        if (event.type === 'began') {
          held.began();
          caseStore.send({ type: 'dictation-began' });
          setTold(null);
          return;
        }
        const names = { windows: spokenWindows, macros: null, templates: null };
        const outcome = outcomeOf(interpret({ ...event, held: held.ofUtterance() }, names));
        setTold(outcome.told);
        if (outcome.send === null) return;
        caseStore.send(outcome.send);
        if (outcome.doubts.length > 0) setDoubts((before) => [...before, ...outcome.doubts]);
      },
    }),
  );
  const state = useStore(session.state);
  useEffect(() => () => session.abandon(), [session]);
  const engineBefore = useRef(engine);
  useEffect(() => {
    if (engineBefore.current === engine) return;
    engineBefore.current = engine;
    session.abandon();
  }, [engine, session]);
  const begin = (): void => {
    setTold(null);
    if (engine !== 'none') void session.start(engine, words());
  };
  return {
    state,
    told,
    doubts,
    toggle: () => {
      if (session.state.getState().phase === 'off') begin();
      else void session.stop();
    },
    begin,
    hold: held.hold,
    stop: (trouble) => void session.stop(trouble),
    clearDoubts: () => setDoubts([]),
  };
}
