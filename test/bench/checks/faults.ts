import type { CheckFacts, CheckId } from '../../../shared/domain/checks/index.ts';
import { displayDate, displayName } from '../../../shared/domain/study/index.ts';
import type { Chance } from './chance.ts';
import type { Case } from './reports.ts';

export const faultKinds = ['side', 'sex', 'prior', 'negation', 'other patient', 'unit'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A report with one fault, how it was put in, and the rules any of which would be right to find it. */
export type Planted = { readonly facts: CheckFacts; readonly how: string; readonly rules: readonly CheckId[] };

type Plant = (of: Case, chance: Chance) => Planted | null;

const findings = '59776-5';
const impression = '19005-8';

function textOf(facts: CheckFacts, code: string): string {
  return facts.sections.find((one) => one.code === code)?.text ?? '';
}

function withText(facts: CheckFacts, code: string, text: string): CheckFacts {
  return { ...facts, sections: facts.sections.map((one) => (one.code === code ? { ...one, text } : one)) };
}

function withSentence(facts: CheckFacts, code: string, sentence: string, chance: Chance): CheckFacts {
  const sentences = textOf(facts, code).split(/(?<=\.)\s+/);
  const at = Math.floor(chance.next() * (sentences.length + 1));
  return withText(facts, code, sentences.toSpliced(at, 0, sentence).join(' ').trim());
}

const swapped = (word: string): string => {
  const other = /^l/i.test(word) ? 'right' : 'left';
  return /^[A-Z]/.test(word) ? other[0]?.toUpperCase() + other.slice(1) : other;
};

/** Left for right, in one of two sections that named the same side of the same thing before; the findings never name the other side of it. */
const side: Plant = ({ facts }, chance) => {
  const code = chance.next() < 0.75 ? impression : findings;
  const other = code === impression ? findings : impression;
  const text = textOf(facts, code);
  const there = textOf(facts, other).toLowerCase();
  const places = [...text.matchAll(/\b(left|right) ([a-z]+)/gi)].filter(([whole, word = '', next = '']) => {
    const both = /^(and|to|greater|than|or)$/.test(next);
    return (
      !both &&
      there.includes(whole.toLowerCase()) &&
      !there.includes(`${swapped(word).toLowerCase()} ${next}`.toLowerCase())
    );
  });
  // One place alone: of two, the other would still be right, and none could say which is meant.
  const [only] = places;
  if (only === undefined || [...text.matchAll(/\b(left|right)\b/gi)].length !== 1) return null;
  const word = only[1] ?? '';
  const facts2 = withText(
    facts,
    code,
    text.slice(0, only.index) + swapped(word) + text.slice(only.index + word.length),
  );
  return {
    facts: facts2,
    how: `${code === impression ? 'impression' : 'findings'}: “${only[0]}” with the other side`,
    rules: ['side-between-sections', 'side-of-exam'],
  };
};

const womanWords = [
  'The uterus is surgically absent.',
  'Ovaries are unremarkable.',
  'The endometrium is not thickened.',
  'Patient is pregnant; abdomen was shielded.',
  'An intrauterine device projects over the pelvis.',
];
const manWords = [
  'Prostate is mildly enlarged.',
  'Brachytherapy seeds project over the prostate.',
  'Seminal vesicles are symmetric.',
  'Scrotal calcification is noted.',
  'The testes are normal.',
];

const sex: Plant = ({ facts, report }, chance) => {
  const told = /\b(male|female|man|woman|gentleman|lady)\b/i.test(report.indication);
  const own = facts.patient?.sex;
  if (facts.patient === null || (own !== 'M' && own !== 'F')) return null;
  if (told && chance.next() < 0.5) {
    const other = own === 'M' ? 'F' : 'M';
    return {
      facts: { ...facts, patient: { ...facts.patient, sex: other }, imagesSex: other },
      how: 'the order is of a patient of the other sex',
      rules: ['sex'],
    };
  }
  const sentence = chance.pick(own === 'M' ? womanWords : manWords);
  return {
    facts: withSentence(facts, findings, sentence, chance),
    how: `findings: “${sentence}”`,
    rules: ['sex', 'body-part'],
  };
};

const prior: Plant = ({ facts }, chance) => {
  const opened = { studyUid: '1.2.826.0.1.3680043.10.1.2', studyDate: '20250811' };
  if (facts.priors?.opened.length === 0) {
    const text = textOf(facts, '18834-2');
    if (text === '') return null;
    return {
      facts: { ...facts, priors: { found: [opened], opened: [opened.studyUid] } },
      how: `comparison “${text}” with a prior opened`,
      rules: ['no-prior'],
    };
  }
  const day = chance.pick(['2024-02-17', '02/17/2024', 'February 17, 2024', '17 Feb 2024']);
  return {
    facts: withText(facts, '18834-2', `Chest radiographs of ${day}.`),
    how: `comparison of ${day}, which was not opened`,
    rules: ['comparison-not-opened'],
  };
};

const denied =
  /\bno (?:evidence of |definite |visible )?(pneumothorax|pleural effusion|effusion|pneumonia|pulmonary edema|consolidation|pneumoperitoneum|fracture|hydronephrosis)/i;

const negation: Plant = ({ facts }, chance) => {
  const found = denied.exec(textOf(facts, findings));
  const name = found?.[1]?.toLowerCase();
  if (name === undefined || found?.[0].toLowerCase().includes('definite')) return null;
  const text = textOf(facts, impression);
  const inBoth = new RegExp(`\\bno ((?:evidence of |visible )?${name})`, 'i').exec(text);
  if (inBoth !== null && chance.next() < 0.5) {
    const lost = text.slice(0, inBoth.index) + (inBoth[1] ?? '') + text.slice(inBoth.index + inBoth[0].length);
    return {
      facts: withText(facts, impression, lost),
      how: `impression: the “no” before ${name} is lost`,
      rules: ['contradiction', 'critical-words'],
    };
  }
  const sentence = chance.pick([`There is ${name}.`, `Small ${name}.`, `New ${name} is seen.`]);
  return {
    facts: withSentence(facts, impression, sentence, chance),
    how: `impression: “${sentence}”`,
    rules: ['contradiction', 'critical-words'],
  };
};

const otherExams = [
  'The anterior cruciate ligament is intact.',
  'No intracranial hemorrhage or mass effect; basal ganglia are normal.',
  'The medial meniscus is torn.',
  'The scaphoid is intact.',
  'Endometrium measures 6 mm.',
  'The calcaneus and metatarsals are normal.',
];

const otherPatient: Plant = ({ facts }, chance) => {
  const other = chance.pick(facts.others);
  const [family = '', given = ''] = other.name.split('^');
  const plain = (word: string): string => word[0] + word.slice(1).toLowerCase();
  const own = facts.patient?.name.split('^') ?? [];
  if (own[0] === family) return null;
  const code = chance.pick([findings, impression, '55752-0']);
  const sentence = chance.pick([
    `${plain(given)} ${plain(family)} was examined.`,
    `${displayName(other.name)}.`,
    `Mr. ${plain(family)} has pain.`,
    `Images of ${plain(family)}, ${plain(given)}.`,
    `Accession ${other.accession}.`,
    `${other.accession}: as before.`,
    `DOB ${displayDate(other.birthDate)}.`,
    `Born ${displayDate(other.birthDate)}.`,
    'body part',
  ]);
  if (sentence === 'body part') {
    const strange = chance.pick(otherExams);
    return {
      facts: withSentence(facts, findings, strange, chance),
      how: `findings: “${strange}”`,
      rules: ['body-part', 'other-patient', 'sex'],
    };
  }
  return {
    facts: withSentence(facts, code, sentence, chance),
    how: `another patient: “${sentence}”`,
    rules: ['other-patient'],
  };
};

const unit: Plant = ({ facts }, chance) => {
  const size = 3 + Math.floor(chance.next() * 15);
  const where = chance.pick(['right upper lobe', 'left lower lobe', 'lingula']);
  const both = (seen: string, meant: string, how: string, rules: readonly CheckId[]): Planted => ({
    facts: withText(withSentence(facts, findings, seen, chance), impression, `${textOf(facts, impression)} ${meant}`),
    how,
    rules,
  });
  switch (Math.floor(chance.next() * 4)) {
    case 0:
      return both(
        `A ${size} mm nodule is seen in the ${where}.`,
        `${size} cm nodule in the ${where}.`,
        'mm in findings, cm in impression',
        ['measurement-jump', 'measurement-unit'],
      );
    case 1:
      return both(`A nodule in the ${where} measures ${size} mm.`, `Nodule in the ${where}.`, 'nothing is wrong', []);
    case 2:
      return {
        facts: withSentence(facts, findings, `A nodule in the ${where} measures ${size}.`, chance),
        how: 'no unit',
        rules: ['measurement-unit'],
      };
    default:
      return both(
        `Mass of the ${where} measures ${size} x ${size + 2} mm.`,
        `${size / 100} x ${(size + 2) / 100} cm mass of the ${where}.`,
        'the point slipped',
        ['measurement-jump'],
      );
  }
};

const plants: Readonly<Record<FaultKind, Plant>> = { side, sex, prior, negation, 'other patient': otherPatient, unit };

/** One fault of a kind in as many different reports as `most`; fewer where not more of them can carry it. */
export function plantFaults(kind: FaultKind, cases: readonly Case[], most: number, chance: Chance): readonly Planted[] {
  const found: Planted[] = [];
  for (const one of chance.shuffle(cases)) {
    if (found.length === most) break;
    const planted = plants[kind](one, chance);
    if (planted !== null && planted.rules.length > 0) found.push(planted);
  }
  return found;
}
