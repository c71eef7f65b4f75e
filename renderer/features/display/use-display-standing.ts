import { useCallback, useMemo, useState } from 'react';
import {
  type DisplayCheck,
  type DisplayStanding,
  displayStanding,
  screenKey,
} from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { useNow } from '../../ui/index.ts';
import { keepCheck, readChecks } from './kept-checks.ts';
import { readScreen } from './read-screen.ts';

export type DisplayBook = {
  readonly standing: DisplayStanding;
  readonly checks: readonly DisplayCheck[];
  /** False where the machine refused to keep it: it then counts until the window is closed. */
  readonly keep: (check: DisplayCheck) => boolean;
};

/** How the screen under this window stands; a window that was moved to another screen is told within ten seconds. */
export function useDisplayBook(every: number): DisplayBook {
  const now = useNow(10_000);
  const [checks, setChecks] = useState(readChecks);
  const facts = readScreen();
  const key = screenKey(facts);
  const ratio = facts.devicePixelRatio;
  const standing = useMemo(
    () => displayStanding(checks, key, ratio, every, instant(now)),
    [checks, key, ratio, every, now],
  );
  const keep = useCallback((check: DisplayCheck): boolean => {
    const kept = keepCheck(check);
    setChecks((before) => (kept ? readChecks() : [...before, check]));
    return kept;
  }, []);
  return { standing, checks, keep };
}
