import type { PlaneKind } from '../../shared/domain/volume/index.ts';
import type { CaseImages } from './case-images.ts';
import type { Presentation } from './objects/presented.ts';
import type { EdgeLetters } from './orientation.ts';
import type { Paint } from './paint.ts';
import type { DecodedFrame, FrameReference, Point, SeriesImages, ValuesOfInterest, Window } from './types.ts';

/** What a viewport shows. Told synchronously: an observer can write it to the page before the next frame is drawn. */
export type ViewportState = {
  readonly studyUid: string | null;
  readonly seriesUid: string | null;
  readonly instanceUid: string | null;
  readonly frame: number | null;
  /** `stack` for what was acquired; the others are computed, and `instanceUid` then names no instance of any archive. */
  readonly plane: PlaneKind | 'stack';
  /** 1-based; 0 when nothing hangs. */
  readonly slice: number;
  readonly slices: number;
  /** As of the series that hangs: where it is not null, `slice` is no place in the whole stack. */
  readonly partOf: number | null;
  /**
   * True only after Cornerstone3D fired IMAGE_RENDERED while its canvas held exactly the image of this case, instance and frame.
   * False from the moment that another case, series or slice is asked for.
   */
  readonly painted: boolean;
  /** What the canvas holds since the engine last said that it drew: another value with each drawing; null unless `painted`. */
  readonly paint: Paint | null;
  /** True while the canvas may still hold an image of another series: the observer covers it. */
  readonly covered: boolean;
  readonly window: Window | null;
  readonly windowIsOwn: boolean;
  /** By which curve or table greys are made; null until the image is here. */
  readonly shownBy: ValuesOfInterest | null;
  readonly invert: boolean;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly rotation: number;
  /** Screen pixels per image pixel along a row; null before the first image. */
  readonly zoom: number | null;
  readonly letters: EdgeLetters;
  /** What the reader must know of the wanted image and its stack beside the picture; empty for most. */
  readonly marks: readonly string[];
  /** Why the wanted image is not shown, in words; null when it is or is on its way. */
  readonly problem: string | null;
};

/** `zoom` in screen (CSS) pixels per image pixel along a row; `edge` is where the image stands, as it is seen. */
export type Home = { readonly zoom: number; readonly edge: 'left' | 'center' | 'right' };

export type ViewportHandle = {
  state(): ViewportState;
  show(images: CaseImages, series: SeriesImages, index: number): void;
  clear(): void;
  /** 0-based slice of the series that hangs. Out of range is brought into range. */
  goTo(index: number): void;
  /** Asks again for what failed in the series that hangs. */
  again(): void;
  setWindow(window: Window | null): void;
  setInvert(invert: boolean): void;
  flip(axis: 'horizontal' | 'vertical'): void;
  rotate(): void;
  zoomBy(factor: number): void;
  /** By screen (CSS) pixels. */
  panBy(delta: Point): void;
  reset(): void;
  /** Shows the stack that hangs as another asks, or as it is. Another stack hangs without it. */
  present(presentation: Presentation | null): void;
  /**
   * Where an image is placed while the reader has not zoomed or moved it: also after every change of size, turn or flip. Asked at once,
   * and again at each such change; what it answers null for is fitted.
   */
  setHome(home: (() => Home | null) | null): void;
  resize(): void;
  /** Screen (CSS) pixels from the viewport's upper left to image pixels (column, row); whole numbers are corners of pixels. */
  toImage(point: Point): Point | null;
  toScreen(point: Point): Point | null;
  /** The frame on the canvas with its pixels, null unless `painted`. */
  current(): { readonly reference: FrameReference; readonly series: SeriesImages; readonly frame: DecodedFrame } | null;
  close(): void;
};
