import type {
  InstanceDescription,
  SeriesDescription,
  SlicePlane,
  StudyDescription,
} from '../../domain/hanging/index.ts';
import type { Laterality } from '../../domain/study/index.ts';
import { cleanDicomJson, type DicomJson, items, number, text, texts } from './dicom-json.ts';
import { viewOf } from './view-codes.ts';

const sides: { readonly [code: string]: Laterality | undefined } = { L: 'L', R: 'R', B: 'B' };

/** Modalities (PS3.3 C.7.3.1.1.1) whose images each hang by themselves and not as slices of one stack. */
const single = new Set([
  'CR',
  'DX',
  'RG',
  'MG',
  'US',
  'XA',
  'RF',
  'NM',
  'XC',
  'ES',
  'IO',
  'PX',
  'OP',
  'SC',
  'GM',
  'SM',
]);
/** Images of one series that are told apart; a series of more is one stack. */
const mostInstances = 100;

/** Attributes that hanging reads, all others are not even copied: a per-frame sequence may be megabytes. */
const read = [
  '00080008',
  '00080018',
  '00080060',
  '00080068',
  '00081030',
  '00081032',
  '0008103E',
  '00180010',
  '00180015',
  '00180050',
  '00181063',
  '00181210',
  '00185101',
  '0020000D',
  '0020000E',
  '00200011',
  '00200013',
  '00200020',
  '00200037',
  '00200060',
  '00200062',
  '00280008',
  '00280010',
  '00280051',
  '00540220',
  '52009229',
];

const frameGroups = '52009230';

function pick(data: unknown): DicomJson | null {
  if (typeof data !== 'object' || data === null) return null;
  const wanted: { [tag: string]: unknown } = {};
  for (const tag of read)
    if (Object.hasOwn(data, tag)) wanted[tag] = (data as { readonly [tag: string]: unknown })[tag];
  // Of the functional groups of each frame (PS3.3 C.7.6.16.1) the first frame's alone: it stands for its stack.
  const perFrame = (data as { readonly [tag: string]: unknown })[frameGroups];
  if (typeof perFrame === 'object' && perFrame !== null && 'Value' in perFrame && Array.isArray(perFrame.Value))
    wanted[frameGroups] = { vr: 'SQ', Value: perFrame.Value.slice(0, 1) };
  const clean = cleanDicomJson(wanted, { depth: 8, values: 5_000, characters: 200_000 });
  return clean.ok ? clean.value : null;
}

/**
 * A series as hanging reads it, from its instances' metadata (PS3.18 10.4.1.1.2). `images` is how many frames can be shown. Malformed
 * attributes say nothing.
 */
export function seriesDescriptionFromDicom(
  uids: { readonly studyUid: string; readonly seriesUid: string },
  instances: readonly unknown[],
  images: number,
): SeriesDescription {
  const first = pick(instances[0]) ?? {};
  const modality = (text(first, '00080060') ?? '').toUpperCase();
  const apart =
    single.has(modality) && instances.length <= mostInstances
      ? instances.flatMap((one) => {
          const data = pick(one);
          const instance = data === null ? null : instanceOf(data);
          return instance === null ? [] : [instance];
        })
      : [];
  const groups = [...items(first, '52009229'), ...items(first, frameGroups)];
  const group = (tag: string): DicomJson | null => groups.map((one) => items(one, tag)[0]).find(Boolean) ?? null;
  const cosines = texts(group('00209116') ?? first, '00200037').map(Number);
  return {
    ...uids,
    number: number(first, '00200011'),
    modality,
    description: text(first, '0008103E') ?? '',
    bodyPart: text(first, '00180015') ?? '',
    laterality: sides[(text(first, '00200060') ?? text(first, '00200062') ?? '').toUpperCase()] ?? null,
    images,
    plane: planeOf(cosines),
    thickness: number(group('00289110') ?? first, '00180050'),
    kernel: texts(first, '00181210').join(' '),
    contrast: text(first, '00180010') !== null,
    cine: (number(first, '00280008') ?? 1) > 1 && number(first, '00181063') !== null,
    imageType: texts(first, '00080008'),
    corrected: texts(first, '00280051'),
    instances: apart,
  };
}

/** What a study says of itself in its first image: place, words and codes of the procedure. */
export function studyTraitsFromDicom(data: unknown): Pick<StudyDescription, 'bodyPart' | 'description' | 'procedure'> {
  const first = pick(data) ?? {};
  return {
    bodyPart: text(first, '00180015') ?? '',
    description: text(first, '00081030') ?? '',
    procedure: items(first, '00081032').map((item) => ({
      code: text(item, '00080100') ?? '',
      scheme: text(item, '00080102') ?? '',
      meaning: text(item, '00080104') ?? '',
    })),
  };
}

function instanceOf(data: DicomJson): InstanceDescription | null {
  const instanceUid = text(data, '00080018');
  if (instanceUid === null || number(data, '00280010') === null) return null;
  const coded = items(data, '00540220')[0] ?? null;
  const code = coded === null ? null : text(coded, '00080100');
  const intent = text(data, '00080068') ?? '';
  const isBreast = text(data, '00080060') === 'MG';
  return {
    instanceUid,
    number: number(data, '00200013'),
    frames: Math.max(1, Math.trunc(number(data, '00280008') ?? 1)),
    view: viewOf(code, text(data, '00185101'), isBreast ? (text(data, '0008103E') ?? '') : ''),
    viewModifiers: coded === null ? 0 : items(coded, '00540222').length,
    laterality: sides[(text(data, '00200062') ?? text(data, '00200060') ?? '').toUpperCase()] ?? null,
    chestWall: isBreast ? chestWallOf(texts(data, '00200020')) : null,
    intent: intent === 'FOR PRESENTATION' ? 'presentation' : intent === 'FOR PROCESSING' ? 'processing' : null,
  };
}

/**
 * Patient Orientation (0020,0020; PS3.3 C.7.6.1.1.1): a row that runs to anterior begins at the chest wall, one that runs to posterior
 * ends there.
 */
function chestWallOf(orientation: readonly string[]): InstanceDescription['chestWall'] {
  const row = orientation[0] ?? '';
  return row.startsWith('A') ? 'left' : row.startsWith('P') ? 'right' : null;
}

/** By the largest part of the normal (PS3.3 C.7.6.2.1.1); within some 25 degrees of an axis it carries its name. */
function planeOf(cosines: readonly number[]): SlicePlane | null {
  if (cosines.length !== 6 || cosines.some((one) => !Number.isFinite(one))) return null;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = cosines;
  const normal = [Math.abs(b * f - c * e), Math.abs(c * d - a * f), Math.abs(a * e - b * d)] as const;
  const length = Math.hypot(...normal);
  if (length < 0.5) return null;
  const largest = Math.max(...normal);
  if (largest / length < 0.9) return 'oblique';
  return largest === normal[0] ? 'sagittal' : largest === normal[1] ? 'coronal' : 'axial';
}
