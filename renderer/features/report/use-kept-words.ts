import { useCallback, useEffect } from 'react';
import type { CaseStore } from '../../case/index.ts';
import type { DraftDesk } from './draft-desk.ts';
import type { SaverState } from './draft-saver.ts';

/** Whether the words on screen are kept, told to the browser before it leaves and to the screen around the report. */
export function useKeptWords(options: {
  readonly desk: DraftDesk | null;
  readonly saver: SaverState | null;
  /** This machine keeps no store; the host's copy then stands alone. */
  readonly storeless: boolean;
  readonly caseStore: Pick<CaseStore, 'publish'>;
  readonly epoch: number;
}): { readonly flush: () => Promise<boolean>; readonly unsaved: boolean } {
  const { desk, saver, storeless, caseStore, epoch } = options;
  const flush = useCallback(async (): Promise<boolean> => {
    if (desk === null) return true;
    if (await desk.flush()) return true;
    const { phase } = desk.state.getState();
    const now = phase.kind === 'writing' ? phase.saver.state.getState() : null;
    return storeless && now !== null && now.inHost && now.standing !== 'stale';
  }, [desk, storeless]);

  const standing = saver?.standing ?? 'untouched';
  const kept = standing === 'saved' || standing === 'untouched';
  const unsaved = !kept && !(storeless && saver?.inHost === true);
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [unsaved]);

  useEffect(() => {
    const saving = kept
      ? 'saved'
      : standing === 'draft' || standing === 'saving'
        ? 'saving'
        : standing === 'stale'
          ? 'not-saved'
          : 'this-machine-only';
    caseStore.publish({ type: 'saving', epoch, state: saving });
  }, [kept, standing, caseStore, epoch]);
  return { flush, unsaved };
}
