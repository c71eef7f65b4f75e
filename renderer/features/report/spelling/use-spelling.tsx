import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseDetail } from '../../../../shared/api/index.ts';
import type { Reader } from '../../../../shared/domain/reader/index.ts';
import { namesIn } from '../../../../shared/domain/spelling/index.ts';
import type { HostClient } from '../../../host/index.ts';
import type { SectionSpelling } from '../editor/section-spelling.tsx';
import { createOwnWords, type OwnWords, type WordOwner } from './own-words.ts';
import { spellingEngine } from './spelling-engine.ts';

export type SpellingNote = {
  readonly words: string;
  /** Takes back what the note tells of. */
  readonly undo: (() => void) | null;
};

export type Spelling = {
  readonly section: SectionSpelling;
  readonly own: OwnWords;
  readonly note: SpellingNote | null;
  readonly say: (note: SpellingNote | null) => void;
  readonly change: (word: string, owner: WordOwner, way: 'add' | 'remove') => void;
  /** The dictionaries could not be read: no word is checked. */
  readonly failed: boolean;
};

const ownerWords: Readonly<Record<WordOwner, string>> = { own: 'your words', group: 'the group’s words' };

/** The case’s own names: whoever bears them wrote them rightly. */
function namesOf(detail: CaseDetail, reader: Pick<Reader, 'name'>): ReadonlySet<string> {
  const { order, study, row } = detail;
  return namesIn([
    order?.patient.name ?? '',
    study?.patient.name ?? '',
    order?.orderedBy?.name ?? '',
    order?.site?.name ?? '',
    row.site?.name ?? '',
    reader.name,
    order?.procedure.display ?? '',
    study?.description ?? '',
  ]);
}

/** Spelling of the report of one case: the dictionaries of the page, the words that were added, the names of the case. */
export function useSpelling(parts: {
  readonly detail: CaseDetail;
  readonly reader: Pick<Reader, 'name'>;
  readonly host: Pick<HostClient, 'call'>;
}): Spelling {
  const { detail, reader, host } = parts;
  const siteId = (detail.order?.site ?? detail.row.site)?.id ?? null;
  const [own] = useState(() => createOwnWords(host, siteId));
  const [note, say] = useState<SpellingNote | null>(null);
  const [failed, setFailed] = useState(false);
  const { all, mayGroup } = useStore(own.state);
  useEffect(() => void own.load(), [own]);
  const names = useMemo(() => namesOf(detail, reader), [detail, reader]);
  const known = useMemo(() => new Set([...all, ...names]), [all, names]);

  const change: Spelling['change'] = (word, owner, way) => {
    const without = (words: readonly string[]): readonly string[] =>
      words.filter((one) => one.toLowerCase() !== word.toLowerCase());
    void own
      .change(owner, (words) => (way === 'add' ? [...without(words), word] : without(words)))
      .then((kept) => {
        if (!kept.ok)
          say({ words: `“${word}” was not ${way === 'add' ? 'added' : 'taken out'}: ${kept.error}`, undo: null });
        else
          say({
            words:
              way === 'add' ? `“${word}” is among ${ownerWords[owner]}.` : `“${word}” is out of ${ownerWords[owner]}.`,
            undo: () => change(word, owner, way === 'add' ? 'remove' : 'add'),
          });
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` is of this desk alone and the same in all but identity.
  const section = useMemo(
    (): SectionSpelling => ({
      known,
      mayGroup,
      unknown: async (words) => {
        const wrong = await spellingEngine().unknown(words);
        setFailed(wrong === null);
        return wrong === null ? null : new Set([...wrong].filter((word) => !known.has(bareOf(word))));
      },
      suggest: (word) => spellingEngine().suggest(word, [...all]),
      add: (word, owner) => change(word.replaceAll('’', "'").replace(/'s?$/i, ''), owner, 'add'),
    }),
    [all, known, mayGroup],
  );
  return { section, own, note, say, change, failed };
}

/** As words are kept: small letters, without the s of the genitive. */
function bareOf(word: string): string {
  return word.replaceAll('’', "'").replace(/'s?$/i, '').toLowerCase();
}
