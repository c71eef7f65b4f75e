import type { ShownWindow } from '../../shared/domain/coverage/index.ts';
import type { ImagePart } from '../../shared/domain/mammography/index.ts';
import type { ValuesOfInterest } from './types.ts';

/** One drawing of one image, as it came to stand on the screen. */
export type Paint = {
  readonly imageId: string;
  /** Pixels of the screen per image pixel, the smaller of its two directions. */
  readonly scale: number;
  /** What of the image was on the canvas; it may reach beyond the image. */
  readonly part: ImagePart;
  readonly window: ShownWindow | null;
  /** True when its transfer syntax is never lossless, whatever the header says. */
  readonly lossy: boolean;
};

export function shownWindow(by: ValuesOfInterest | null): ShownWindow | null {
  if (by === null) return null;
  if (by.kind === 'presented') return shownWindow(by.by);
  return by.kind === 'table' ? { table: by.table.explanation } : by.window;
}
