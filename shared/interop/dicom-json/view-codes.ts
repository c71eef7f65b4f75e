import { type View, views } from '../../domain/hanging/index.ts';

/**
 * View Code Sequence (0054,0220): PS3.16 CID 4014 (mammography) and CID 4010 (radiography), SNOMED CT first, then the codes of SNOMED-RT
 * that older machines write (PS3.16 Annex O).
 */
const byCode: { readonly [code: string]: View | undefined } = {
  '399162004': 'CC',
  'R-10242': 'CC',
  '399368009': 'MLO',
  'R-10226': 'MLO',
  '399260004': 'ML',
  'R-10224': 'ML',
  '399352003': 'LM',
  'R-10228': 'LM',
  '399099002': 'LMO',
  'R-10230': 'LMO',
  '399196006': 'FB',
  'R-10244': 'FB',
  '399188001': 'SIO',
  'R-102D0': 'SIO',
  '441555000': 'ISO',
  'R-40AAA': 'ISO',
  '399192008': 'XCCL',
  'R-1024A': 'XCCL',
  'Y-X1770': 'XCCL',
  '399101009': 'XCCM',
  'R-1024B': 'XCCM',
  'Y-X1771': 'XCCM',
  '127457009': 'SPECIMEN',
  'G-8310': 'SPECIMEN',
  '399348003': 'AP',
  'R-10206': 'AP',
  '272479007': 'PA',
  '399066004': 'PA',
  'R-10214': 'PA',
  '399067008': 'LATERAL',
  'R-102CD': 'LATERAL',
  '399173006': 'LATERAL',
  'R-10236': 'LATERAL',
  '399198007': 'LATERAL',
  'R-10232': 'LATERAL',
  '399182000': 'OBLIQUE',
  'R-102C1': 'OBLIQUE',
  '399236003': 'OBLIQUE',
  'R-10234': 'OBLIQUE',
  '399184004': 'OBLIQUE',
  'R-10238': 'OBLIQUE',
  '260427002': 'OBLIQUE',
  '260426006': 'OBLIQUE',
  '399312000': 'OBLIQUE',
  '399059000': 'OBLIQUE',
  '399038007': 'OBLIQUE',
  '399006002': 'OBLIQUE',
  '399356000': 'OBLIQUE',
  '399135007': 'OBLIQUE',
  '399061009': 'AXIAL',
  'R-10241': 'AXIAL',
};

/** Defined terms of View Position (0018,5101) in radiography (PS3.3 C.8.1.2) and in mammography (C.8.11.7), and what machines write. */
const byPosition: { readonly [position: string]: View | undefined } = {
  ...Object.fromEntries(views.map((view) => [view, view])),
  LL: 'LATERAL',
  RL: 'LATERAL',
  LAT: 'LATERAL',
  LLD: 'AP',
  RLD: 'AP',
  RLO: 'OBLIQUE',
  LLO: 'OBLIQUE',
  RAO: 'OBLIQUE',
  LAO: 'OBLIQUE',
  RPO: 'OBLIQUE',
  LPO: 'OBLIQUE',
  OBL: 'OBLIQUE',
  AX: 'AXIAL',
};

/** The view of an image: its code before its position, its position before the words of its series ("L MLO"). */
export function viewOf(code: string | null, position: string | null, words: string): View | null {
  const coded = code === null ? undefined : byCode[code];
  if (coded !== undefined) return coded;
  const placed = position === null ? undefined : byPosition[position.toUpperCase()];
  if (placed !== undefined) return placed;
  const found = words.toUpperCase().match(/\b[LR]?(XCCL|XCCM|MLO|LMO|CC|ML|LM)\b/)?.[1];
  return found === undefined ? null : (byPosition[found] ?? null);
}
