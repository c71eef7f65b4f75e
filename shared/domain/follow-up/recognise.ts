import { hasWords, sentencesOf, type Token } from '../checks/index.ts';
import { type ModalityGroup, modalityOfToken } from '../order/index.ts';
import { type BodyPart, bodyPartsIn } from './body-part.ts';
import type { Interval } from './interval.ts';
import { namedIntervals } from './interval-words.ts';

/** The rules by which words are taken for a recommendation. All of them are words that were written; nothing is concluded from findings. */
export const recognitionRules = {
  recommended: 'Words of recommending: recommend, advise, suggest, should be obtained, is warranted.',
  optional: 'Words that leave it open: consider, may be helpful, could be obtained.',
  'follow-up': 'Follow-up, surveillance, repeat or interval imaging with a time, without a verb of recommending.',
  denied: 'No follow-up needed, not recommended, no further imaging: no recommendation.',
  past: 'Times and follow-ups that have been: ago, prior, stable for, compared with.',
  clinical: 'Follow-up with a clinician, correlation or consultation: no imaging.',
  conditional: 'If, should, unless, as clinically indicated: a condition is kept with it.',
  range: 'In 3 to 6 months: from the first to the last.',
  within: 'Within a week: from now to the last.',
  in: 'In 6 months, at 12 months.',
  adjective: '6-month follow-up.',
  every: 'Annual, every 6 months: the first of them.',
} as const;
export type RecognitionRule = keyof typeof recognitionRules;

/** A recommendation of imaging as the words say it. What they do not say is empty, and never filled in. */
export type Recommendation = {
  /** Section code; `exam` the Study Instance UID in a report over several. */
  readonly section: string;
  readonly exam?: string | undefined;
  /** Characters of the section's text. */
  readonly from: number;
  readonly to: number;
  /** The sentence, as it stands. */
  readonly quote: string;
  /** Any of these does it; empty where the words name none. */
  readonly modalities: readonly ModalityGroup[];
  readonly bodyPart: BodyPart | null;
  readonly interval: Interval | null;
  /** "if symptoms persist"; empty where it is recommended outright. */
  readonly condition: string;
  readonly rules: readonly RecognitionRule[];
  /** What a person has to look at before it is taken; empty where all of it is said plainly. */
  readonly doubts: readonly string[];
};

export type ReadSection = { readonly code: string; readonly text: string; readonly exam?: string | undefined };

/** Where readers recommend: findings, impression, addendum. History and technique tell of what was. */
const readCodes: ReadonlySet<string> = new Set(['59776-5', '19005-8', '55107-7', 'addendum', '18783-1']);

const recommending = [
  ...['recommend', 'recommends', 'recommended', 'recommending', 'recommendation', 'recommendations'],
  ...['advise', 'advised', 'advisable', 'suggest', 'suggested', 'is warranted', 'are warranted', 'is indicated'],
  ...['should be obtained', 'should be performed', 'should be repeated', 'should be followed', 'should undergo'],
  ...['is required', 'is needed', 'needs', 'is necessary', 'please obtain', 'please repeat'],
];
const leavingOpen = [
  ...['consider', 'considered', 'could be obtained', 'may be obtained', 'can be obtained', 'could be performed'],
  ...[
    'may be helpful',
    'would be helpful',
    'could be helpful',
    'may be useful',
    'would be useful',
    'is optional',
    'optional',
  ],
];
const followUps = [
  'follow - up',
  'follow up',
  'followup',
  'surveillance',
  'repeat',
  'interval imaging',
  'reimaging',
  're - imaging',
];
const imagingWords = ['imaging', 'scan', 'film', 'films', 'radiograph', 'radiographs', 'study', 'exam', 'examination'];
const clinical = [
  ...['clinical follow', 'follow - up with', 'follow up with', 'followup with', 'clinical correlation', 'consultation'],
  ...[
    'correlate clinically',
    'clinically correlate',
    'referral',
    'evaluation by',
    'biopsy',
    'tissue sampling',
    'endoscopy',
  ],
  ...['colonoscopy', 'laboratory'],
];
const ofThePast = [
  'ago',
  'compared',
  'comparison',
  'previously',
  'since',
  'unchanged from',
  'stable from',
  'as recommended',
  'was recommended',
  'were recommended',
  'was performed',
  'had been',
];
/** "No follow-up", "not recommended", "without need for": but not "without contrast". */
const denying = new Set(['no', 'not', 'never', 'neither', 'nor', 'unnecessary', "doesn't", "isn't", 'cannot']);

/** Modality codes that are other words in a sentence: a patient, a doctor. */
const noWords = new Set(['PT', 'IO', 'PX', 'DR', 'DX', 'FL', 'RG', 'CR', 'NM', 'MG', 'XA', 'RF', 'US', 'XR']);

function modalitiesIn(tokens: readonly Token[], text: string): readonly ModalityGroup[] {
  const found = new Set<ModalityGroup>();
  tokens.forEach((token, place) => {
    const next = tokens[place + 1]?.text.toUpperCase() ?? '';
    const written = text.slice(token.from, token.to);
    const word = token.text.toUpperCase();
    // "US" in capitals among small letters is ultrasound; "us" is people.
    if (noWords.has(word) && !((word === 'US' || word === 'XR') && written === word && text !== text.toUpperCase()))
      return;
    const third = tokens[place + 2]?.text;
    const xray =
      (word === 'X' && next === '-' && (third === 'ray' || third === 'rays')) || (word === 'X' && /^RAYS?$/.test(next));
    const group = xray ? 'XR' : (extraWords[token.text] ?? modalityOfToken(word, next));
    if (group !== null && group !== undefined) found.add(group);
  });
  return [...found];
}
const extraWords: { readonly [word: string]: ModalityGroup | undefined } = {
  ...{
    sonographic: 'US',
    sonographically: 'US',
    sonograms: 'US',
    ultrasounds: 'US',
    radiographically: 'XR',
    xray: 'XR',
  },
  ...{ tomography: 'CT', mammographic: 'MG', urogram: 'CT', enterography: 'MR' },
};

/** Parts of a sentence that say one thing each: a denial in one says nothing of the next. */
function clausesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const clauses: Token[][] = [[]];
  for (const token of tokens) {
    if (/^(?:,|:|but|however|although|instead|otherwise|whereas|though)$/.test(token.text)) clauses.push([]);
    else clauses.at(-1)?.push(token);
  }
  return clauses.filter((one) => one.length > 0);
}

const opensCondition = /^(?:if|unless|should|when|where|provided)$/;
/** From "if" on, or "as clinically indicated"; empty where nothing is made a condition. */
function conditionOf(
  tokens: readonly Token[],
  text: string,
): { readonly words: string; readonly of: ReadonlySet<Token> } {
  const at = tokens.findIndex((token, place) => {
    const [next, then] = [tokens[place + 1]?.text ?? '', tokens[place + 2]?.text ?? ''];
    if (token.text === 'as') return /^(?:clinically|needed|indicated|warranted|necessary|symptoms)$/.test(next);
    if (token.text === 'depending') return next === 'on' || next === 'upon';
    if (token.text === 'in') return next === 'case' || (next === 'the' && then === 'event');
    // "should be obtained" recommends; "should symptoms persist" makes a condition.
    if (token.text === 'should')
      return (
        !/^(?:be|also|undergo|have|include|not|receive|get)$/.test(next) &&
        (place === 0 || tokens[place - 1]?.text === ',')
      );
    if (token.text === 'when' || token.text === 'where')
      return next === 'clinically' || next === 'feasible' || next === 'able';
    return opensCondition.test(token.text);
  });
  const first = tokens[at];
  if (at < 0 || first === undefined) return { words: '', of: new Set() };
  const comma = tokens.findIndex((token, place) => place > at && token.text === ',');
  const held = tokens.slice(at, comma < 0 ? tokens.length : comma);
  return { words: text.slice(first.from, held.at(-1)?.to ?? first.to), of: new Set(held) };
}

/** The recommendations of imaging that a report's words make, in their order. The same words always give the same. */
export function recommendationsIn(sections: readonly ReadSection[]): readonly Recommendation[] {
  return sections.flatMap((section) =>
    readCodes.has(section.code)
      ? sentencesOf(section.text).flatMap(({ tokens, from, to }) => {
          const found = readSentence(tokens, section.text);
          const place = { section: section.code, ...(section.exam === undefined ? {} : { exam: section.exam }) };
          return found === null ? [] : [{ ...place, from, to, quote: section.text.slice(from, to), ...found }];
        })
      : [],
  );
}

type Said = Omit<Recommendation, 'section' | 'exam' | 'from' | 'to' | 'quote'>;

function readSentence(tokens: readonly Token[], text: string): Said | null {
  const condition = conditionOf(tokens, text);
  const plain = tokens.filter((token) => !condition.of.has(token));
  const saying = clausesOf(plain).filter((clause) => hasWords(clause, ...recommending, ...leavingOpen, ...followUps));
  const standing = saying.filter((clause) => !isDenied(clause));
  if (standing.length === 0) return null;
  const recommends = standing.some((clause) => hasWords(clause, ...recommending));
  const open = standing.some((clause) => hasWords(clause, ...leavingOpen));
  const follows = standing.some((clause) => hasWords(clause, ...followUps));
  const denied = saying.filter((clause) => !standing.includes(clause));
  const counted = plain.filter((token) => !denied.some((clause) => clause.includes(token)));
  const modalities = modalitiesIn(counted, text);
  const imaging = modalities.length > 0 || hasWords(counted, ...imagingWords);
  if (!imaging && (!follows || hasWords(counted, ...clinical))) return null;
  const begin = tokens[0]?.from ?? 0;
  const named = namedIntervals(text.slice(begin, tokens.at(-1)?.to ?? begin)).filter(
    (one) => ![...condition.of, ...denied.flat()].some(({ from }) => from >= begin + one.from && from < begin + one.to),
  );
  const [first] = named;
  if (hasWords(tokens, ...ofThePast) && first === undefined) return null;
  if (!recommends && !open) {
    // "Follow-up CT" alone may be what this exam is.
    if (first === undefined || hasWords(tokens, ...ofThePast)) return null;
  }
  const part = bodyPartsIn(counted.map((token) => token.text));
  const doubts = [
    ...(recommends
      ? []
      : [open ? 'The words leave it open.' : 'The words name a follow-up and do not say who recommends it.']),
    ...(modalities.length === 0 ? ['They name no kind of exam.'] : []),
    ...(modalities.length > 1 ? ['They name more than one kind of exam: either is taken as done.'] : []),
    ...(part.length === 0 ? ['They name no part of the body.'] : []),
    ...(part.length > 1 ? ['They name more than one part of the body.'] : []),
    ...(first === undefined ? ['They name no time.'] : []),
    ...(named.length > 1 ? ['They name more than one time: the first is taken.'] : []),
  ];
  return {
    modalities,
    bodyPart: part[0] ?? null,
    interval: first?.interval ?? null,
    condition: condition.words,
    rules: [
      recommends ? 'recommended' : open ? 'optional' : 'follow-up',
      ...(condition.words === '' ? [] : (['conditional'] as const)),
      ...(first === undefined ? [] : [first.rule]),
    ],
    doubts,
  };
}

function isDenied(clause: readonly Token[]): boolean {
  return clause.some(({ text }, place) => {
    if (text === 'without') return /^(?:need|follow|further)$/.test(clause[place + 1]?.text ?? '');
    // "If not already done" stands in the condition and is no part of this; "not only" denies nothing.
    return denying.has(text) && clause[place + 1]?.text !== 'only' && saysWhetherToDo(clause, place);
  });
}

/** A "no" that stands before or right behind the words of recommending; "nodule not seen before" denies something else. */
function saysWhetherToDo(clause: readonly Token[], at: number): boolean {
  const denied =
    /^(?:recommend|recommended|advised|suggested|required|needed|necessary|indicated|warranted|require|need|requires|needs)$/;
  const object =
    /^(?:follow|followup|surveillance|repeat|imaging|further|additional|dedicated|routine|specific|immediate)$/;
  const behind = clause.slice(at + 1, at + 6);
  return (
    behind.some(({ text }) => denied.test(text)) ||
    object.test(behind[0]?.text ?? '') ||
    clause[at]?.text === 'unnecessary'
  );
}
