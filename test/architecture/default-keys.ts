/** A place of the page; commands of one place can be had at one time. */
export const keyPlaces = ['list', 'case'] as const;
export type KeyPlace = (typeof keyPlaces)[number];

/** A command as its source names it, with the file that it is in. */
export type NamedCommand = { readonly id: string; readonly keys: string | null; readonly file: string };

/** Files whose commands are on one screen alone. Every other file counts for both, so that a new one is held to all. */
const placeOfFile: readonly (readonly [RegExp, KeyPlace])[] = [
  [/^renderer\/features\/worklist\//, 'list'],
  [/^renderer\/features\/images-after-report\/after-report-board\.tsx$/, 'list'],
  [/^renderer\/features\/withdrawal\/withdrawal-board\.tsx$/, 'list'],
  [/^renderer\/features\/overread\//, 'list'],
  [/^renderer\/features\/critical-results\/critical-board\.tsx$/, 'list'],
  [/^renderer\/features\/follow-up\/follow-up-board\.tsx$/, 'list'],
  [/^renderer\/features\/(?:report|viewer|turnaround)\//, 'case'],
  [/^renderer\/features\/orders\/order-strip\.tsx$/, 'case'],
  [/^renderer\/app\/(?:reading-screen|open-case|use-suspended-case|identity-line|stat-banner)\.tsx?$/, 'case'],
];

/** What the list's grid and the browser's own fields listen to themselves: no command may take it there. */
export const keysOfGrid = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'] as const;

export function placesOf(file: string): readonly KeyPlace[] {
  const found = placeOfFile.find(([pattern]) => pattern.test(file));
  return found === undefined ? keyPlaces : [found[1]];
}

const command = /\bid: (?:'([^']+)'|`([^`]+)`),(?:(?!\bid: )[\s\S]){0,400}?\bkeys: (?:'([^']*)'|null|(\w[^,}]*))/g;

/**
 * The commands that a source names as literals, each an id followed by its keys. Throws where a key stands that belongs to none of them:
 * what this cannot see it could not guard.
 */
export function commandsOf(file: string, source: string): readonly NamedCommand[] {
  const found = [...source.matchAll(command)].map(([, id, template, keys, other]) => {
    if (other !== undefined) throw new Error(`${file}: the keys of ${id ?? template} are no literal`);
    return { id: id ?? template ?? '', keys: keys ?? null, file };
  });
  // `{ keys: '…' }` alone is the plate of a button.
  const named = [...source.matchAll(/(?<!\{ )\bkeys: '/g)].length;
  const seen = found.filter((one) => one.keys !== null).length;
  if (named !== seen) throw new Error(`${file}: ${named} keys stand here and ${seen} belong to a command with an id`);
  return found;
}

/** Keys that two commands of one place have, in words. */
export function keyClashes(commands: readonly NamedCommand[]): readonly string[] {
  return keyPlaces.flatMap((place) => {
    const owners = new Map<string, string[]>();
    if (place === 'list') for (const keys of keysOfGrid) owners.set(keys, ['the grid itself']);
    for (const { id, keys, file } of commands) {
      if (keys === null || !placesOf(file).includes(place)) continue;
      owners.set(keys, [...(owners.get(keys) ?? []), id]);
    }
    return [...owners]
      .filter(([, ids]) => ids.length > 1)
      .map(([keys, ids]) => `${keys} in the ${place}: ${ids.join(', ')}`);
  });
}
