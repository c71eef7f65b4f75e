import { type Command, isText, type KeyPress, pressName } from '../ui/index.ts';

/**
 * Keys that were pressed before the screen that they are meant for was there. A reader signs in and types on; what she types as the name
 * of a patient must not read, look at or claim a study because its first key came too early.
 */
export type EarlyKeys = {
  /** Another screen was asked for: keys wait for it. */
  wait(): void;
  /** It did not come, or another one did: what was pressed meanwhile meant nothing. */
  forget(): void;
  /** It is there. What opens a place for words is done, and the words that followed are written there. */
  ready(find: (press: KeyPress) => Command | null): void;
  stop(): void;
};

/** Commands that open a place for words. Nothing else that was pressed too early is done later. */
const opening: ReadonlySet<string> = new Set(['worklist.filter', 'app.palette', 'app.find']);

/** Keys that move or take words in the browser itself; kept from it while they wait, since they are ours a moment later. */
const ours: ReadonlySet<string> = new Set(['Ctrl+K', 'Ctrl+F']);

/** A screen that takes longer than this does not come; keys belong to what is there again. */
const longestWait = 30_000;
/** Keys with shorter pauses between them, in milliseconds, are one run of typing. */
const pause = 600;
/** How long a place for words may take to open. */
const longestOpening = 1_000;

const isBare = (press: KeyPress): boolean => !press.ctrl && !press.alt && !press.meta;
/** A key that writes, or acts on what was written. */
const isTyping = (press: KeyPress): boolean => isBare(press) && (press.key.length === 1 || press.key === 'Enter');

/**
 * The command that early presses ask for and the words for it; null where they ask for none. Words end at Enter and at any key that is
 * no letter: nothing is confirmed that she has not seen.
 */
export function meantBy(
  presses: readonly KeyPress[],
  find: (press: KeyPress) => Command | null,
): { readonly command: Command; readonly words: string } | null {
  for (const [index, press] of presses.entries()) {
    const command = find({ ...press, inText: false });
    if (command === null || !opening.has(command.id)) continue;
    return { command, words: wordsOf(presses.slice(index + 1)) };
  }
  return null;
}

function wordsOf(presses: readonly KeyPress[]): string {
  let words = '';
  for (const press of presses) {
    if (isBare(press) && press.key.length === 1) words += press.key;
    else if (isBare(press) && press.key === 'Backspace') words = words.slice(0, -1);
    else break;
  }
  return words;
}

export function createEarlyKeys(target: Window, now: () => number): EarlyKeys {
  let presses: KeyPress[] = [];
  let waitingSince: number | null = null;
  /** When the last key of a run that began too early was pressed. */
  let lastOfRun: number | null = null;

  const take = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'Tab'].includes(event.key)) return;
    const inText = isText(event.target);
    const press: KeyPress = {
      key: event.key,
      ctrl: event.ctrlKey,
      alt: event.altKey,
      shift: event.shiftKey,
      meta: event.metaKey,
      inText,
    };
    if (waitingSince !== null && now() - waitingSince < longestWait) {
      // F5 and the browser's other keys stay the browser's.
      if (!isBare(press) && !ours.has(pressName(press))) return;
      if (/^F\d{1,2}$/.test(press.key)) return;
      presses.push(press);
      take(event);
      return;
    }
    waitingSince = null;
    if (lastOfRun === null) return;
    const sameRun = now() - lastOfRun < pause;
    if (!sameRun || inText || !isTyping(press) || press.key === '/') {
      lastOfRun = null;
      return;
    }
    // The rest of a run whose beginning was lost: words, whatever the list would do with their letters.
    lastOfRun = now();
    take(event);
  };
  target.addEventListener('keydown', onKey, { capture: true });

  let isOpening = false;
  const end = (): void => {
    waitingSince = null;
    isOpening = false;
    presses = [];
  };
  return {
    wait: () => {
      waitingSince = now();
    },
    forget: end,
    ready: (find) => {
      if (waitingSince === null || isOpening) return;
      const meant = meantBy(presses, find);
      if (meant === null) {
        if (presses.some(isTyping)) lastOfRun = now();
        end();
        return;
      }
      isOpening = true;
      meant.command.run();
      const from = now();
      const write = (): void => {
        const { activeElement: field } = target.document;
        if (field instanceof HTMLInputElement && isText(field)) {
          // Keys that came while it opened are words of the same run.
          const words = meantBy(presses, find)?.words ?? '';
          end();
          if (words === '') return;
          field.setRangeText(words, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        } else if (waitingSince === null || now() - from > longestOpening) end();
        else target.requestAnimationFrame(write);
      };
      write();
    },
    stop: () => target.removeEventListener('keydown', onKey, { capture: true }),
  };
}
