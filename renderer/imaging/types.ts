import type { SeriesDescription, StudyDescription } from '../../shared/domain/hanging/index.ts';
import type { BreastImageFacts } from '../../shared/domain/mammography/index.ts';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import type { PlaneKind, PlaneStack, Slab } from '../../shared/domain/volume/index.ts';
import type { ContentDocument } from './content-tree.ts';
import type { StudyObject } from './objects/study-object.ts';
import type { UltrasoundRegion } from './objects/ultrasound-regions.ts';
import type { FrameOverlay } from './overlay-planes.ts';
import type { MaskOperation } from './subtraction/mask-operation.ts';

/** Why pixels or metadata did not come; `words` is what the viewport says, in the reader's language. */
export type ImagingFailure = {
  readonly code:
    | 'refused'
    | 'unreachable'
    | 'not-dicomweb'
    | 'cancelled'
    | 'no-archive'
    | 'truncated'
    | 'not-the-image-asked-for'
    | 'not-displayable'
    | 'over-budget'
    | 'transfer-syntax'
    | 'undecodable';
  readonly words: string;
};

/** Stored bits and colour of a frame (PS3.3 C.7.6.3). */
export type PixelDescription = {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  /** 0 colour-by-pixel, 1 colour-by-plane (0028,0006). */
  readonly planar: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly frames: number;
};

/** Palette (PS3.3 C.7.9): one table each of red, green and blue, already 8 bit. */
export type Palette = {
  readonly firstMapped: number;
  readonly red: Uint8Array;
  readonly green: Uint8Array;
  readonly blue: Uint8Array;
};

/** A table of a Modality LUT Sequence (PS3.3 C.11.1) or VOI LUT Sequence (C.11.2): values before its ends take its end entries. */
export type LookUpTable = {
  readonly firstMapped: number;
  readonly entries: readonly number[];
  /** Bits of an entry: its output runs from 0 to 2 to the power of it less 1 (C.11.1.1.1, C.11.2.1.1). */
  readonly bits: number;
  /** LUT Explanation (0028,3003); empty where it has none. */
  readonly explanation: string;
};

export type StoredPixels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** A decoded frame. Grey: stored values (after a modality table, where there is one). Colour: RGBA, 8 bit. */
export type DecodedFrame = {
  readonly rows: number;
  readonly columns: number;
  readonly colour: boolean;
  readonly pixels: StoredPixels;
  readonly min: number;
  readonly max: number;
  /** Value = pixel x slope + intercept where 32-bit pixels had to be brought to 16 bits; 1 and 0 otherwise. */
  readonly slope: number;
  readonly intercept: number;
  /** True when a Modality LUT Sequence was applied, so that rescale slope and intercept do not apply. */
  readonly modalityApplied: boolean;
  /** True when its transfer syntax is never lossless, whatever the header says. */
  readonly lossy: boolean;
  /** VOI LUT Sequence (PS3.3 C.11.2) of the instance, the first item first; empty where it has none or colour is shown. */
  readonly voiTables: readonly LookUpTable[];
  /** Of a computed picture: lowest and highest stored value of the whole volume, so that its planes are shown alike. */
  readonly volumeRange?: readonly [number, number];
  /** Of a picture that masks were subtracted from: the frame as it was acquired, on which is measured. */
  readonly acquired?: DecodedFrame;
  /** What lies over the picture (PS3.3 C.9.2); absent where nothing does. */
  readonly overlays?: readonly FrameOverlay[];
};

/** What a pixel measures in the patient. `detector` is the size at the imager, larger than the body part by its magnification. */
export type PixelSize =
  | {
      readonly kind: 'patient' | 'detector' | 'region';
      /** Millimetres between rows, and between columns. */
      readonly row: number;
      readonly column: number;
    }
  /** A projection corrected for its magnification; `by` is Pixel Spacing Calibration Type (0028,0A02), null where unsaid. */
  | {
      readonly kind: 'calibrated';
      readonly row: number;
      readonly column: number;
      readonly by: 'GEOMETRY' | 'FIDUCIAL' | null;
    }
  | { readonly kind: 'unknown' };

/** Which body directions the rows and columns of a frame run along. */
export type Orientation =
  | { readonly kind: 'cosines'; readonly row: Vector; readonly column: Vector }
  | { readonly kind: 'letters'; readonly row: string; readonly column: string }
  | { readonly kind: 'none' };

export type Vector = readonly [number, number, number];
export type Point = readonly [number, number];

export type Window = { readonly center: number; readonly width: number };

/** VOI LUT Function (0028,1056): how a window spreads its values (PS3.3 C.11.2.1.2 and C.11.2.1.3). */
export type VoiFunction = 'linear' | 'linear-exact' | 'sigmoid';

/** What turns modality values into grey (PS3.3 C.11.2): a window by its function, or a table. */
export type PlainValues =
  | { readonly kind: 'window'; readonly window: Window; readonly function: VoiFunction }
  | { readonly kind: 'table'; readonly table: LookUpTable };

/** The same, with the Modality LUT of a presentation state before it and its Presentation LUT behind it (PS3.3 C.11.1, C.11.6). */
export type ValuesOfInterest =
  | PlainValues
  | {
      readonly kind: 'presented';
      readonly by: PlainValues;
      readonly modality: LookUpTable | null;
      readonly table: LookUpTable | null;
    };

/** One frame of one instance: what a slice of a stack is. */
export type FrameReference = {
  /** Names archive, instance, frame and case epoch: an answer for another case has another id. */
  readonly imageId: string;
  readonly instanceUid: string;
  /** 1-based. */
  readonly frame: number;
  readonly instanceNumber: number | null;
  readonly description: PixelDescription;
  readonly orientation: Orientation;
  readonly position: Vector | null;
  readonly pixelSize: PixelSize;
  /** Width of a pixel over its height, for frames without a size in millimetres (0028,0034). */
  readonly aspect: readonly [vertical: number, horizontal: number];
  readonly slope: number;
  readonly intercept: number;
  /** What modality values are in: HU for CT, else what Rescale Type says; null when unsaid. */
  readonly rescaleUnit: string | null;
  /** Factor from modality values to SUV by body weight (g/ml); null where the image is no PET or does not give what it needs. */
  readonly uptake: number | null;
  readonly window: Window | null;
  readonly windowFunction: VoiFunction;
  /** True when the lowest value is shown white (MONOCHROME1, or Presentation LUT Shape INVERSE). */
  readonly inverse: boolean;
  /** Calibrated parts of an ultrasound image; empty for all others. */
  readonly regions: readonly UltrasoundRegion[];
  /** What must be known of the image beside its picture ("lossy 12:1", "gantry tilt 12.0°"); empty for most. */
  readonly marks: readonly string[];
  /** Pixel Padding Value (0028,0120): not part of the image, kept out of windows and statistics. */
  readonly padding: number | null;
  /** What may be subtracted from the frames of its instance (PS3.3 C.7.6.10); empty for most. */
  readonly masks: readonly MaskOperation[];
  /** True where values are proportional to the X-ray beam (Pixel Intensity Relationship 0028,1040). */
  readonly isLinear: boolean;
  /** Groups of overlay planes that the image says it has (0x6000 to 0x601E); empty for most. */
  readonly overlays: readonly number[];
  /** True when only a whole instance brings what is shown with its pixels (palette, modality table, VOI table, overlay planes). */
  readonly needsInstance: boolean;
};

/** A series as the panel lists it. `frames` is empty for what is not an image: `notShown` says what it is. */
export type SeriesImages = {
  readonly epoch: number;
  readonly archive: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly number: number | null;
  readonly modality: string;
  readonly description: string;
  readonly laterality: string | null;
  readonly frames: readonly FrameReference[];
  /** Where `frames` are not all of it, because the rest is being described: how many images its archive counts. Absent otherwise. */
  readonly partOf?: number;
  readonly notShown: string | null;
  /** Structured reports and key object selections of the series; empty for images. */
  readonly documents: readonly ContentDocument[];
  /** Presentation states, segmentations, waveforms and other documents of the series; empty for images. */
  readonly objects: readonly StudyObject[];
  /** SOP Instance UIDs that a rejection note keeps off the screen: neither drawn nor counted nor asked for. */
  readonly setAside: readonly string[];
  /** What must be known of the stack: missing or uneven slices; empty for most. */
  readonly marks: readonly string[];
  /** Milliseconds between frames of a cine (0018,1063), null when it is not one. */
  readonly frameTime: number | null;
  /** Milliseconds from each frame to the next where they are not all the same (Frame Time Vector 0018,1065); null otherwise. */
  readonly frameTimes: readonly number[] | null;
  readonly frameOfReferenceUid: string | null;
  /** What hanging protocols read of it. */
  readonly hanging: SeriesDescription;
  /** What its mammograms say of themselves, in the order of the stack; absent where none is one. */
  readonly breasts?: readonly BreastImageFacts[];
  /** What computed pictures were computed from; absent for everything that was acquired. */
  readonly computed?: ComputedPlanes;
  /** The series as it was acquired, where this is the same with its masks subtracted: its frames are named alike. */
  readonly subtracted?: { readonly source: SeriesImages };
};

/** Pictures that no one acquired: planes through the volume of a series. They are named by UIDs that no archive holds. */
export type ComputedPlanes = {
  readonly kind: PlaneKind;
  readonly stack: PlaneStack;
  readonly slab: Slab;
  readonly source: SeriesImages;
};

export type StudyImages = {
  readonly epoch: number;
  readonly archive: string;
  readonly studyUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** Issuer of Patient ID (0010,0021); empty where the images name none. */
  readonly issuer: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly studyDate: string;
  readonly studyTime: string;
  /** Timezone Offset From UTC (0008,0201); empty where the images name none. */
  readonly timezone: string;
  readonly description: string;
  readonly accession: string;
  /** What hanging protocols read of it beside its series. */
  readonly traits: Pick<StudyDescription, 'bodyPart' | 'description' | 'procedure'>;
  readonly series: readonly SeriesImages[];
  /** Structured documents of the study (PS3.4 B.5, the family of 88) with all that they say, as the archive gave them: nothing in them is believed. */
  readonly documents: readonly unknown[];
  /** Series whose metadata did not come, in words. */
  readonly problems: readonly string[];
  /** What rejection notes say, in words; empty without them. */
  readonly rejections: readonly string[];
  /** Instances rejected for quality alone, which may be asked for. */
  readonly rejectedForQuality: number;
};

/** How much of a series is on this machine. */
export type SeriesProgress = {
  readonly seriesUid: string;
  readonly loaded: number;
  readonly total: number;
  readonly failed: number;
  readonly bytes: number;
  readonly state: 'waiting' | 'streaming' | 'complete' | 'incomplete';
  readonly words: string;
};

export type { CaseContext };
