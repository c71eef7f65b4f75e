import { pixelsPerMillimetre, type ScreenSize, screenKey } from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { readScreen } from './read-screen.ts';

/** Sizes belong to the screens of this machine and hold nothing about patients: plain localStorage. */
const name = 'overread.screen-sizes';
const most = 50;

function fromJson(value: unknown): ScreenSize | null {
  if (typeof value !== 'object' || value === null) return null;
  const { screen, at, by, devicePixelsPerMillimetre } = value as { readonly [key: string]: unknown };
  if (typeof screen !== 'string' || typeof by !== 'string') return null;
  if (typeof at !== 'number' || !Number.isFinite(at)) return null;
  if (typeof devicePixelsPerMillimetre !== 'number' || !(devicePixelsPerMillimetre > 0)) return null;
  return { screen, at: instant(at), by, devicePixelsPerMillimetre };
}

/** What is kept, oldest first; what cannot be read is no measure. */
export function readSizes(): readonly ScreenSize[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(value) ? value.flatMap((one) => fromJson(one) ?? []) : [];
  } catch {
    return [];
  }
}

/** False where the machine keeps nothing. */
export function keepSize(size: ScreenSize): boolean {
  try {
    localStorage.setItem(name, JSON.stringify([...readSizes(), size].slice(-most)));
    return true;
  } catch {
    return false;
  }
}

/** CSS pixels to a millimetre of the screen under this window; null where nobody has measured it, or the page is pinched larger. */
export function screenMillimetre(): number | null {
  const facts = readScreen();
  if (Math.abs((window.visualViewport?.scale ?? 1) - 1) > 0.001) return null;
  return pixelsPerMillimetre(readSizes(), screenKey(facts), facts.devicePixelRatio);
}
