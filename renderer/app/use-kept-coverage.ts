import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { CaseDetail } from '../../shared/api/index.ts';
import { type CaseCoverage, isOver } from '../../shared/domain/coverage/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import type { SignedIn } from './signed-in.ts';

/** Milliseconds from something new on the screen until it is kept. */
const keepAfter = 1_500;

/**
 * Keeps what the reader saw of her open case in this computer's sealed store, beside her draft, so that a crash or a reload loses
 * nothing; gives it back when the case opens again, and lets it go when its report is released and nothing more is to be read for it. It
 * goes nowhere else.
 */
export function useKeptCoverage(
  signedIn: Pick<SignedIn, 'caseStore' | 'mirror' | 'session' | 'worklist'>,
  detail: CaseDetail,
): void {
  const { caseStore, mirror, worklist } = signedIn;
  const readerId = signedIn.session.reader.id;
  const { epoch, taskId } = detail.context;
  const live = useStore(worklist.state, (state) => state.rows.get(taskId)?.state ?? null);
  // A preliminary ends the reading where the task asks for no more; while its final is still to be read, the reading goes on.
  const isFinal =
    detail.report.state === 'final' ||
    detail.report.versions.some((one) => one.kind === 'final' && one.releasedAt !== null) ||
    (live ?? detail.row.state) === 'completed';
  const keeps = detail.mode === 'read' && !isFinal;

  useEffect(() => {
    if (mirror === null) return;
    if (!keeps) {
      if (isFinal) void mirror.forgetCoverage(taskId);
      return;
    }
    const { coverage } = caseStore;
    let waiting: ReturnType<typeof setTimeout> | null = null;
    let unsaved: CaseCoverage | null = null;
    const save = (): void => {
      if (waiting !== null) clearTimeout(waiting);
      waiting = null;
      const series = unsaved;
      unsaved = null;
      if (series !== null) void mirror.saveCoverage({ taskId, readerId, savedAt: instant(Date.now()), series });
    };
    void mirror.readCoverage(taskId).then((kept) => {
      if (kept.ok && kept.value !== null && kept.value.readerId === readerId)
        coverage.put(epoch, 'kept', kept.value.series);
    });
    const stop = coverage.state.subscribe((state, before) => {
      if (state.epoch !== epoch || state.from === 'kept' || state.coverage === before.coverage) return;
      unsaved = state.coverage;
      waiting ??= setTimeout(save, keepAfter);
    });
    const whenHidden = (): void => {
      if (document.hidden) save();
    };
    window.addEventListener('pagehide', save);
    document.addEventListener('visibilitychange', whenHidden);
    return () => {
      stop();
      window.removeEventListener('pagehide', save);
      document.removeEventListener('visibilitychange', whenHidden);
      save();
    };
  }, [mirror, caseStore, epoch, taskId, readerId, keeps, isFinal]);

  // What was left of other cases goes as soon as their reports are final, wherever they were signed.
  useEffect(() => {
    if (mirror === null) return;
    void mirror.listCoverage().then((all) => {
      if (!all.ok) return;
      const { rows } = worklist.state.getState();
      for (const kept of all.value) {
        const state = rows.get(kept.taskId as TaskId)?.state ?? null;
        if (isOver(kept, state, instant(Date.now()))) void mirror.forgetCoverage(kept.taskId);
      }
    });
  }, [mirror, worklist]);
}
