/** What a reader may ask for by voice. None of these signs: `sign-report` opens the confirmation and no more. */
export type SpokenCommand =
  | { readonly type: 'next-field' }
  | { readonly type: 'previous-field' }
  | { readonly type: 'scratch-that' }
  | { readonly type: 'next-series' }
  | { readonly type: 'previous-series' }
  | { readonly type: 'next-prior' }
  | { readonly type: 'insert-measurement' }
  | { readonly type: 'mark-key-image' }
  | { readonly type: 'sign-report' }
  /** Opens the form and begins nothing: what has to be told is said or typed there. */
  | { readonly type: 'start-critical-result' }
  | { readonly type: 'window'; readonly name: string }
  | { readonly type: 'insert-macro'; readonly name: string }
  | { readonly type: 'apply-template'; readonly name: string }
  /** The exceptions to a normal report, as words. */
  | { readonly type: 'normal-except'; readonly words: readonly string[] };

/**
 * Names that may follow "window", "insert macro" and "template", as they are said; null where whoever takes the command finds the name
 * itself, and says so when there is none.
 */
export type CommandNames = {
  readonly windows: readonly string[];
  readonly macros: readonly string[] | null;
  readonly templates: readonly string[] | null;
};

/** The longest name that is taken without a list of names, in words: a longer one is a sentence that begins with "template". */
const longestUnlistedName = 5;

export type CommandMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'command'; readonly command: SpokenCommand }
  /** A command whose name fits none, or more than one: the reader is asked, and nothing is done. */
  | {
      readonly kind: 'unknown-name';
      readonly of: 'window' | 'macro' | 'template';
      readonly said: string;
      readonly near: readonly string[];
    };

const whole: Readonly<Record<string, SpokenCommand>> = {
  'next field': { type: 'next-field' },
  'previous field': { type: 'previous-field' },
  'scratch that': { type: 'scratch-that' },
  'next series': { type: 'next-series' },
  'previous series': { type: 'previous-series' },
  'next prior': { type: 'next-prior' },
  'insert measurement': { type: 'insert-measurement' },
  'mark key image': { type: 'mark-key-image' },
  'sign report': { type: 'sign-report' },
  'start critical result': { type: 'start-critical-result' },
};

const named = [
  { said: 'window ', of: 'window', names: (names: CommandNames) => names.windows },
  { said: 'insert macro ', of: 'macro', names: (names: CommandNames) => names.macros },
  { said: 'insert template ', of: 'template', names: (names: CommandNames) => names.templates },
  { said: 'template ', of: 'template', names: (names: CommandNames) => names.templates },
] as const;

function commandOf(of: (typeof named)[number]['of'], name: string): SpokenCommand {
  if (of === 'window') return { type: 'window', name };
  return of === 'macro' ? { type: 'insert-macro', name } : { type: 'apply-template', name };
}

/**
 * Whether the whole of what was said is one command (the grammar of the spec, B5). Words before or after it make it text. A name must be
 * one of `names`, or the only one that is one letter away.
 */
export function matchCommand(plain: readonly string[], names: CommandNames): CommandMatch {
  const said = plain.join(' ');
  if (Object.hasOwn(whole, said)) return { kind: 'command', command: whole[said] as SpokenCommand };
  if (plain[0] === 'normal' && plain[1] === 'except' && plain.length > 2)
    return { kind: 'command', command: { type: 'normal-except', words: plain.slice(2) } };
  const found = named.find((one) => said.startsWith(one.said));
  if (found === undefined) return { kind: 'none' };
  const name = said.slice(found.said.length);
  const all = found.names(names);
  if (all === null) {
    const isName = name.split(' ').length <= longestUnlistedName;
    return isName ? { kind: 'command', command: commandOf(found.of, name) } : { kind: 'none' };
  }
  const exact = all.filter((one) => spoken(one) === name);
  if (exact.length === 1) return { kind: 'command', command: commandOf(found.of, exact[0] ?? '') };
  const near = exact.length > 1 ? exact : all.filter((one) => isOneApart(spoken(one), name));
  if (near.length === 1) return { kind: 'command', command: commandOf(found.of, near[0] ?? '') };
  // "Window of the ..." and "template matching" are words: without any name that begins alike there is nothing to ask about.
  const alike = all.filter((one) => spoken(one).split(' ')[0] === name.split(' ')[0]);
  if (near.length === 0 && alike.length === 0 && found.of !== 'macro') return { kind: 'none' };
  return { kind: 'unknown-name', of: found.of, said: name, near: near.length > 0 ? near : alike };
}

/** A name as it is said: lower case, without signs. */
export function spoken(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** One letter more, less or other. */
export function isOneApart(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1 || left === right) return false;
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  return short.length === long.length
    ? short.slice(at + 1) === long.slice(at + 1)
    : short.slice(at) === long.slice(at + 1);
}
