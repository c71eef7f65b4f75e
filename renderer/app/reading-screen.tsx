import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode } from '../case/index.ts';
import type { ReportPanelHandle } from '../features/report/index.ts';
import { Button, isText, Message, useCommands } from '../ui/index.ts';
import { CaseNotOpened } from './case-not-opened.tsx';
import { OpenCase, type OpenCaseProps } from './open-case.tsx';

/** One case: who it is, its images, its report. Opens by the address, closes by leaving it. */
export function ReadingScreen(
  props: OpenCaseProps & {
    readonly taskId: TaskId;
    readonly mode: CaseMode;
    /** Where the bar's own way to the list asks first, so that every way out waits for the words. */
    readonly leaving: RefObject<((go?: () => void) => void) | null>;
  },
) {
  const { signedIn, taskId, mode, leaving } = props;
  const report = useRef<ReportPanelHandle>(null);
  const [unsaved, setUnsaved] = useState(false);
  const { caseStore } = signedIn;
  const state = useStore(caseStore.state);

  /** Leaving waits for the words: both places have them, or she is told and decides. */
  const { onLeave: leaveNow } = props;
  const onLeave = useCallback(
    async (go: () => void = leaveNow) => {
      const kept = report.current === null || !report.current.unsaved() || (await report.current.flush());
      if (kept) go();
      else setUnsaved(true);
    },
    [leaveNow],
  );

  useEffect(() => {
    leaving.current = (go) => void onLeave(go);
    return () => {
      leaving.current = null;
    };
  }, [leaving, onLeave]);

  /** Opens the case anew, in the same mode or another: the words go to both places first. */
  const onReopen = async (next: CaseMode): Promise<void> => {
    await report.current?.flush();
    if (next === mode) await caseStore.open(taskId, mode);
    else props.onReopen(next);
  };

  useEffect(() => {
    void caseStore.open(taskId, mode);
    return () => caseStore.close();
  }, [caseStore, taskId, mode]);

  useCommands([
    {
      id: 'case.back',
      title: 'Back to the list',
      group: 'Report',
      keys: 'Escape',
      run: () => {
        // In a field Esc leaves the field, not the case.
        const { activeElement } = document;
        if (isText(activeElement) && activeElement instanceof HTMLElement) activeElement.blur();
        else void onLeave();
      },
    },
  ]);

  switch (state.kind) {
    case 'none':
    case 'opening':
      return (
        <div className="main">
          <Message form="block" tone="tell" title={mode === 'read' ? 'Claiming and opening…' : 'Opening…'} />
        </div>
      );
    case 'failed':
      return (
        <CaseNotOpened
          failure={state.failure}
          mode={state.mode}
          onLook={() => void onReopen('look')}
          onLookBecause={(reason) => {
            signedIn.lookReasons.set(taskId, reason);
            void caseStore.open(taskId, 'look');
          }}
          onAgain={() => void caseStore.open(taskId, mode)}
          onLeave={() => void onLeave()}
        />
      );
    case 'open':
      return (
        <>
          {unsaved ? (
            <Message
              tone="ask"
              title="Not everything is saved in both places."
              action={
                <>
                  <Button onClick={() => setUnsaved(false)}>Stay</Button>
                  <Button kind="quiet" onClick={leaveNow}>
                    Leave all the same
                  </Button>
                </>
              }
            >
              What this machine keeps comes back when the case is opened here again.
            </Message>
          ) : null}
          <OpenCase
            {...props}
            onReopen={(next) => void onReopen(next)}
            onLeave={leaveNow}
            keepWords={async () =>
              report.current === null || !report.current.unsaved() || (await report.current.flush())
            }
            detail={state.detail}
            report={report}
            key={state.epoch}
          />
        </>
      );
  }
}
