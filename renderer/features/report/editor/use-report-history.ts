import { useCallback, useEffect, useRef } from 'react';
import {
  type DraftHistory,
  type DraftPlace,
  emptyHistory,
  recordEdit,
  redoEdit,
  sameDraftWords,
  undoEdit,
} from '../../../../shared/domain/report/index.ts';
import type { DraftSaver } from '../draft-saver.ts';

export type CaretAt = { readonly place: DraftPlace; readonly at: number };

export type ReportHistory = {
  /** Goes back by one edit, whatever made it: where the eye should be now, or null where nothing was to be undone or no one place is it. */
  readonly undo: () => CaretAt | null;
  readonly redo: () => CaretAt | null;
};

/** Undo over everything that this window does to the words of a draft. Another draft, or another kind of it, begins anew. */
export function useReportHistory(saver: DraftSaver | null): ReportHistory {
  const history = useRef<DraftHistory>(emptyHistory);
  const goes = useRef(false);
  useEffect(() => {
    history.current = emptyHistory;
    if (saver === null) return;
    let last = saver.state.getState().draft;
    return saver.state.subscribe(({ draft }) => {
      const before = last;
      last = draft;
      if (draft.kind !== before.kind) history.current = emptyHistory;
      else if (!goes.current && !sameDraftWords(before, draft))
        history.current = recordEdit(history.current, before, draft, performance.now());
    });
  }, [saver]);
  const go = useCallback(
    (step: typeof undoEdit): CaretAt | null => {
      const went = saver === null ? null : step(history.current);
      if (saver === null || went === null) return null;
      goes.current = true;
      saver.edit((draft) => ({ ...draft, ...went.words }));
      goes.current = false;
      history.current = went.history;
      return went.caret;
    },
    [saver],
  );
  return { undo: useCallback(() => go(undoEdit), [go]), redo: useCallback(() => go(redoEdit), [go]) };
}
