import type { BreastImageFacts } from '../../domain/mammography/index.ts';
import type { Laterality } from '../../domain/study/index.ts';
import { cleanDicomJson, type DicomJson, items, number, text } from './dicom-json.ts';
import { viewOf } from './view-codes.ts';

const sides: { readonly [code: string]: Laterality | undefined } = { L: 'L', R: 'R', B: 'B' };

/** Attributes that are read, all others are not even copied: functional groups of a tomosynthesis may be megabytes. */
const read = [
  '00080016',
  '00080018',
  '00080060',
  '00080064',
  '00080068',
  '0008103E',
  '00083002',
  '00180015',
  '00185101',
  '0020000E',
  '00200013',
  '00200060',
  '00200062',
  '00280008',
  '00280010',
  '00280011',
  '00282110',
  '00540220',
  '52009229',
];

/** Transfer syntaxes that are never lossless (PS3.5 A.4): JPEG baseline and extended, JPEG-LS near-lossless, MPEG and HEVC. */
const lossySyntax =
  /^1\.2\.840\.10008\.1\.2\.4\.(?:50|51|81|100(?:\.1)?|101(?:\.1)?|102(?:\.1)?|103(?:\.1)?|104(?:\.1)?|105(?:\.1)?|106(?:\.1)?|107|108)$/;

/**
 * What an image says of itself for the rules of mammography, from its metadata (PS3.18 10.4.1.1.2); null for what is no image. The view
 * of a tomosynthesis stands in its shared functional groups (PS3.3 C.8.21.3).
 */
export function breastImageFromDicom(data: unknown): BreastImageFacts | null {
  const clean = pick(data);
  const instanceUid = clean === null ? null : text(clean, '00080018');
  const seriesUid = clean === null ? null : text(clean, '0020000E');
  const [rows, columns] = clean === null ? [null, null] : [number(clean, '00280010'), number(clean, '00280011')];
  if (clean === null || instanceUid === null || seriesUid === null || rows === null || columns === null) return null;
  const shared = items(clean, '52009229')[0] ?? {};
  const coded = items(clean, '00540220')[0] ?? items(shared, '00540220')[0] ?? null;
  const anatomy = items(shared, '00209071')[0] ?? {};
  const intent = text(clean, '00080068') ?? '';
  const description = text(clean, '0008103E') ?? '';
  const side = text(clean, '00200062') ?? text(clean, '00200060') ?? text(anatomy, '00209072') ?? '';
  return {
    instanceUid,
    seriesUid,
    sopClassUid: text(clean, '00080016') ?? '',
    modality: text(clean, '00080060') ?? '',
    bodyPart: text(clean, '00180015') ?? '',
    lossy: text(clean, '00282110') === '01' || lossySyntax.test(text(clean, '00083002') ?? ''),
    conversionType: text(clean, '00080064') ?? '',
    intent: intent === 'FOR PRESENTATION' ? 'presentation' : intent === 'FOR PROCESSING' ? 'processing' : null,
    laterality: sides[side.toUpperCase()] ?? null,
    view: viewOf(coded === null ? null : text(coded, '00080100'), text(clean, '00185101'), description),
    viewModifiers: coded === null ? 0 : items(coded, '00540222').length,
    description,
    number: number(clean, '00200013'),
    frames: Math.max(1, Math.trunc(number(clean, '00280008') ?? 1)),
    rows: Math.max(0, Math.trunc(rows)),
    columns: Math.max(0, Math.trunc(columns)),
  };
}

function pick(data: unknown): DicomJson | null {
  if (typeof data !== 'object' || data === null) return null;
  const wanted: { [tag: string]: unknown } = {};
  for (const tag of read)
    if (Object.hasOwn(data, tag)) wanted[tag] = (data as { readonly [tag: string]: unknown })[tag];
  const clean = cleanDicomJson(wanted, { depth: 8, values: 5_000, characters: 200_000 });
  return clean.ok ? clean.value : null;
}
