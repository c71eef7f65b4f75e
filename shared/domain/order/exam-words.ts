import type { Laterality } from '../study/index.ts';
import { type Region, regionsOfToken } from './body-regions.ts';
import { type ModalityGroup, modalityOfToken } from './modality-groups.ts';

/** Whether a contrast agent is meant to reach the vessels; `both` is an exam without and then with it. */
export type ContrastUse = 'with' | 'without' | 'both';

/** What the words of an exam say of it. What they do not say is empty or null, and is no contradiction to anything. */
export type ExamWords = {
  readonly modalities: ReadonlySet<ModalityGroup>;
  readonly regions: ReadonlySet<Region>;
  readonly laterality: Laterality | null;
  readonly contrast: ContrastUse | null;
  /** The least number of views that the words ask for. */
  readonly views: number | null;
  /** The sex that the organ named belongs to. */
  readonly sex: 'M' | 'F' | null;
  /** Whether a part that comes in pairs is named, so that a side is needed to read it. */
  readonly paired: boolean;
};

/** Reads an exam's words; a caller with many orders hands in one that remembers. */
export type ReadWords = (text: string) => ExamWords;

/** Longer texts are no name of an exam; beyond this they are not read, so that no text from outside can take long. */
const longest = 400;

/** Reads an exam's name as sites write it: "XR KNEE LT 2V", "CT abd/pelvis w/o contrast". English words and usual short forms. */
export function readExamWords(text: string): ExamWords {
  const tokens = tokensOf(text);
  const modalities = new Set<ModalityGroup>();
  const regions = new Set<Region>();
  for (const [at, token] of tokens.entries()) {
    const modality = modalityOfToken(token, tokens[at + 1] ?? '');
    if (modality !== null) modalities.add(modality);
    for (const region of regionsOfToken(token, tokens[at - 1] ?? '', tokens[at + 1] ?? '')) regions.add(region);
  }
  // A CT or MR angiogram is made by CT or MR; the vessels' own modality is not meant.
  if (modalities.has('CT') || modalities.has('MR')) modalities.delete('XA');
  return {
    modalities,
    regions,
    laterality: lateralityOf(tokens),
    contrast: contrastOf(tokens, modalities),
    views: viewsOf(tokens),
    sex: sexOf(tokens),
    paired: namesPairedPart(tokens),
  };
}

/** Which side free words name, such as those of a reason; null where they name none. */
export function readSide(text: string): Laterality | null {
  return lateralityOf(tokensOf(text));
}

/** Upper case, accents off, `w/o` and its kin as whole words, everything else between letters and digits a gap. */
function tokensOf(text: string): readonly string[] {
  const plain = text
    .slice(0, longest)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/\bW\s?\/\s?WO\b|\bW\s?\/\s?W\s?\/\s?O\b|\bWWO\b/g, ' WITH WITHOUT ')
    .replace(/\bW\s?\/\s?O\b|\bWO\b/g, ' WITHOUT ')
    .replace(/\bW(?:\s?\/|\b)/g, ' WITH ')
    .replace(/\bC\s?\+/g, ' POST CONTRAST ')
    .replace(/\bC-(?=\s|$|[,;)])/g, ' NO CONTRAST ')
    .replace(/\bX[\s-]?RAYS?\b/g, ' XRAY ')
    .replace(/\bLEFT-?OVER/g, ' ')
    .replace(/(\d)\s?-?\s?(?:VIEWS?|VWS?|V)\b/g, '$1 VIEWS ')
    .replace(/(\d)\+/g, '$1');
  return plain.match(/[A-Z]+|\d+/g) ?? [];
}

/** Words between "with" and the contrast that do not change what is meant. */
const between = new Set(['AND', 'OR', 'IV', 'INTRAVENOUS', 'ANY', 'THE', 'THEN', 'WITH', 'WITHOUT', 'INTRAVASCULAR']);
const contrastWords = new Set([
  'CONTRAST',
  'CONT',
  'CON',
  'CONTR',
  'GADOLINIUM',
  'GAD',
  'GADO',
  'DYE',
  'CM',
  'ENHANCEMENT',
  'CE',
]);
const before: Readonly<Record<string, 'with' | 'without' | undefined>> = {
  WITH: 'with',
  POST: 'with',
  WITHOUT: 'without',
  NO: 'without',
  NON: 'without',
  PRE: 'without',
};
const alone: Readonly<Record<string, 'with' | 'without' | undefined>> = {
  CECT: 'with',
  ENHANCED: 'with',
  POSTCONTRAST: 'with',
  CTA: 'with',
  CTPA: 'with',
  CTV: 'with',
  NCCT: 'without',
  NONCONTRAST: 'without',
  NONCON: 'without',
  PRECONTRAST: 'without',
  UNENHANCED: 'without',
  NONENHANCED: 'without',
};
/** "Contrast" in these company is a warning or a way of giving, no exam with contrast in the vessels. */
const otherContrast = new Set(['ALLERGY', 'ALLERGIC', 'REACTION', 'MEDIA', 'AGENT', 'PREP']);

function contrastOf(tokens: readonly string[], modalities: ReadonlySet<ModalityGroup>): ContrastUse | null {
  let given = false;
  let withheld = false;
  const note = (use: 'with' | 'without'): void => {
    if (use === 'with') given = true;
    else withheld = true;
  };
  for (const [at, token] of tokens.entries()) {
    const single = alone[token];
    if (single !== undefined) note(single);
    else if (/^ANGIO/.test(token) && modalities.has('CT')) note('with');
    else if (token === 'PORTAL' && tokens[at + 1] === 'VENOUS') note('with');
    const use = before[token];
    if (use !== undefined && meansContrast(tokens, at)) note(use);
    if (token === 'ENHANCED' && (tokens[at - 1] === 'NON' || tokens[at - 1] === 'NOT')) {
      given = false;
      withheld = true;
    }
    if (token === 'CONTRAST' && !qualified(tokens, at) && !otherContrast.has(tokens[at + 1] ?? '')) note('with');
  }
  return given && withheld ? 'both' : given ? 'with' : withheld ? 'without' : null;
}

/** Whether the word at `at` is about contrast: "with and without IV contrast", "CT chest without". "With oral contrast" is not. */
function meansContrast(tokens: readonly string[], at: number): boolean {
  const linking = tokens[at] === 'WITH' || tokens[at] === 'WITHOUT';
  for (let next = at + 1; next < tokens.length; next += 1) {
    const token = tokens[next] ?? '';
    if (contrastWords.has(token)) return true;
    if (!between.has(token) && token !== 'POST' && token !== 'PRE') return false;
    // "With without": each speaks for itself and of the same thing.
    if (linking && next === tokens.length - 1) return true;
  }
  return linking && at === tokens.length - 1;
}

function qualified(tokens: readonly string[], at: number): boolean {
  for (let back = at - 1; back >= 0; back -= 1) {
    const token = tokens[back] ?? '';
    if (before[token] !== undefined || token === 'ORAL' || token === 'RECTAL' || token === 'ENTERIC') return true;
    if (!between.has(token)) return false;
  }
  return false;
}

/** Parts that come in pairs: a single letter beside one of them is a side ("L KNEE"), beside "SPINE" it is not. */
const paired =
  /^(KNEES?|HIPS?|ANKLES?|FOOT|FEET|HANDS?|WRISTS?|ELBOWS?|SHOULDERS?|FEMUR|TIBIA|FIBULA|TIBFIB|HUMERUS|FOREARM|LEGS?|ARMS?|FINGERS?|THUMB|TOES?|CLAVICLE|SCAPULA|HEEL|CALCANEUS|EYES?|EARS?|ORBITS?|BREASTS?|OVARY|OVARIES|TESTIS|TESTES|KIDNEYS?|EXTREMITY|RIBS|MAMMOGRAM)$/;

function namesPairedPart(tokens: readonly string[]): boolean {
  return tokens.some(
    (token) => paired.test(token) && !/^(KIDNEYS?|OVARIES|TESTES|RIBS|MAMMOGRAM|ORBITS|EYES|EARS)$/.test(token),
  );
}

function lateralityOf(tokens: readonly string[]): Laterality | null {
  let left = false;
  let right = false;
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1] ?? '';
    const beside = paired.test(next) || paired.test(tokens[at - 1] ?? '');
    // A quadrant, a chamber of the heart and a lobe are places within one part, no side of a pair.
    if (/^(UPPER|LOWER)$/.test(next) && /^(QUADRANT|LOBE)$/.test(tokens[at + 2] ?? '')) continue;
    if (/^(VENTRIC\w*|ATRI\w*|LOBE|HEART|HANDED|COLON)$/.test(next)) continue;
    if (/^(BILATERAL|BILAT|BILATERALLY)$/.test(token) || (/^(BOTH|BIL)$/.test(token) && paired.test(next))) {
      left = true;
      right = true;
    } else if (token === 'LEFT' || token === 'LT' || (token === 'L' && beside)) left = true;
    else if (token === 'RIGHT' || token === 'RT' || (token === 'R' && beside)) right = true;
  }
  return left && right ? 'B' : left ? 'L' : right ? 'R' : null;
}

const numberWords: Readonly<Record<string, number | undefined>> = {
  SINGLE: 1,
  ONE: 1,
  TWO: 2,
  THREE: 3,
  FOUR: 4,
  FIVE: 5,
  SIX: 6,
};

function viewsOf(tokens: readonly string[]): number | null {
  const text = tokens.join(' ');
  const range =
    /\b(\d{1,2}) (?:TO|OR) (?:\d{1,2} |MORE )?VIEWS?\b/.exec(text) ?? /\b(\d{1,2}) \d{1,2} VIEWS?\b/.exec(text);
  if (range !== null) return inRange(Number(range[1]));
  const spelled = /\b(\d{1,2}|SINGLE|ONE|TWO|THREE|FOUR|FIVE|SIX) (?:OR MORE )?(?:VIEWS?|VWS?|PROJECTIONS?)\b/.exec(
    text,
  );
  if (spelled !== null) return inRange(numberWords[spelled[1] ?? ''] ?? Number(spelled[1]));
  return /\b(?:PA|AP|FRONTAL) (?:AND )?(?:LAT|LATERAL)\b/.test(text) ? 2 : null;
}

function inRange(count: number): number | null {
  return count >= 1 && count <= 20 ? count : null;
}

const female =
  /^(UTERUS|UTERINE|OVARY|OVARIES|OVARIAN|TRANSVAGINAL|OB|OBSTETRIC|OBSTETRICAL|FETAL|FETUS|PREGNANCY|HYSTEROSALPINGOGRAM|ENDOMETRIUM)$/;
const male = /^(PROSTATE|PROSTATIC|SCROTUM|SCROTAL|TESTIS|TESTES|TESTICULAR|TESTICLE|TESTICLES|PENIS|PENILE)$/;

function sexOf(tokens: readonly string[]): 'M' | 'F' | null {
  const women = tokens.some((token) => female.test(token));
  const men = tokens.some((token) => male.test(token));
  return women === men ? null : women ? 'F' : 'M';
}
