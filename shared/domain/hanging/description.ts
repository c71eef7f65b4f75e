import type { Laterality } from '../study/index.ts';

/**
 * Views by which images hang: those of mammography (PS3.16 CID 4014, names of the ACR) and of projection radiography (CID 4010, defined
 * terms of View Position (0018,5101)).
 */
export const views = [
  'CC',
  'MLO',
  'ML',
  'LM',
  'LMO',
  'FB',
  'SIO',
  'ISO',
  'XCCL',
  'XCCM',
  'AP',
  'PA',
  'LATERAL',
  'OBLIQUE',
  'AXIAL',
  'SPECIMEN',
] as const;
export type View = (typeof views)[number];

/** How the slices of a stack lie in the patient, by Image Orientation (Patient) (0020,0037). */
export type SlicePlane = 'axial' | 'coronal' | 'sagittal' | 'oblique';

/** An image that hangs by itself: a radiograph, a mammogram, a clip. */
export type InstanceDescription = {
  readonly instanceUid: string;
  readonly number: number | null;
  readonly frames: number;
  readonly view: View | null;
  /** Magnified, rolled, implant displaced and the like (CID 4015): a plain view hangs before such ones. */
  readonly viewModifiers: number;
  readonly laterality: Laterality | null;
  /** Where Patient Orientation (0020,0020) puts the chest wall of a mammogram as it is stored; null where it does not say. */
  readonly chestWall: 'left' | 'right' | null;
  /** Presentation Intent Type (0008,0068). */
  readonly intent: 'presentation' | 'processing' | null;
};

/** What hanging reads of a series. Nothing of it is believed to be well written. */
export type SeriesDescription = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly number: number | null;
  readonly modality: string;
  readonly description: string;
  readonly bodyPart: string;
  readonly laterality: Laterality | null;
  /** Frames that can be shown; a series without any never hangs. */
  readonly images: number;
  readonly plane: SlicePlane | null;
  /** Slice Thickness (0018,0050) in millimetres. */
  readonly thickness: number | null;
  /** Convolution Kernel (0018,1210). */
  readonly kernel: string;
  readonly contrast: boolean;
  readonly cine: boolean;
  /** Values of Image Type (0008,0008) of its first image. */
  readonly imageType: readonly string[];
  /** Corrected Image (0028,0051) of PET and NM. */
  readonly corrected: readonly string[];
  /** Each image of a projection, ultrasound or nuclear medicine series; empty for stacks of slices, which hang as one. */
  readonly instances: readonly InstanceDescription[];
};

export type StudyDescription = {
  readonly studyUid: string;
  /** Of the study as it is listed, for a prior whose series have not come; else what its series say is added. */
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  readonly description: string;
  readonly procedure: readonly { readonly code: string; readonly scheme: string; readonly meaning: string }[];
  /** Null while they are not known. */
  readonly series: readonly SeriesDescription[] | null;
};

/** An earlier study of the same patient, with the words that stand beside PRIOR: "3 months". */
export type PriorDescription = StudyDescription & { readonly label: string };
