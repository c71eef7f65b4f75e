import { createStore, type StoreApi } from 'zustand/vanilla';
import { type CaseMarks, noMarks } from '../../shared/domain/measurement/index.ts';
import type { KeyPicture } from '../../shared/domain/report/index.ts';

/** Where the marks of a case are kept beyond this window. */
export type MarksKeeping =
  /** With the draft: in both places, as its words. */
  | 'draft'
  /** Nowhere: opened with Look, another window writes, or the report is final. */
  | 'window';

export type MarksFrom = 'images' | 'draft' | 'window';

export type MarksState = {
  /** The opening of the case that they belong to; null while none is open. */
  readonly epoch: number | null;
  readonly marks: CaseMarks;
  /** Who gave them last: the images as the reader drew, the draft as it was opened, or another window in which she drew. */
  readonly from: MarksFrom | null;
  readonly keeping: MarksKeeping;
};

/** The one place where images and report meet over marks. What is given under another epoch than that of the open case is refused. */
export type MarksHolder = {
  readonly state: StoreApi<MarksState>;
  /** Another case, or none: nothing of the one before is left. */
  begin(epoch: number | null): void;
  put(epoch: number, from: MarksFrom, marks: CaseMarks): boolean;
  keep(epoch: number, keeping: MarksKeeping): boolean;
  /** The images of an opening can draw its key images from now on, until the answer is called. */
  drawBy(epoch: number, draw: DrawKeyImages): () => void;
  /** Pictures of these marks' key images; empty where no images of that opening are in this window. */
  pictures(epoch: number, marks: CaseMarks): Promise<readonly KeyPicture[]>;
};

/** One picture for each key image, in their order, or why there is none; never rejects. */
export type DrawKeyImages = (marks: CaseMarks) => Promise<readonly KeyPicture[]>;

export const noMarksKept: MarksState = { epoch: null, marks: noMarks, from: null, keeping: 'window' };

export function createMarksHolder(): MarksHolder {
  const state = createStore<MarksState>(() => noMarksKept);
  let drawing: { readonly epoch: number; readonly draw: DrawKeyImages } | null = null;
  const change = (epoch: number, next: Partial<MarksState>): boolean => {
    if (state.getState().epoch !== epoch) return false;
    state.setState(next);
    return true;
  };
  return {
    state,
    begin: (epoch) => state.setState({ ...noMarksKept, epoch }, true),
    put: (epoch, from, marks) => change(epoch, { from, marks }),
    keep: (epoch, keeping) => change(epoch, { keeping }),
    drawBy: (epoch, draw) => {
      const mine = { epoch, draw };
      drawing = mine;
      return () => {
        if (drawing === mine) drawing = null;
      };
    },
    pictures: async (epoch, marks) => (drawing?.epoch === epoch ? drawing.draw(marks) : []),
  };
}
