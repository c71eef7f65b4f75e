import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput, SpeechModelState } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';

export type SpeechModelDesk = {
  /** Null until the host answered. */
  readonly state: SpeechModelState | null;
  /** Why the last thing that was asked for was not done, with the next step. */
  readonly refused: string | null;
  change(input: CallInput<'changeSpeechModel'>): void;
};

/** How often a download under way is looked at. */
const lookEvery = 700;

/** The speech model of this computer, as the host has it; followed while it is downloaded. */
export function useSpeechModel(host: Pick<HostClient, 'call'>): SpeechModelDesk {
  const [state, setState] = useState<SpeechModelState | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const isOpen = useRef(true);
  const look = useCallback(async () => {
    const answer = await host.call('speechModel');
    if (!isOpen.current) return;
    if (answer.ok) setState(answer.value);
    else setRefused(answer.error.message);
  }, [host]);
  useEffect(() => {
    isOpen.current = true;
    void look();
    return () => {
      isOpen.current = false;
    };
  }, [look]);
  const isRunning = state?.download?.phase === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const again = setInterval(() => void look(), lookEvery);
    return () => clearInterval(again);
  }, [isRunning, look]);
  const change = (input: CallInput<'changeSpeechModel'>): void => {
    setRefused(null);
    void host.call('changeSpeechModel', { input }).then((answer) => {
      if (!isOpen.current) return;
      if (answer.ok) setState(answer.value);
      else setRefused(answer.error.message);
    });
  };
  return { state, refused, change };
}
