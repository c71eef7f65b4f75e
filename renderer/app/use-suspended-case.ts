import { type RefObject, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { KeptView, ViewerHandle } from '../features/viewer/index.ts';
import { useCommands } from '../ui/index.ts';
import { caretNow, restoreCaret } from './caret-place.ts';
import type { SignedIn } from './signed-in.ts';
import type { SuspendedCase } from './suspended.ts';

/** This case as it was when another one came before it, and the way to another one and back. */
export function useSuspendedCase(options: {
  readonly signedIn: SignedIn;
  readonly detail: CaseDetail;
  readonly live: WorklistRow;
  readonly viewer: RefObject<ViewerHandle | null>;
  /** True when every word is in both places. */
  readonly keepWords: () => Promise<boolean>;
  readonly onOther: (taskId: TaskId) => void;
}): {
  readonly keptView: KeptView | null;
  /** The case that was left last and waits; null where none does. */
  readonly last: SuspendedCase | null;
  /** The words are not in both places yet, so that the switch waits for her. */
  readonly unkept: boolean;
  readonly onStay: () => void;
  readonly onSwitch: (next: TaskId) => void;
} {
  const { signedIn, detail, live, viewer, keepWords, onOther } = options;
  // What was kept when this case was suspended; taken once, and only by the reading that it belongs to.
  const [kept] = useState(() =>
    detail.mode === 'read'
      ? (signedIn.suspended.state.getState().find((one) => one.taskId === detail.context.taskId) ?? null)
      : null,
  );
  useEffect(() => {
    if (kept === null) return;
    signedIn.suspended.take(kept.taskId);
    return kept.caret === null ? undefined : restoreCaret(kept.caret);
  }, [kept, signedIn]);
  const [unkept, setUnkept] = useState(false);
  const suspended = useStore(signedIn.suspended.state);
  const last = suspended.filter((one) => one.taskId !== detail.context.taskId).at(-1) ?? null;
  const done = live.state === 'completed' || live.state === 'cancelled';

  const switchTo = async (next: TaskId): Promise<void> => {
    const caret = caretNow();
    const view = viewer.current?.keep() ?? null;
    if (!(await keepWords())) {
      setUnkept(true);
      return;
    }
    if (detail.mode === 'read' && detail.claim !== null && !done) {
      const { fencingToken } = detail.claim;
      signedIn.suspended.suspend({ taskId: detail.context.taskId, row: live, fencingToken, view, caret });
    }
    onOther(next);
  };
  const onSwitch = (next: TaskId): void => void switchTo(next);

  useCommands([
    {
      id: 'case.return',
      title: 'Back to the suspended study',
      group: 'Study',
      keys: 'Shift+F6',
      run: () => last !== null && onSwitch(last.taskId),
      enabled: () => last !== null,
    },
  ]);
  return { keptView: kept?.view ?? null, last, unkept, onStay: () => setUnkept(false), onSwitch };
}
