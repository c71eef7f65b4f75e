import { type CheckedSection, type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { assertionOf } from '../text/assertion.ts';
import { isWord, sentencesOf, type Token } from '../text/sentences.ts';
import { type SideMention, sideOf, sidesIn } from '../text/sides.ts';
import { pairsOf } from './contradiction.ts';

const sideWords = { L: 'left', R: 'right' } as const;

/** Words that tell neither what was found nor where. */
const empty =
  /^(a|an|the|of|in|on|at|to|is|are|was|were|be|been|there|this|that|these|as|by|for|from|has|have|had|or|and|with|within|along|over|near|into|also|which|may|most|likely|mild|mildly|moderate|severe|small|large|tiny|minimal|trace|new|old|stable|unchanged|interval|increased|decreased|persistent|acute|chronic|no|not|without|evidence|seen|noted|again|present|identified|finding|findings|region|area|aspect|side|sided|portion|level|appearance|consistent|compatible|suspicious|probable|possible|due|related|secondary|versus|vs|one|two|slightly|slight|some|mm|cm|given|recommend|recommended|compared|comparison|prior|previous|since|exam|examination|study|measuring|measures|approximately|patient|further|evaluation|clinical|correlation)$/;
/** Words that tell where, not what. */
const places =
  /^(lung|lungs|lobe|lobes|lobar|upper|lower|middle|mid|base|bases|basilar|basal|bibasilar|apex|apical|apices|hilum|hilar|perihilar|hemithorax|thorax|chest|hemidiaphragm|diaphragm|costophrenic|angle|zone|field|lateral|medial|anterior|posterior|superior|inferior|pole|kidney|breast|quadrant|hemisphere|frontal|temporal|parietal|occipital|cerebellar|cerebral|hip|knee|shoulder|ankle|wrist|elbow|foot|hand|rib|ribs|clavicle|humerus|femur|adrenal|ovary|proximal|distal|midlung|suprahilar|infrahilar|paramediastinal|retrocardiac|pleural|pulmonary|subsegmental|segmental)$/;

/** Words for one thing. Both sections rarely use the same. */
const same: readonly (readonly string[])[] = [
  [
    'opacity',
    'opacities',
    'opacification',
    'density',
    'densities',
    'airspace',
    'consolidation',
    'consolidations',
    'infiltrate',
    'infiltrates',
    'pneumonia',
  ],
  ['nodule', 'nodules', 'nodular', 'granuloma', 'granulomas', 'mass', 'masses', 'lesion', 'lesions'],
  ['effusion', 'effusions', 'fluid', 'blunting'],
  ['atelectasis', 'atelectatic', 'collapse', 'volume'],
  ['scar', 'scarring', 'fibrosis', 'fibrotic', 'thickening'],
  ['fracture', 'fractures', 'fractured'],
  ['pneumothorax', 'pneumothoraces'],
  ['catheter', 'line', 'picc', 'port', 'cvc', 'portacath'],
  ['elevation', 'elevated', 'eventration'],
  ['stone', 'stones', 'calculus', 'calculi', 'nephrolithiasis'],
  ['cyst', 'cysts', 'cystic'],
];

function thing(word: string): string {
  const at = same.findIndex((list) => list.includes(word));
  return at >= 0 ? (same[at]?.[0] ?? word) : word.replace(/s$/, '');
}

/** One place in its several names. */
function place(word: string): string {
  if (/^(base|bases|basilar|basal|bibasilar|bibasal|lower|inferior|lll|rll)$/.test(word)) return 'lower';
  if (/^(apex|apical|apices|biapical|upper|superior|lul|rul)$/.test(word)) return 'upper';
  if (/^(mid|middle|midlung|rml)$/.test(word)) return 'mid';
  if (/^(hilum|hilar|perihilar|suprahilar|infrahilar)$/.test(word)) return 'hilar';
  return word.replace(/s$/, '');
}

type Told = {
  readonly mention: SideMention;
  readonly things: ReadonlySet<string>;
  readonly where: ReadonlySet<string>;
  /** Things of the whole sentence: "atelectasis and, in the left base, effusion". */
  readonly around: ReadonlySet<string>;
};

const telling = (tokens: readonly Token[]): readonly string[] =>
  tokens.map(({ text }) => text).filter((text) => isWord(text) && !empty.test(text));
const thingsOf = (tokens: readonly Token[]): ReadonlySet<string> =>
  new Set(
    telling(tokens)
      .filter((word) => sideOf(word) === null && !places.test(word))
      .map(thing),
  );

function told(mention: SideMention): Told {
  const { clause, sentence } = mention;
  const where = telling(clause).filter((word) => places.test(word) || /^[lr][uml]l$/.test(word));
  return { mention, things: thingsOf(clause), where: new Set(where.map(place)), around: thingsOf(sentence.tokens) };
}

/** Places that tell little: nearly every line of a chest names them. */
const wide = /^(lung|lobe|lobar|hemithorax|thorax|chest|pulmonary|pleural|side)$/;

const shared = (left: ReadonlySet<string>, right: ReadonlySet<string>): readonly string[] =>
  [...left].filter((word) => right.has(word));

/** How much two mentions speak of one thing in one place. */
function likeness(one: Told, other: Told): number {
  if (!mayMeet(one.where, other.where)) return 0;
  const where = shared(one.where, other.where).reduce((sum, word) => sum + (wide.test(word) ? 0.5 : 2), 0);
  const own = shared(one.things, other.things).length;
  const around = shared(one.around, other.around).length - own;
  const bilateral = other.mention.side === 'B' ? 1 : 0;
  return Math.max(0, 2 * own + where + 0.5 * around - bilateral);
}

/** Whether two places can be one: the lower lobe and the upper one cannot. */
function mayMeet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return (
    !(one.has('upper') && !one.has('lower') && other.has('lower') && !other.has('upper')) &&
    !(one.has('lower') && !one.has('upper') && other.has('upper') && !other.has('lower'))
  );
}

/** "The right lung is clear" supports nothing that is wrong with it. */
const isNormal = ({ clause }: SideMention): boolean =>
  clause.some(({ text }) => /^(clear|normal|unremarkable|negative|intact)$/.test(text));

const denied = ({ sentence, at }: SideMention): boolean => {
  // What has gone was on one side all the same.
  if (sentence.tokens.some(({ text }) => /^(resolution|resolved|resolving|cleared)$/.test(text))) return false;
  const assertion = assertionOf(sentence, at, at + 1);
  return assertion === 'negated' || assertion === 'qualified';
};

function sidesOf(section: CheckedSection): readonly Told[] {
  return sentencesOf(section.text)
    .flatMap(sidesIn)
    .filter((one) => !denied(one) && !isNormal(one))
    .map(told);
}

/** What the findings have of this on the other side, where they have less of it on the side that the impression names; null otherwise. */
function against(meant: Told, seen: readonly Told[]): Told | null {
  const { side } = meant.mention;
  const best = (list: readonly Told[]): { readonly told: Told | null; readonly score: number } =>
    list.reduce<{ told: Told | null; score: number }>(
      (found, one) => {
        const score = likeness(meant, one);
        return score > found.score ? { told: one, score } : found;
      },
      { told: null, score: 0 },
    );
  const same = best(seen.filter((one) => one.mention.side === side || one.mention.side === 'B'));
  const other = best(seen.filter((one) => one.mention.side !== side && one.mention.side !== 'B'));
  return other.score >= 2 && other.score > same.score ? other.told : null;
}

export const sideBetweenSectionsRule: CheckRule = {
  id: 'side-between-sections',
  title: 'Impression and Findings name the same side',
  severity: 'ask',
  why: 'Left and right are exchanged in speaking more often than anything else; one section then contradicts the other.',
  find: ({ sections }) =>
    pairsOf(sections).flatMap(({ findings, impression }) => {
      const seen = sidesOf(findings);
      return sidesOf(impression).flatMap((meant): Found[] => {
        const { side, at, sentence } = meant.mention;
        if (side === 'B') return [];
        const other = against(meant, seen);
        if (other === null || other.mention.side === 'B') return [];
        const from = sentence.tokens[at]?.from ?? 0;
        const to = sentence.tokens[Math.min(at + 2, sentence.tokens.length - 1)]?.to ?? from;
        const there = other.mention.sentence.tokens[other.mention.at];
        const until =
          other.mention.sentence.tokens[Math.min(other.mention.at + 2, other.mention.sentence.tokens.length - 1)];
        return [
          {
            words: `Impression: ${quoted(impression.text, from, to)}; Findings: ${quoted(findings.text, there?.from ?? 0, until?.to ?? 0)}, and nothing on the ${sideWords[side]}.`,
            // The side alone: what is typed there goes in its place.
            at: placeOf(impression, from, sentence.tokens[at]?.to ?? from),
          },
        ];
      });
    }),
};
