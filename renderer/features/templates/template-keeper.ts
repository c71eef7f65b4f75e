import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImportedTemplatesView, TemplateSetView } from '../../../shared/api/index.ts';
import type { TemplateShelf } from '../../../shared/domain/template/index.ts';
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
  keep(set: TemplateSetView, shelf: TemplateShelf): Promise<Result<void, string>>;
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
    keep: async (set, shelf) => {
      const owner = set.owner.kind === 'user' ? ({ kind: 'own' } as const) : set.owner;
      const answered = await host.call('keepReportTemplates', { input: { owner, version: set.version, shelf } });
      if (!answered.ok) {
        // What another changed is on screen before she tries again.
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
