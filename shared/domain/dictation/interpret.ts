import { doubtBelow, plainWord, type RecognisedWord } from './recognised.ts';
import { type CommandNames, matchCommand, type SpokenCommand } from './spoken-command.ts';

/** Silence that must stand on both sides of a command, in milliseconds (spec of interoperability and dictation, B5). */
export const commandPause = 400;
/** Below this a command is not acted on: the reader is asked to say it again. */
export const commandConfidence = 0.5;

/** What was said between two pauses. */
export type Utterance = {
  readonly words: readonly RecognisedWord[];
  /** Silence before and after it, in milliseconds. */
  readonly pauseBefore: number;
  readonly pauseAfter: number;
  /** A device's button held meanwhile: the command button makes all of it a command, the record button all of it text. */
  readonly held: 'nothing' | 'record' | 'command';
};

/** What an utterance is, with the reason that the reader is told where it is not plain. */
export type Interpretation =
  | {
      readonly kind: 'text';
      readonly words: readonly RecognisedWord[];
      readonly because: 'words' | 'literal' | 'no-pause-around-it' | 'record-held';
    }
  | { readonly kind: 'command'; readonly command: SpokenCommand }
  | {
      readonly kind: 'nothing';
      readonly because: 'silence' | 'not-sure' | 'no-such-name' | 'not-a-command';
      readonly said: string;
      /** Names that it may have been. */
      readonly near: readonly string[];
    };

/**
 * Text, a command or nothing. A command stands alone between pauses and is the whole of what was said; everything else is text, whatever
 * words it holds. "Literal" before a command makes it text. What might be a command and is not certain is neither: a wrong command
 * and a command's words in a report are both worse than saying it again.
 */
export function interpret(utterance: Utterance, names: CommandNames): Interpretation {
  const { words, pauseBefore, pauseAfter, held } = utterance;
  const plain = words
    .flatMap(({ word }) => word.split(/\s+/))
    .map(plainWord)
    .filter((word) => word !== '');
  const said = plain.join(' ');
  if (plain.length === 0) return { kind: 'nothing', because: 'silence', said, near: [] };
  if (held === 'record') return { kind: 'text', words, because: 'record-held' };
  const match = matchCommand(plain, names);
  if (held === 'command' && match.kind === 'none') return { kind: 'nothing', because: 'not-a-command', said, near: [] };
  if (match.kind === 'none') {
    const isLiteral = plain[0] === 'literal' && matchCommand(plain.slice(1), names).kind !== 'none';
    return isLiteral
      ? { kind: 'text', words: words.slice(1), because: 'literal' }
      : { kind: 'text', words, because: 'words' };
  }
  if (held !== 'command' && (pauseBefore < commandPause || pauseAfter < commandPause))
    return { kind: 'text', words, because: 'no-pause-around-it' };
  if (match.kind === 'unknown-name') return { kind: 'nothing', because: 'no-such-name', said, near: match.near };
  // The exceptions of "normal except" become words of the report by themselves, where no doubt about them could be shown.
  const least = match.command.type === 'normal-except' ? doubtBelow : commandConfidence;
  const isSure = words.every(({ confidence }) => confidence === null || confidence >= least);
  return isSure
    ? { kind: 'command', command: match.command }
    : { kind: 'nothing', because: 'not-sure', said, near: [] };
}
