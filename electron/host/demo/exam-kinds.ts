import type { Laterality } from '../../../shared/domain/study/index.ts';
import type { BreastOptions } from './breast.ts';
import type { HeadFinding } from './phantom-head.ts';
import type { KneeFinding, LumbarFinding } from './phantom-joints.ts';
import type { TrunkFinding } from './phantom-trunk.ts';
import type { RadiographFinding, RadiographView } from './radiograph-parts.ts';
import type { CrossSection, Recipe } from './types.ts';
import { type UltrasoundSubject, ultrasoundSpacing } from './ultrasound.ts';

/** A series before it has numbers and UIDs. */
export type SeriesDraft = {
  readonly modality: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly spacing: number;
  readonly count: number;
  readonly frames: number;
  readonly side: 'L' | 'R' | null;
  readonly recipe: Recipe;
};
export type ExamDraft = {
  readonly modality: string;
  readonly description: string;
  readonly code: string;
  readonly bodyPart: string;
  readonly laterality: Laterality | null;
  readonly series: readonly SeriesDraft[];
};

type CtOptions = { readonly size: 256 | 512; readonly slices: number };

function ctSeries(
  description: string,
  body: CrossSection,
  options: CtOptions & {
    contrast: boolean;
    kernel: 'soft' | 'lung' | 'bone';
    top: number;
    bottom: number;
    field: number;
  },
): SeriesDraft {
  return {
    modality: 'CT',
    description,
    width: options.size,
    height: options.size,
    spacing: options.field / options.size,
    count: options.slices,
    frames: 1,
    side: null,
    recipe: {
      kind: 'ct',
      body,
      contrast: options.contrast,
      kernel: options.kernel,
      top: options.top,
      step: Math.round(((options.top - options.bottom) / (options.slices - 1)) * 4) / 4,
    },
  };
}

export function ctHead(finding: HeadFinding, options: CtOptions): ExamDraft {
  const body: CrossSection = { region: 'head', finding };
  const common = { ...options, contrast: false, top: 88, bottom: -68, field: 256 };
  return {
    modality: 'CT',
    description: 'CT head without contrast',
    code: 'CTHEADWO',
    bodyPart: 'HEAD',
    laterality: null,
    series: [
      ctSeries('Axial brain 5 mm', body, { ...common, kernel: 'soft' }),
      ctSeries('Axial bone', body, { ...common, kernel: 'bone', slices: Math.ceil(options.slices / 2) }),
    ],
  };
}

export function ctChest(finding: TrunkFinding, contrast: boolean, build: number, options: CtOptions): ExamDraft {
  const body: CrossSection = { region: 'chest', finding, build };
  const common = { ...options, contrast, top: 160, bottom: -150, field: 400 };
  const angiogram = finding === 'embolus';
  return {
    modality: 'CT',
    description: angiogram
      ? 'CT pulmonary angiogram'
      : contrast
        ? 'CT chest with contrast'
        : 'CT chest without contrast',
    code: angiogram ? 'CTPULANG' : contrast ? 'CTCHESTW' : 'CTCHESTWO',
    bodyPart: 'CHEST',
    laterality: null,
    series: [
      ctSeries('Axial soft tissue', body, { ...common, kernel: 'soft' }),
      ctSeries('Axial lung', body, { ...common, kernel: 'lung', slices: Math.ceil(options.slices / 2) }),
    ],
  };
}

export function ctAbdomen(finding: TrunkFinding, contrast: boolean, build: number, options: CtOptions): ExamDraft {
  const body: CrossSection = { region: 'abdomen', finding, build };
  return {
    modality: 'CT',
    description:
      finding === 'stone'
        ? 'CT abdomen pelvis, stone protocol'
        : contrast
          ? 'CT abdomen pelvis with contrast'
          : 'CT abdomen pelvis without contrast',
    code: finding === 'stone' ? 'CTSTONE' : contrast ? 'CTABDPELW' : 'CTABDPELWO',
    bodyPart: 'ABDOMEN',
    laterality: null,
    series: [
      ctSeries(contrast ? 'Axial portal venous' : 'Axial', body, {
        ...options,
        contrast,
        kernel: 'soft',
        top: 140,
        bottom: -240,
        field: 400,
      }),
    ],
  };
}

type MrRecipe = Extract<Recipe, { kind: 'mr' }>;

function mrSeries(
  description: string,
  body: CrossSection,
  weighting: MrRecipe['weighting'],
  plane: MrRecipe['plane'],
  options: {
    slices: number;
    step: number;
    field: number;
    size?: number;
    middle?: MrRecipe['middle'];
    side?: 'L' | 'R' | null;
  },
): SeriesDraft {
  const size = options.size ?? 256;
  return {
    modality: 'MR',
    description,
    width: size,
    height: size,
    spacing: options.field / size,
    count: options.slices,
    frames: 1,
    side: options.side ?? null,
    recipe: { kind: 'mr', body, weighting, plane, step: options.step, middle: options.middle ?? [0, 0, 0] },
  };
}

export function mrBrain(finding: HeadFinding, slices = 14): ExamDraft {
  const body: CrossSection = { region: 'head', finding };
  const axial = { slices, step: Math.round(140 / slices), field: 256, middle: [0, 0, 14] } as const;
  return {
    modality: 'MR',
    description: 'MR brain without contrast',
    code: 'MRBRAINWO',
    bodyPart: 'BRAIN',
    laterality: null,
    series: [
      mrSeries('Sagittal T1', body, 't1', 'sagittal', { slices: 11, step: 11, field: 256 }),
      mrSeries('Axial T2', body, 't2', 'axial', axial),
      mrSeries('Axial FLAIR', body, 'flair', 'axial', axial),
      mrSeries('Axial diffusion', body, 'dwi', 'axial', axial),
    ],
  };
}

export function mrKnee(side: 'L' | 'R', finding: KneeFinding): ExamDraft {
  const body: CrossSection = { region: 'knee', finding };
  const common = { field: 160, side } as const;
  return {
    modality: 'MR',
    description: `MR ${side === 'L' ? 'left' : 'right'} knee without contrast`,
    code: `MRKNEEWO${side}`,
    bodyPart: 'KNEE',
    laterality: side,
    series: [
      mrSeries('Sagittal PD fat sat', body, 'pd-fat-sat', 'sagittal', { ...common, slices: 17, step: 5 }),
      mrSeries('Coronal T1', body, 't1', 'coronal', { ...common, slices: 12, step: 6.5 }),
      mrSeries('Axial PD fat sat', body, 'pd-fat-sat', 'axial', { ...common, slices: 12, step: 6.5 }),
    ],
  };
}

export function mrLumbar(finding: LumbarFinding): ExamDraft {
  const body: CrossSection = { region: 'lumbar', finding };
  const middle = [0, 10, 20] as const;
  return {
    modality: 'MR',
    description: 'MR lumbar spine without contrast',
    code: 'MRLSPINEWO',
    bodyPart: 'LSPINE',
    laterality: null,
    series: [
      mrSeries('Sagittal T2', body, 't2', 'sagittal', { slices: 11, step: 6, field: 320, middle }),
      mrSeries('Sagittal T1', body, 't1', 'sagittal', { slices: 11, step: 6, field: 320, middle }),
      mrSeries('Axial T2', body, 't2', 'axial', { slices: 12, step: 12, field: 256, middle: [0, 20, 20] }),
    ],
  };
}

type RadiographDraft = {
  readonly modality: 'CR' | 'DX';
  readonly part: string;
  readonly bodyPart: string;
  readonly code: string;
  readonly views: readonly RadiographView[];
  readonly side: 'L' | 'R' | null;
  readonly finding: RadiographFinding;
  readonly monochrome1?: boolean;
  readonly mirroredHeader?: boolean;
};

export function radiographs(draft: RadiographDraft): ExamDraft {
  const words = draft.side === null ? draft.part : `${draft.side === 'L' ? 'left' : 'right'} ${draft.part}`;
  const count = `${draft.views.length} view${draft.views.length === 1 ? '' : 's'}`;
  const chest = draft.bodyPart === 'CHEST' || draft.bodyPart === 'PELVIS';
  return {
    modality: draft.modality,
    description: `${draft.modality} ${words}, ${count}`,
    code: draft.side === null ? draft.code : `${draft.code}${draft.side}`,
    bodyPart: draft.bodyPart,
    laterality: draft.side,
    series: [
      {
        modality: draft.modality,
        description: `${words[0]?.toUpperCase()}${words.slice(1)}`,
        width: chest ? 1024 : 800,
        height: chest ? 1024 : 960,
        spacing: chest ? 0.4 : draft.bodyPart === 'FOOT' ? 0.25 : draft.bodyPart === 'SHOULDER' ? 0.4 : 0.3125,
        count: draft.views.length,
        frames: 1,
        side: draft.side,
        recipe: {
          kind: 'radiograph',
          views: draft.views,
          finding: draft.finding,
          monochrome1: draft.monochrome1 ?? false,
          mirroredHeader: draft.mirroredHeader ?? false,
        },
      },
    ],
  };
}

/** The same views on film of years ago, scanned for comparison. */
export function filmMammogram(density: number): ExamDraft {
  const exam = mammogram(density, 'none', 'L');
  return {
    ...exam,
    description: 'MG screening, digitised film',
    series: exam.series.map((series) => ({
      ...series,
      description: `${series.description}, film`,
      recipe: series.recipe.kind === 'breast' ? { ...series.recipe, film: true } : series.recipe,
    })),
  };
}

export function mammogram(density: number, finding: BreastOptions['finding'], findingSide: 'L' | 'R'): ExamDraft {
  const views = [
    ['R', 'CC'],
    ['L', 'CC'],
    ['R', 'MLO'],
    ['L', 'MLO'],
  ] as const;
  return {
    modality: 'MG',
    description: 'MG screening, bilateral',
    code: 'MGSCREEN',
    bodyPart: 'BREAST',
    laterality: 'B',
    series: views.map(([side, view]) => ({
      modality: 'MG',
      description: `${side} ${view}`,
      width: 816,
      height: 1024,
      spacing: 0.25,
      count: 1,
      frames: 1,
      side,
      recipe: { kind: 'breast', view, density, finding: side === findingSide ? finding : 'none' },
    })),
  };
}

export function ultrasound(
  part: string,
  code: string,
  bodyPart: string,
  parts: readonly { readonly subject: UltrasoundSubject; readonly frames: number; readonly words: string }[],
): ExamDraft {
  return {
    modality: 'US',
    description: `US ${part}`,
    code,
    bodyPart,
    laterality: null,
    series: parts.map((one) => ({
      modality: 'US',
      description: one.words,
      width: 640,
      height: 480,
      spacing: ultrasoundSpacing(one.subject),
      count: 1,
      frames: one.frames,
      side: null,
      recipe: { kind: 'ultrasound', subject: one.subject },
    })),
  };
}
