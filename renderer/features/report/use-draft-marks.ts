import { useEffect } from 'react';
import { marksSchema } from '../../../shared/api/index.ts';
import { mergeMarks, noMarks } from '../../../shared/domain/measurement/index.ts';
import type { MarksHolder, MarksState } from '../../case/index.ts';
import type { DeskPhase } from './draft-desk.ts';

/** Whether the reader drew last, in this window or another of hers. */
const isDrawn = (from: MarksState['from']): boolean => from === 'images' || from === 'window';

/**
 * Keeps what is drawn on the images with the draft, and gives the images what the draft holds when it opens. `mayKeep` is false after the
 * final, where a draft of nothing but marks would open an addendum that nobody asked for.
 */
export function useDraftMarks(holder: MarksHolder, epoch: number, phase: DeskPhase, mayKeep: boolean): void {
  useEffect(() => {
    if (phase.kind === 'opening') return;
    if (phase.kind === 'following' || !mayKeep) {
      const draft = phase.kind === 'following' ? phase.draft : phase.saver.state.getState().draft;
      holder.keep(epoch, 'window');
      if (draft.marks !== undefined && !isDrawn(holder.state.getState().from)) holder.put(epoch, 'draft', draft.marks);
      return;
    }
    const { saver } = phase;
    const keep = (marks: unknown): void => {
      // Marks that the draft cannot hold would keep its words from being saved: then they stay in this window, and that is said.
      const fits = marksSchema.safeParse(marks);
      holder.keep(epoch, fits.success ? 'draft' : 'window');
      if (fits.success) saver.edit((draft) => ({ ...draft, marks: fits.data }));
    };
    const drawn = holder.state.getState();
    const before = saver.state.getState().draft.marks ?? noMarks;
    // Also what an earlier draft of this opening brought: the final shows the key images of its preliminary.
    const all = drawn.epoch === epoch && drawn.from !== null ? mergeMarks(drawn.marks, before) : before;
    holder.keep(epoch, 'draft');
    if (all !== before) keep(all);
    holder.put(epoch, 'draft', all);
    return holder.state.subscribe((state, last) => {
      if (state.epoch === epoch && isDrawn(state.from) && state.marks !== last.marks) keep(state.marks);
    });
  }, [holder, epoch, phase, mayKeep]);
}
