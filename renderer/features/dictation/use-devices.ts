import { type RefObject, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { CaseStore } from '../../case/index.ts';
import type { DevicePress } from './device-buttons.ts';
import type { DevicesState, DictationDevices } from './dictation-devices.ts';
import type { Dictation } from './use-dictation.ts';
import { heldFor } from './use-held-key.ts';

export type Devices = { readonly state: DevicesState; connect(): void };

/** Dictation devices for the case on screen. `strip`: while it is inert (a lock, another dialog) buttons ask for nothing but the end. */
export function useDevices(options: {
  readonly devices: DictationDevices;
  readonly caseStore: CaseStore;
  readonly epoch: number;
  readonly dictation: Dictation;
  readonly strip: RefObject<HTMLElement | null>;
}): Devices {
  const latest = useRef(options);
  latest.current = options;
  /** When record was pressed, by the page's clock; null while it is up. */
  const recordSince = useRef<number | null>(null);
  /** It is listened only because the command button is held. */
  const byCommand = useRef(false);
  const press = useRef((_press: DevicePress): void => undefined);
  press.current = (asked) => {
    const { caseStore, epoch, dictation, strip } = latest.current;
    if (!caseStore.isCurrent(epoch)) return;
    if (asked.type === 'record-up') {
      dictation.hold('record', false);
      const since = recordSince.current;
      recordSince.current = null;
      if (since !== null && performance.now() - since >= heldFor) dictation.stop();
      return;
    }
    if (asked.type === 'command-up') {
      dictation.hold('command', false);
      if (byCommand.current) dictation.stop();
      byCommand.current = false;
      return;
    }
    if (asked.type === 'stop') return dictation.stop();
    if (strip.current === null || strip.current.closest('[inert]') !== null) return;
    caseStore.publish({ type: 'activity', epoch });
    switch (asked.type) {
      case 'record-down':
        recordSince.current = performance.now();
        dictation.hold('record', true);
        return dictation.toggle();
      case 'command-down':
        dictation.hold('command', true);
        byCommand.current = dictation.state.phase === 'off';
        if (byCommand.current) dictation.begin();
        return;
      case 'begin':
        return dictation.begin();
      case 'next-field':
        return void caseStore.send({ type: 'next-field' });
      case 'previous-field':
        return void caseStore.send({ type: 'previous-field' });
      // Opens the confirmation and no more: signing needs a hand at the keys.
      case 'sign':
        return void caseStore.send({ type: 'sign-final' });
      default:
        return assertNever(asked);
    }
  };
  const lost = useRef((_name: string): void => undefined);
  lost.current = (name) => {
    const { dictation } = latest.current;
    // Nothing is held any more, whatever was.
    recordSince.current = null;
    byCommand.current = false;
    dictation.hold('record', false);
    dictation.hold('command', false);
    dictation.stop(
      `${name} was unplugged: dictation has stopped, and what you said is in the report. Plug it in, then go on.`,
    );
  };
  const { devices } = options;
  useEffect(() => {
    void devices.open();
    return devices.listen({ press: (asked) => press.current(asked), lost: (name) => lost.current(name) });
  }, [devices]);
  const isListening = options.dictation.state.phase === 'listening';
  useEffect(() => {
    if (!isListening) return;
    devices.light(true);
    return () => devices.light(false);
  }, [devices, isListening]);
  return { state: useStore(devices.state), connect: () => void devices.connect() };
}
