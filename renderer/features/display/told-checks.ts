import { useCallback, useEffect, useRef, useState } from 'react';
import { mostToldChecks } from '../../../shared/api/index.ts';
import type { DisplayCheck } from '../../../shared/domain/display/index.ts';
import type { HostClient } from '../../host/index.ts';
import { mergeChecks, readChecks } from './kept-checks.ts';

/** Of checks, by screen, time and reader, those that the host has taken; and what this browser calls itself. Nothing about patients. */
const name = 'overread.display-checks-told';
const browserName = 'overread.display-browser';
const most = 400;
const askEvery = 60_000;

const keyOf = (check: DisplayCheck): string => `${check.screen}|${check.at}|${check.by}`;

export function toldKeys(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function noteTold(checks: readonly DisplayCheck[]): void {
  try {
    localStorage.setItem(name, JSON.stringify([...new Set([...toldKeys(), ...checks.map(keyOf)])].slice(-most)));
  } catch {
    // Then it is told again; the host keeps it once.
  }
}

let forThisWindow: string | null = null;
function browserId(): string {
  const made = crypto.randomUUID().replaceAll('-', '');
  try {
    const known = localStorage.getItem(browserName);
    if (known !== null && /^[0-9a-f]{32}$/.test(known)) return known;
    localStorage.setItem(browserName, made);
    return made;
  } catch {
    forThisWindow ??= made;
    return forThisWindow;
  }
}

/** Checks that she made here and the host has not taken, oldest first. */
export function untold(checks: readonly DisplayCheck[], reader: string): readonly DisplayCheck[] {
  const told = new Set(toldKeys());
  const seen = new Set<string>();
  return [...checks, ...readChecks()].filter((one) => {
    const key = keyOf(one);
    if (one.by !== reader || told.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Tells the host of her checks, again until it has taken them, and learns what it keeps of the screens of this computer: a cleared profile
 * gets them back. `waiting`: how many it has not taken.
 */
export function useToldChecks(
  host: Pick<HostClient, 'call'> | null,
  reader: string,
  checks: readonly DisplayCheck[],
  onLearned: (checks: readonly DisplayCheck[]) => void,
): { readonly waiting: number; readonly tell: (made?: DisplayCheck) => Promise<void> } {
  const [waiting, setWaiting] = useState(0);
  const latest = useRef(checks);
  latest.current = checks;
  const isThere = useRef(true);
  const tell = useCallback(
    async (made?: DisplayCheck): Promise<void> => {
      if (host === null) return;
      const known = (): readonly DisplayCheck[] => [...latest.current, ...(made === undefined ? [] : [made])];
      const those = untold(known(), reader);
      setWaiting(those.length);
      const told = those.slice(0, mostToldChecks);
      const answered = await host.call('keepDisplayChecks', { input: { browser: browserId(), checks: told } });
      if (!isThere.current || !answered.ok) return;
      noteTold(told);
      onLearned(mergeChecks(answered.value.checks));
      setWaiting(untold(known(), reader).length);
    },
    [host, reader, onLearned],
  );
  useEffect(() => {
    isThere.current = true;
    // Even with nothing to tell it is asked: what a cleared profile has lost comes back.
    void tell();
    const timer = setInterval(() => {
      if (untold(latest.current, reader).length > 0) void tell();
    }, askEvery);
    return () => {
      isThere.current = false;
      clearInterval(timer);
    };
  }, [tell, reader]);
  return { waiting, tell };
}
