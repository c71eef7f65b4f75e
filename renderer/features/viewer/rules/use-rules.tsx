import { type ReactNode, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import {
  type HangingRule,
  rulesFor,
  type Screen,
  type StudyDescription,
} from '../../../../shared/domain/hanging/index.ts';
import type { ViewerKeyCommand } from '../viewer-commands.ts';
import type { RuleKeeper, RulesState } from './rule-keeper.ts';
import { RulesDialog } from './rules-dialog.tsx';
import { SaveWhatISee } from './save-what-i-see.tsx';

const noRules = createStore<RulesState>(() => ({ sets: [], words: null }));

type Open =
  | { readonly kind: 'save'; readonly screen: Screen; readonly study: StudyDescription; readonly name: string }
  | { readonly kind: 'rules' }
  | null;

/** What hangs at a site, the reader's own first and what came with the program last. */
export function rulesOf(
  { sets }: RulesState,
  siteId: string | null,
  shipped: readonly HangingRule[],
): readonly HangingRule[] {
  const kept = sets.map(({ owner, protocols }) => ({ owner, now: { protocols, by: '', at: 0 } }));
  return [...rulesFor(kept, siteId), ...shipped];
}

/** The rules beside those that came with the program, and the dialogs by which they are made and kept. */
export function useRules(
  keeper: RuleKeeper | null,
  siteId: string | null,
  shipped: readonly HangingRule[],
): {
  readonly rules: readonly HangingRule[];
  /** What was kept last, in words. */
  readonly kept: string | null;
  readonly dialog: ReactNode;
  /** Commands about rules; answers false for those of others. */
  run(command: ViewerKeyCommand, see: () => Omit<Extract<Open, { kind: 'save' }>, 'kind'> | null): boolean;
} {
  const now = useStore(keeper?.state ?? noRules);
  const [open, setOpen] = useState<Open>(null);
  const [kept, setKept] = useState<string | null>(null);
  const rules = useMemo(() => rulesOf(now, siteId, shipped), [now, siteId, shipped]);
  const close = (): void => setOpen(null);
  return {
    rules,
    kept,
    dialog:
      keeper === null || open === null ? null : open.kind === 'rules' ? (
        <RulesDialog keeper={keeper} onClose={close} />
      ) : (
        <SaveWhatISee
          keeper={keeper}
          shipped={shipped}
          study={open.study}
          screen={open.screen}
          suggestedName={open.name}
          onKept={(words) => {
            setKept(words);
            close();
          }}
          onClose={close}
        />
      ),
    run(command, see) {
      if (command.type === 'hanging-rules') setOpen({ kind: 'rules' });
      else if (command.type === 'save-hanging') {
        const seen = see();
        if (seen !== null) setOpen({ kind: 'save', ...seen });
      } else return false;
      return true;
    },
  };
}
