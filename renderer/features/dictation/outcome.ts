import { type DictatedText, formatDictated, type Interpretation } from '../../../shared/domain/dictation/index.ts';
import type { CaseCommand } from '../../case/index.ts';
import { caseCommandOf } from './spoken-to-case.ts';

/** What became of an utterance: what goes to the case, and what is told. */
export type Outcome = {
  readonly send: CaseCommand | null;
  readonly told: { readonly tone: 'done' | 'ask'; readonly words: string } | null;
  /** Words of it that were not heard well and that turn the meaning. */
  readonly doubts: readonly string[];
};

const nothing: Outcome = { send: null, told: null, doubts: [] };
const ask = (words: string): Outcome => ({ ...nothing, told: { tone: 'ask', words } });

export function outcomeOf(found: Interpretation): Outcome {
  switch (found.kind) {
    case 'command': {
      const command = caseCommandOf(found.command);
      return command === null
        ? ask('There is no window of that name.')
        : { ...nothing, send: command.send, told: { tone: 'done', words: command.words } };
    }
    case 'text': {
      const dictated: DictatedText = formatDictated(found.words);
      const doubts = dictated.doubtful.flatMap(({ from, to, grave }) => (grave ? dictated.text.slice(from, to) : []));
      const written = {
        send: { type: 'dictated', words: dictated.text, doubtful: dictated.doubtful },
        doubts,
      } as const;
      return found.because === 'no-pause-around-it'
        ? { ...written, told: { tone: 'ask', words: 'Written as words: a command needs a pause before and after it.' } }
        : { ...written, told: null };
    }
    case 'nothing':
      switch (found.because) {
        case 'silence':
          return nothing;
        case 'not-sure':
          return ask(`Not sure of “${found.said}”. Say it again, or press its key.`);
        case 'no-such-name':
          return ask(
            found.near.length === 0
              ? `“${found.said}” names nothing that is here.`
              : `“${found.said}” names nothing that is here. There is ${found.near.join(', ')}.`,
          );
        case 'not-a-command':
          return ask(`“${found.said}” is no command.`);
      }
  }
}
