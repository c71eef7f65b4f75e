import type { CriticalLevel, CriticalOrigin } from '../../shared/domain/critical/index.ts';
import type { WindowName } from '../../shared/domain/hanging/index.ts';
import type { MeasurementKind } from '../../shared/domain/measurement/index.ts';
import type { Measurement, SectionCode } from '../../shared/domain/report/index.ts';

/** Tools of the left mouse button. */
export type ViewerTool = 'window' | 'pan' | 'zoom' | 'scroll' | 'crosshair' | MeasurementKind;

/** Named windows; the viewer knows their figures by modality. */
export type WindowPreset = 'default' | WindowName;

type UpToFour = '1' | '2' | '3' | '4';

/** Rows by columns: "1x2" is two viewports side by side. */
export type ViewerLayout = `${UpToFour}x${UpToFour}`;

/**
 * What a key, the palette, a dictation button or (later) a spoken word asks of the case on screen. Features listen for those that are
 * theirs; none knows who sent it. Commands act on the case that is open when they are sent.
 */
export type CaseCommand =
  | { readonly type: 'next-series' }
  | { readonly type: 'previous-series' }
  | { readonly type: 'next-prior' }
  /** Hangs this prior beside the exam that is read, as soon as its series are known. */
  | { readonly type: 'hang-prior'; readonly studyUid: string }
  /** Hangs the first series of the study that was never opened. */
  | { readonly type: 'hang-unopened' }
  /** The next part of a mammogram that was never shown pixel for pixel, and after its last one the next view. */
  | { readonly type: 'next-view-part' }
  | { readonly type: 'next-viewport' }
  /** The stage of the hanging protocol that comes after (1) or before (-1). */
  | { readonly type: 'step-stage'; readonly by: 1 | -1 }
  /** As the hanging protocol has it, whatever was changed by hand. */
  | { readonly type: 'hang-again' }
  | { readonly type: 'step'; readonly slices: number }
  | { readonly type: 'first-slice' }
  | { readonly type: 'last-slice' }
  | { readonly type: 'window-preset'; readonly name: WindowPreset }
  | { readonly type: 'tool'; readonly name: ViewerTool }
  | { readonly type: 'layout'; readonly name: ViewerLayout }
  | { readonly type: 'invert' }
  | { readonly type: 'rotate' }
  | { readonly type: 'flip-horizontal' }
  | { readonly type: 'flip-vertical' }
  | { readonly type: 'reset-view' }
  | { readonly type: 'toggle-cine' }
  /** Axial, coronal, sagittal and oblique planes through the chosen series, or back to what hung before. */
  | { readonly type: 'toggle-planes' }
  /** The PET of the same frame of reference in colours over the other images of the study, or away. */
  | { readonly type: 'toggle-fusion' }
  /** Viewports of one frame of reference, and those matched by hand, scroll together or each alone. */
  | { readonly type: 'toggle-link' }
  /** The chosen viewport and the one beside it show one level: they scroll together from there. */
  | { readonly type: 'match-stacks' }
  | { readonly type: 'delete-measurement' }
  | { readonly type: 'undo-mark' }
  | { readonly type: 'redo-mark' }
  /** The next or the previous measurement of the case, with the image that it is on. */
  | { readonly type: 'step-measurement'; readonly by: 1 | -1 }
  /** Marks the image in the chosen viewport as a key image, or takes the mark away. */
  | { readonly type: 'mark-key-image' }
  /** Puts measurements and key images into the archive, as SR, GSPS and KOS. */
  | { readonly type: 'save-marks' }
  /** The viewer answers with the event `measurement`; the report puts it into Findings. The chosen one, else the last. */
  | { readonly type: 'insert-measurement' }
  /** From the report: bring the image that a measurement came from to the screen. */
  | { readonly type: 'show-measurement'; readonly measurement: Measurement }
  | { readonly type: 'focus-section'; readonly code: SectionCode }
  /** The caret goes to the field of the report that comes next, or before. */
  | { readonly type: 'next-field' }
  | { readonly type: 'previous-field' }
  /** The reader began to speak: what she says goes where the caret is now. */
  | { readonly type: 'dictation-began' }
  /** Words that were heard, as they stand within a sentence. `doubtful`: UTF-16 offsets of those that were not heard well. */
  | {
      readonly type: 'dictated';
      readonly words: string;
      /** `grave`: it turns the meaning. */
      readonly doubtful: readonly { readonly from: number; readonly to: number; readonly grave: boolean }[];
    }
  /** The words of the last utterance are taken out again, if they still stand as they were put in. */
  | { readonly type: 'scratch-dictated' }
  | { readonly type: 'focus-images' }
  | { readonly type: 'sign-preliminary' }
  | { readonly type: 'sign-final' }
  /** `words` are put into it, behind what it has: as a change like any other, signed by nobody but her. */
  | { readonly type: 'add-addendum'; readonly words?: string }
  /** Opens the form of a critical result, with what is known of it already; nothing is begun before she says so. */
  | {
      readonly type: 'start-critical';
      readonly level: CriticalLevel | null;
      readonly words: string;
      readonly origin: Exclude<CriticalOrigin, 'wrong-patient'>;
    }
  /** To the open critical result that is due first, to record an attempt or a read-back. */
  | { readonly type: 'show-criticals' }
  /** The lists of templates and of macros. */
  | { readonly type: 'show-templates' }
  | { readonly type: 'show-macros' }
  /** By name, as typed or spoken: "CT head". Words of the reader are never replaced without being asked. */
  | { readonly type: 'template'; readonly name: string }
  | { readonly type: 'macro'; readonly name: string }
  /** "liver: 2 cm cyst; gallbladder: stones"; nothing at all says that all is normal. */
  | { readonly type: 'normal-except'; readonly words: string }
  | { readonly type: 'show-timeline' };

/**
 * What one feature tells the others about the case on screen. Each carries the epoch of the case that it is about; the store drops
 * those of another case, so that a late measurement cannot land in the next patient's report.
 */
export type CaseEvent = { readonly epoch: number } & (
  | { readonly type: 'measurement'; readonly measurement: Measurement }
  /** The report names it as a comparison, and the signature covers it. */
  | { readonly type: 'comparison-opened'; readonly studyUid: string }
  /** It was not the patient's after all: the report names it no more. */
  | { readonly type: 'comparison-withdrawn'; readonly studyUid: string }
  /** Wheel, drag and cine are activity: the session must not lock under a reader who scrolls. */
  | { readonly type: 'activity' }
  /** The host says that something about this case changed: a release, a delivery, a claim. Ask again for what you show. */
  | { readonly type: 'case-changed' }
  | { readonly type: 'images-progress'; readonly ready: number; readonly total: number }
  | { readonly type: 'images-trouble'; readonly words: string }
  /** The report panel holds words that are not in both places yet; leaving the case waits for them. */
  | { readonly type: 'saving'; readonly state: 'saved' | 'saving' | 'this-machine-only' | 'not-saved' }
);
