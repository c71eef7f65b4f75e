import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TemplateSetView } from '../../../../shared/api/index.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { HostClient } from '../../../host/index.ts';

/** Whose list of words: the reader's own, or the group's. */
export type WordOwner = 'own' | 'group';

export type OwnWordsState = {
  readonly own: readonly string[];
  readonly group: readonly string[];
  /** Those of the reader, the group and the site of the case, in small letters. */
  readonly all: ReadonlySet<string>;
  readonly mayGroup: boolean;
};

/** Words that reader and group added to the dictionary, as the record keeps them beside their templates. */
export type OwnWords = {
  readonly state: StoreApi<OwnWordsState>;
  load(): Promise<void>;
  change(owner: WordOwner, change: (words: readonly string[]) => readonly string[]): Promise<Result<void, string>>;
};

const nothing: OwnWordsState = { own: [], group: [], all: new Set(), mayGroup: false };

export function createOwnWords(host: Pick<HostClient, 'call'>, siteId: string | null): OwnWords {
  const state = createStore<OwnWordsState>(() => nothing);
  const took = (sets: readonly TemplateSetView[]): void => {
    const of = (kind: 'user' | 'group') => sets.find(({ owner }) => owner.kind === kind);
    const site = sets.find(({ owner }) => owner.kind === 'site' && owner.id === siteId);
    const [own, group] = [of('user')?.shelf.words ?? [], of('group')?.shelf.words ?? []];
    const all = [...own, ...group, ...(site?.shelf.words ?? [])].map((word) => word.toLowerCase());
    state.setState({ own, group, all: new Set(all), mayGroup: of('group')?.mayChange === true }, true);
  };
  const asked = async (): Promise<Result<readonly TemplateSetView[], string>> => {
    const answered = await host.call('reportTemplates');
    return answered.ok ? ok(answered.value.sets) : err(answered.error.message);
  };
  /** On the shelf as it is now: templates may have been changed since, here or elsewhere. */
  const changed: OwnWords['change'] = async (owner, change) => {
    const sets = await asked();
    if (!sets.ok) return sets;
    const set = sets.value.find((one) => one.owner.kind === (owner === 'own' ? 'user' : 'group'));
    if (set === undefined) return err('The host keeps no words under this account.');
    const shelf = { ...set.shelf, words: [...change(set.shelf.words ?? [])] };
    const kept = await host.call('keepReportTemplates', {
      input: { owner: { kind: owner }, version: set.version, shelf },
    });
    if (!kept.ok) return err(kept.error.message);
    took(kept.value.sets);
    return ok(undefined);
  };
  return {
    state,
    load: async () => {
      const sets = await asked();
      if (sets.ok) took(sets.value);
    },
    change: changed,
  };
}
