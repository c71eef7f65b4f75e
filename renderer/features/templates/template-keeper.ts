import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImportedTemplatesView, TemplateSetView } from '../../../shared/api/index.ts';
import type { TemplateOwner, TemplateShelf } from '../../../shared/domain/template/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { HostClient } from '../../host/index.ts';

export type ShelvesState = {
  readonly sets: readonly TemplateSetView[];
  /** Why the templates of reader, site and group are not here; null when they are, or are still asked for. */
  readonly words: string | null;
};

/** Templates that are kept at the host; each call answers in words where it failed. */
export type TemplateKeeper = {
  readonly state: StoreApi<ShelvesState>;
  load(): Promise<void>;
  /** Of the shelf as the host has it at this moment: a word or template that was added elsewhere stands in nobody's way. */
  change(owner: TemplateOwner, change: (shelf: TemplateShelf) => TemplateShelf): Promise<Result<void, string>>;
  /** Reads a file and keeps nothing. */
  read(name: string, text: string): Promise<Result<ImportedTemplatesView, string>>;
};

export function createTemplateKeeper(host: Pick<HostClient, 'call'>): TemplateKeeper {
  const state = createStore<ShelvesState>(() => ({ sets: [], words: null }));
  const load = async (): Promise<void> => {
    const answered = await host.call('reportTemplates');
    if (answered.ok) state.setState({ sets: answered.value.sets, words: null }, true);
    else state.setState({ ...state.getState(), words: answered.error.message }, true);
  };
  return {
    state,
    load,
    change: async (owner, change) => {
      const now = await host.call('reportTemplates');
      if (!now.ok) return err(now.error.message);
      const set = now.value.sets.find((one) => JSON.stringify(one.owner) === JSON.stringify(owner));
      if (set === undefined) return err('The host keeps no templates for it.');
      const input = {
        owner: owner.kind === 'user' ? ({ kind: 'own' } as const) : owner,
        version: set.version,
        shelf: change(set.shelf),
      };
      const answered = await host.call('keepReportTemplates', { input });
      if (!answered.ok) {
        // What another changed at the same moment is on screen before she tries again.
        void load();
        return err(answered.error.message);
      }
      state.setState({ sets: answered.value.sets, words: null }, true);
      return ok(undefined);
    },
    read: async (name, text) => {
      const answered = await host.call('importReportTemplate', { input: { name, text } });
      return answered.ok ? ok(answered.value) : err(answered.error.message);
    },
  };
}
