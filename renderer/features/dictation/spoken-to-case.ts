import { formatDictated, type SpokenCommand, spoken } from '../../../shared/domain/dictation/index.ts';
import { windowNames } from '../../../shared/domain/hanging/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { CaseCommand } from '../../case/index.ts';

/** Windows as they are said. */
export const spokenWindows: readonly string[] = windowNames.map(spoken);

/** What a spoken command is to the case on screen, and how it is told back. Null for a window that is not there. */
export function caseCommandOf(command: SpokenCommand): { readonly send: CaseCommand; readonly words: string } | null {
  switch (command.type) {
    case 'next-field':
      return { send: { type: 'next-field' }, words: 'next field' };
    case 'previous-field':
      return { send: { type: 'previous-field' }, words: 'previous field' };
    case 'scratch-that':
      return { send: { type: 'scratch-dictated' }, words: 'scratch that' };
    case 'next-series':
      return { send: { type: 'next-series' }, words: 'next series' };
    case 'previous-series':
      return { send: { type: 'previous-series' }, words: 'previous series' };
    case 'next-prior':
      return { send: { type: 'next-prior' }, words: 'next prior' };
    case 'insert-measurement':
      return { send: { type: 'insert-measurement' }, words: 'insert measurement' };
    case 'mark-key-image':
      return { send: { type: 'mark-key-image' }, words: 'mark key image' };
    // Opens the confirmation and no more: signing needs a hand.
    case 'sign-report':
      return { send: { type: 'sign-final' }, words: 'sign report' };
    case 'start-critical-result':
      return {
        send: { type: 'start-critical', level: null, words: '', origin: 'phrase' },
        words: 'start critical result',
      };
    case 'window': {
      const preset = windowNames.find((one) => spoken(one) === command.name);
      return preset === undefined
        ? null
        : { send: { type: 'window-preset', name: preset }, words: `window ${command.name}` };
    }
    case 'insert-macro':
      return { send: { type: 'macro', name: command.name }, words: `insert macro ${command.name}` };
    case 'apply-template':
      return { send: { type: 'template', name: command.name }, words: `template ${command.name}` };
    case 'normal-except': {
      const { text } = formatDictated(command.words.map((word) => ({ word, confidence: 1 })));
      return { send: { type: 'normal-except', words: `normal except ${text}` }, words: `normal except ${text}` };
    }
    default:
      return assertNever(command);
  }
}
