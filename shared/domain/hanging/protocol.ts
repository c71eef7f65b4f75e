import type { Region } from '../order/index.ts';
/** Whose rule it is. Hanging Protocol Level (0072,0006) in brackets. The reader's own goes before all others. */
export const ruleLevels = ['user', 'site', 'group', 'shipped'] as const;
export type RuleLevel = (typeof ruleLevels)[number];

/** Attributes by which series and images are told apart; resources/hanging-protocols/README.md names their DICOM tags. */
export const wordAttributes = [
  'modality',
  'seriesDescription',
  'bodyPart',
  'imageLaterality',
  'view',
  'plane',
  'convolutionKernel',
  'imageType',
  'correctedImage',
  'contrast',
  'cine',
  'presentationIntent',
  'localizer',
  'viewModifier',
] as const;
export const numberAttributes = ['sliceThickness', 'numberOfImages', 'seriesNumber', 'instanceNumber'] as const;
export type WordAttribute = (typeof wordAttributes)[number];
export type NumberAttribute = (typeof numberAttributes)[number];

/** Filter-by Operator (0072,0406), PS3.3 C.23.3. */
export const wordOperators = ['MEMBER_OF', 'NOT_MEMBER_OF'] as const;
export const numberOperators = [
  'RANGE_INCL',
  'RANGE_EXCL',
  'GREATER_OR_EQUAL',
  'LESS_OR_EQUAL',
  'GREATER_THAN',
  'LESS_THAN',
] as const;

export type WordFilter = {
  readonly attribute: WordAttribute;
  readonly operator: (typeof wordOperators)[number];
  readonly values: readonly string[];
  /** Image Set Selector Usage Flag (0072,0024): what an image without the attribute does. */
  readonly usage: 'MATCH' | 'NO_MATCH';
};
export type NumberFilter = {
  readonly attribute: NumberAttribute;
  readonly operator: (typeof numberOperators)[number];
  readonly values: readonly number[];
  readonly usage: 'MATCH' | 'NO_MATCH';
};
export type Filter = WordFilter | NumberFilter;

/** Sorting Operations (0072,0600): by which attribute, and Sorting Direction (0072,0604). */
export type Sorting = {
  readonly attribute: NumberAttribute;
  readonly direction: 'INCREASING' | 'DECREASING';
};

/** Hanging Protocol Definition Sequence (0072,000C): what a study must be. An empty list asks nothing. */
export type Definition = {
  /** Any of them is in the study. */
  readonly modality: readonly string[];
  /** Each of them is in the study ("PT" and "CT"). */
  readonly everyModality: readonly string[];
  /** Regions of shared/domain/order, any of them. */
  readonly bodyPart: readonly Region[];
  readonly laterality: 'L' | 'R' | null;
  /** Procedure Code Sequence (0008,1032): any of these code values. */
  readonly procedureCode: readonly string[];
  /** Any of these in the study's description or the meaning of its procedure code. */
  readonly procedureWords: readonly string[];
  readonly notProcedureWords: readonly string[];
};

/** Image Sets Sequence (0072,0020): of which study, and which of its series and images. */
export type ImageSet = {
  readonly imageSetNumber: number;
  readonly label: string;
  /** Abstract Prior Value (0072,003C): 0 is the study itself, 1 the latest relevant prior that has such images, 2 the one before. */
  readonly abstractPriorValue: number;
  readonly selectors: readonly Filter[];
};

/** How the size of an image is chosen: to fit, all at one scale, or as large as it is in the patient. */
export const sizes = ['fit', 'same', 'true'] as const;
export type ImageSize = (typeof sizes)[number];

/** Windows by name; their figures are the viewer's. */
export const windowNames = [
  'lung',
  'bone',
  'soft-tissue',
  'brain',
  'stroke',
  'subdural',
  'liver',
  'angiography',
  'spine',
  'full-range',
] as const;
export type WindowName = (typeof windowNames)[number];

/** VOI Type (0072,0704) by the names of the window presets, or figures; null leaves what the image asks for. */
export type DisplayWindow = { readonly preset: WindowName } | { readonly center: number; readonly width: number };

/** Display Sets Sequence (0072,0200). */
export type DisplaySet = {
  readonly displaySetNumber: number;
  /** Display Set Presentation Group (0072,0204). */
  readonly presentationGroup: number;
  readonly imageSetNumber: number;
  /** Row and column, both from 1. Not read for TILED. */
  readonly imageBox: readonly [row: number, column: number];
  /** Image Box Layout Type (0072,0304): one box, or as many as there are images, in pages. */
  readonly imageBoxLayoutType: 'STACK' | 'TILED';
  /** Rows and columns of a page of tiles at most. */
  readonly tiles: readonly [rows: number, columns: number];
  readonly filterOperations: readonly Filter[];
  /** What satisfies the first of them goes before what does not, and so on. */
  readonly preferences: readonly Filter[];
  readonly sortingOperations: readonly Sorting[];
  /** True takes the most wanted also where it hangs in another box of the group already: one series in two windows. */
  readonly shared: boolean;
  readonly plane: 'stack' | 'axial' | 'coronal' | 'sagittal' | 'oblique';
  readonly window: DisplayWindow | null;
  /** Show Grayscale Inverted (0072,0710). */
  readonly showGrayscaleInverted: boolean;
  readonly imageSize: ImageSize;
  /** Display Set Horizontal Justification (0072,0717); CHEST_WALL puts a mammogram's chest wall to the middle of its pair. */
  readonly horizontalJustification: 'LEFT' | 'CENTER' | 'RIGHT' | 'CHEST_WALL';
  /** Without it the rule does not fit. */
  readonly required: boolean;
};

/** Display sets that are on screen together: a stage. */
export type PresentationGroup = {
  readonly presentationGroupNumber: number;
  /** Display Set Presentation Group Description (0072,0206). */
  readonly description: string;
  readonly rows: number;
  readonly columns: number;
  /** Partial Data Display Handling (0072,0208): empty rows and columns stay, or make room. */
  readonly partialDataDisplayHandling: 'MAINTAIN_LAYOUT' | 'ADAPT_LAYOUT';
};

/** A Hanging Protocol (PS3.3 C.23) as data. */
export type HangingProtocol = {
  /** Stands for it among all rules: a later one of the same level and id takes its place. */
  readonly id: string;
  readonly hangingProtocolName: string;
  readonly hangingProtocolDescription: string;
  readonly hangingProtocolDefinition: readonly Definition[];
  /** Number of Priors Referenced (0072,0014): as many must be there for the rule to fit. */
  readonly numberOfPriorsReferenced: number;
  /** Number of Screens (0072,0100). */
  readonly numberOfScreens: number;
  readonly imageSets: readonly ImageSet[];
  readonly presentationGroups: readonly PresentationGroup[];
  readonly displaySets: readonly DisplaySet[];
};

export type HangingRule = { readonly level: RuleLevel; readonly protocol: HangingProtocol };

export const emptyDefinition: Definition = {
  modality: [],
  everyModality: [],
  bodyPart: [],
  laterality: null,
  procedureCode: [],
  procedureWords: [],
  notProcedureWords: [],
};
