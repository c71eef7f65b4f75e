import { createSpelling, readDictionary, readWordList } from '../../../../shared/domain/spelling/index.ts';
import type { SpellingAnswer, SpellingAsk } from './spelling-engine.ts';

/** The everyday dictionary and our own list, as files of the page: nothing is asked of anybody. */
const dictionary = import.meta.glob<string>('../../../../node_modules/dictionary-en/index.{aff,dic}', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const lists = import.meta.glob<string>('../../../../resources/spelling/*.txt', {
  eager: true,
  query: '?raw',
  import: 'default',
});
/** Without its words every word would be marked: the page is then told that nothing is checked. */
function fileOf(end: string): string {
  const text = Object.entries(dictionary).find(([path]) => path.endsWith(end))?.[1];
  if (text === undefined || text === '') throw new Error('the page was built without its dictionary');
  return text;
}

const spelling = createSpelling(
  readDictionary(fileOf('.aff'), fileOf('.dic')),
  readWordList(Object.values(lists).join('\n')),
);
const none: ReadonlySet<string> = new Set();

self.addEventListener('message', ({ data }: MessageEvent<SpellingAsk>) => {
  const words =
    data.kind === 'check'
      ? data.words.filter((word) => !spelling.knows(word, none))
      : spelling.suggest(data.word, new Set(data.own));
  self.postMessage({ id: data.id, words } satisfies SpellingAnswer);
});
