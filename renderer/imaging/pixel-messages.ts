import type { DecodedFrame, ImagingFailure, PixelDescription } from './types.ts';

/** A job is one answer of the archive. Its number is never reused, so a late message belongs to nobody. */
export type ToPixelWorker =
  /** Answered at once: a worker that does not is within a decoder that does not come to an end. */
  | { readonly type: 'ping' }
  /** Asks whether anything but the processor draws here. */
  | { readonly type: 'graphics' }
  | {
      /** The worker asks for a whole series by itself and takes its answer apart as it comes. */
      readonly type: 'fetch';
      readonly job: number;
      readonly studyUid: string;
      readonly request: SeriesRequest;
    }
  | { readonly type: 'open'; readonly job: number; readonly studyUid: string; readonly contentType: string }
  | { readonly type: 'chunk'; readonly job: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly job: number }
  | { readonly type: 'drop'; readonly job: number }
  | {
      /** The whole answer to a question for one frame. */
      readonly type: 'frame';
      readonly job: number;
      readonly studyUid: string;
      readonly contentType: string;
      readonly bytes: Uint8Array;
      readonly instanceUid: string;
      readonly frame: number;
      readonly description: PixelDescription;
    };

/** A path of the page's own origin, with the headers of session and case. */
export type SeriesRequest = { readonly path: string; readonly headers: Readonly<Record<string, string>> };

export type FromPixelWorker =
  | { readonly type: 'pong' }
  /** Null where a worker cannot tell. */
  | { readonly type: 'graphics'; readonly none: boolean | null }
  /** Said before a decoder begins, which can say nothing until it ends: how many samples it has to make. */
  | { readonly type: 'decoding'; readonly job: number; readonly samples: number }
  | {
      readonly type: 'image';
      readonly job: number;
      readonly instanceUid: string;
      readonly frame: number;
      readonly image: DecodedFrame;
    }
  | {
      readonly type: 'failed';
      readonly job: number;
      /** Null when it is not known which instance it was. */
      readonly instanceUid: string | null;
      /** Null when all frames of the instance are meant. */
      readonly frame: number | null;
      readonly failure: ImagingFailure;
    }
  | {
      readonly type: 'done';
      readonly job: number;
      readonly parts: number;
      /** False when the closing boundary never came: what is missing must be asked for again. */
      readonly closed: boolean;
    }
  /** So many bytes more of a series came. */
  | { readonly type: 'bytes'; readonly job: number; readonly bytes: number };
