import { useCallback, useMemo, useState } from 'react';
import {
  type DisplayCheck,
  type DisplayStanding,
  displayStanding,
  screenKey,
} from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { HostClient } from '../../host/index.ts';
import { useNow } from '../../ui/index.ts';
import { keepCheck, readChecks } from './kept-checks.ts';
import { readScreen } from './read-screen.ts';
import { useToldChecks } from './told-checks.ts';

export type DisplayBook = {
  readonly standing: DisplayStanding;
  readonly checks: readonly DisplayCheck[];
  /** False where the machine refused to keep it: it then counts until the window is closed. */
  readonly keep: (check: DisplayCheck) => boolean;
  /** Checks of hers that the host has not taken; null where this window tells nobody. */
  readonly waiting: number | null;
};

/**
 * How the screen under this window stands; a window that was moved to another screen is told within ten seconds. `told`: the host that keeps
 * the checks, and in whose name; a window without one leaves that to the window that opened it.
 */
export function useDisplayBook(
  every: number,
  told: { readonly host: Pick<HostClient, 'call'>; readonly reader: string } | null,
): DisplayBook {
  const now = useNow(10_000);
  const [checks, setChecks] = useState(readChecks);
  const facts = readScreen();
  const key = screenKey(facts);
  const ratio = facts.devicePixelRatio;
  const standing = useMemo(
    () => displayStanding(checks, key, ratio, every, instant(now)),
    [checks, key, ratio, every, now],
  );
  const { waiting, tell } = useToldChecks(told?.host ?? null, told?.reader ?? '', checks, setChecks);
  const keep = useCallback(
    (check: DisplayCheck): boolean => {
      const kept = keepCheck(check);
      setChecks((before) => (kept ? readChecks() : [...before, check]));
      void tell(check);
      return kept;
    },
    [tell],
  );
  return { standing, checks, keep, waiting: told === null ? null : waiting };
}
