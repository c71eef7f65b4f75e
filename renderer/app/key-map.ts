import type { KeyMap } from '../ui/index.ts';

/** The user's own keys: nothing about patients, so plain localStorage of this machine. */
const name = 'overread.keys';

export function readKeyMap(): KeyMap {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}

export function keepKeyMap(map: KeyMap): void {
  try {
    localStorage.setItem(name, JSON.stringify(map));
  } catch {
    // Storage refused: the keys hold until the window is closed.
  }
}

const roomName = 'overread.room';

/** A dim room lowers the ceiling of all chrome (README of the look, principle 1). */
export function readRoom(): 'usual' | 'dim' {
  try {
    return localStorage.getItem(roomName) === 'dim' ? 'dim' : 'usual';
  } catch {
    return 'usual';
  }
}

export function keepRoom(room: 'usual' | 'dim'): void {
  if (room === 'dim') document.documentElement.dataset.room = 'dim';
  else delete document.documentElement.dataset.room;
  try {
    localStorage.setItem(roomName, room);
  } catch {
    // As above.
  }
}
