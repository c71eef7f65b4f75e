import { createStore } from 'zustand/vanilla';
import type { HangingRuleSet } from '../../shared/api/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { RuleKeeper, RulesState } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';

/** The rules of reader, site and group as the host keeps them, for as long as somebody is signed in. */
export function createHangingRules(host: Pick<HostClient, 'call'>): RuleKeeper & { clear(): void } {
  const state = createStore<RulesState>(() => ({ sets: [], words: null }));
  /** A later sign-in is another's: what was asked before it is not heard. */
  let session = 0;
  const take = (
    answered:
      | { readonly ok: true; readonly value: { readonly sets: readonly HangingRuleSet[] } }
      | { readonly ok: false; readonly error: { readonly message: string } },
  ): Result<void, string> => {
    if (!answered.ok) return err(answered.error.message);
    state.setState({ sets: answered.value.sets, words: null }, true);
    return ok(undefined);
  };
  const inputOwner = ({ owner }: HangingRuleSet) => (owner.kind === 'user' ? ({ kind: 'own' } as const) : owner);
  const load = async (): Promise<void> => {
    const asked = session;
    const answered = await host.call('hangingRules');
    if (asked !== session) return;
    if (answered.ok) take(answered);
    else state.setState({ ...state.getState(), words: answered.error.message }, true);
  };
  const changed = async (answering: Promise<Parameters<typeof take>[0]>): Promise<Result<void, string>> => {
    const asked = session;
    const answered = await answering;
    if (asked !== session) return err('You signed out meanwhile.');
    // What another changed is on screen before she tries again.
    if (!answered.ok) void load();
    return take(answered);
  };
  return {
    state,
    load,
    keep: (set, protocols) =>
      changed(
        host.call('keepHangingRules', {
          input: { owner: inputOwner(set), version: set.version, protocols },
        }),
      ),
    undo: (set) =>
      set.version === null
        ? Promise.resolve(err('There is nothing to undo.'))
        : changed(host.call('undoHangingRules', { input: { owner: inputOwner(set), version: set.version } })),
    recent: async () => {
      const answered = await host.call('recentStudies');
      return answered.ok ? ok(answered.value.studies) : err(answered.error.message);
    },
    clear: () => {
      session += 1;
      state.setState({ sets: [], words: null }, true);
    },
  };
}
