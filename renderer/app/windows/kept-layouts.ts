import { readLayouts, type WindowLayout } from '../../../shared/domain/display/index.ts';

/** Places of windows on the screens of this machine, and which stage each shows of which rule: nothing about patients, so plain localStorage. */
const layoutsName = 'overread.window-layouts';
const stagesName = 'overread.window-stages';
/** Rules whose stage is kept for one window, and windows; the oldest go. */
const mostRules = 100;
const mostStageWindows = 24;

function readJson(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

function keepJson(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage refused: it holds until the window is closed.
  }
}

export function readKeptLayouts(): readonly WindowLayout[] {
  return readLayouts(readJson(layoutsName));
}

export function keepLayouts(book: readonly WindowLayout[]): void {
  keepJson(layoutsName, book);
}

type Entries = readonly (readonly [string, unknown])[];

function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The stage that the reader chose for a rule in this window; null where she chose none. */
export function keptStage(window: string, rule: string): number | null {
  const own = entriesOf(readJson(stagesName)).find(([id]) => id === window)?.[1];
  const stage = entriesOf(own).find(([id]) => id === rule)?.[1];
  return typeof stage === 'number' && Number.isInteger(stage) && stage >= 0 && stage < 100 ? stage : null;
}

export function keepStage(window: string, rule: string, stage: number): void {
  const all = entriesOf(readJson(stagesName));
  const own = entriesOf(all.find(([id]) => id === window)?.[1]).filter(([id]) => id !== rule);
  const next = [...own, [rule, stage] as const].slice(-mostRules);
  const others = all.filter(([id]) => id !== window).slice(-(mostStageWindows - 1));
  keepJson(stagesName, Object.fromEntries([...others, [window, Object.fromEntries(next)] as const]));
}
