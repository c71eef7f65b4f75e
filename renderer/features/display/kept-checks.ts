import { type DisplayCheck, strips, withChecks } from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';

/** Checks belong to the screens of this machine and hold nothing about patients: plain localStorage. */
const name = 'overread.display-checks';
/** Newest checks of all screens that are kept. */
const most = 200;

function fromJson(value: unknown): DisplayCheck | null {
  if (typeof value !== 'object' || value === null) return null;
  const { screen, at, by, devicePixelRatio, read, faults } = value as { readonly [key: string]: unknown };
  if (typeof screen !== 'string' || typeof by !== 'string') return null;
  if (typeof at !== 'number' || !Number.isFinite(at)) return null;
  if (typeof devicePixelRatio !== 'number' || !Array.isArray(faults)) return null;
  if (typeof read !== 'object' || read === null) return null;
  const counts = read as { readonly [key: string]: unknown };
  if (strips.some((strip) => typeof counts[strip] !== 'number')) return null;
  const count = (strip: (typeof strips)[number]): number => Number(counts[strip]);
  return {
    screen,
    at: instant(at),
    by,
    devicePixelRatio,
    read: { dark: count('dark'), middle: count('middle'), bright: count('bright') },
    faults: faults.filter((one) => typeof one === 'string'),
  };
}

/** What is kept, oldest first; what cannot be read is no check. */
export function readChecks(): readonly DisplayCheck[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(value) ? value.flatMap((one) => fromJson(one) ?? []) : [];
  } catch {
    return [];
  }
}

/** Takes up what the host keeps of the screens of this computer, and answers all that is known of them. */
export function mergeChecks(fromHost: readonly DisplayCheck[]): readonly DisplayCheck[] {
  const all = withChecks(readChecks(), fromHost).slice(-most);
  try {
    localStorage.setItem(name, JSON.stringify(all));
  } catch {
    // Then it is asked for again with the next window.
  }
  return all;
}

/** False where the machine keeps nothing: the check then holds until the window is closed. */
export function keepCheck(check: DisplayCheck): boolean {
  try {
    localStorage.setItem(name, JSON.stringify([...readChecks(), check].slice(-most)));
    return true;
  } catch {
    return false;
  }
}
