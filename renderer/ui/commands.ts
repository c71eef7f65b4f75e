/**
 * Something that the user can do, by key, by palette or by button: one list of them for the whole page, so that the palette, the help
 * and the key map can never disagree.
 */
export type Command = {
  /** Stable name, such as `worklist.next-best`; the key map is kept under it. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette: "Worklist", "Images", "Report". */
  readonly group: string;
  /**
   * `Ctrl+K` (`Cmd` on Apple keyboards), `Alt+M`, `F9`, `N`, `/`, `Shift+Tab`; null where only the palette runs it. Single keys act
   * only when focus is outside text.
   */
  readonly keys: string | null;
  /** The key that does the same where the screen itself listens (Enter on a row): shown, never looked up. */
  readonly hint?: string;
  readonly run: () => void;
  /** Absent means always. A command that is off says so in the palette and its key does nothing. */
  readonly enabled?: () => boolean;
};

export type CommandRegistry = {
  /** Adds commands for as long as their screen is there; the returned function takes them out. */
  add(commands: readonly Command[]): () => void;
  list(): readonly Command[];
  /** The command of a key press, with the user's own key map applied; null when the key belongs to text or to nothing. */
  find(press: KeyPress): Command | null;
  /** Keys of a command after the user's map. */
  keysOf(id: string): string | null;
  setKeys(map: KeyMap): void;
  keyMap(): KeyMap;
  subscribe(listener: () => void): () => void;
  /** Changes with every addition, removal and new map: what React compares. */
  version(): number;
};

/** Command id to keys; an empty text takes the key away. Commands that are not named keep their own. */
export type KeyMap = { readonly [id: string]: string };

export type KeyPress = {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  /** Focus is in a field, so letters are words. */
  readonly inText: boolean;
};

const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const arrows: { readonly [key: string]: string | undefined } = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** `Ctrl+K` as the plate shows it on this keyboard. */
export function shownKeys(keys: string): string {
  return keys
    .split('+')
    .map((part) => (part === 'Ctrl' && apple ? 'Cmd' : (arrows[part] ?? part)))
    .join(' ');
}

/** The press in the words of a key map. Shift is named only with keys that shift does not change (`Shift+Tab`, not `Shift+?`). */
export function pressName(press: KeyPress): string {
  const letter = press.key.length === 1;
  const key = letter ? press.key.toUpperCase() : press.key;
  const parts: string[] = [];
  if (press.ctrl || press.meta) parts.push('Ctrl');
  if (press.alt) parts.push('Alt');
  if (press.shift && (!letter || (press.key.toUpperCase() !== press.key.toLowerCase() && (press.ctrl || press.alt)))) {
    parts.push('Shift');
  }
  parts.push(key === ' ' ? 'Space' : key);
  return parts.join('+');
}

/** Whether a key alone would write or move a caret in a field: then only modified and function keys are commands there. */
function belongsToText(press: KeyPress): boolean {
  return !press.ctrl && !press.alt && !press.meta && !/^F\d{1,2}$/.test(press.key) && press.key !== 'Escape';
}

/** Whether typing at this element writes words. */
export function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  );
}

export function createCommandRegistry(): CommandRegistry {
  const added = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let map: KeyMap = {};
  let version = 0;
  let flat: readonly Command[] = [];
  const changed = (): void => {
    version += 1;
    flat = [...added].flat();
    for (const listener of listeners) listener();
  };
  const keysOf = (command: Command): string | null => {
    const own = map[command.id];
    if (own === undefined) return command.keys;
    return own === '' ? null : own;
  };
  return {
    add: (commands) => {
      added.add(commands);
      changed();
      return () => {
        added.delete(commands);
        changed();
      };
    },
    list: () => flat,
    find: (press) => {
      if (press.inText && belongsToText(press)) return null;
      const name = pressName(press);
      // The newest screen's commands win: what lies on top is what the hand means.
      for (let index = flat.length - 1; index >= 0; index -= 1) {
        const command = flat[index];
        if (command !== undefined && keysOf(command) === name && command.enabled?.() !== false) return command;
      }
      return null;
    },
    keysOf: (id) => {
      const command = flat.find((one) => one.id === id);
      return command === undefined ? null : keysOf(command);
    },
    setKeys: (next) => {
      map = next;
      changed();
    },
    keyMap: () => map,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}

/** Commands that share a key while both can be on screen, so that the key map can name the conflict. */
export function keyConflicts(commands: readonly Command[], map: KeyMap): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const command of commands) {
    const own = map[command.id];
    const keys = own === undefined ? command.keys : own === '' ? null : own;
    if (keys !== null) byKey.set(keys, [...(byKey.get(keys) ?? []), command.title]);
  }
  for (const [keys, titles] of byKey) if (titles.length < 2) byKey.delete(keys);
  return byKey;
}
