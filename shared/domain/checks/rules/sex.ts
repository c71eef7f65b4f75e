import { type CheckFacts, type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { hasWords, indexOfWords, sentencesOf } from '../text/sentences.ts';

const rows = (text: string): readonly (readonly string[])[] => text.split('|').map((row) => row.split(' '));

/** Organs that only one sex has, and words that call the patient by it. Breasts are not among them: both have them. */
const female = rows(
  'uterus|uterine|ovary|ovaries|ovarian|endometrium|endometrial|adnexa|adnexal|myometrium|myometrial|fallopian|cervix|vagina|vaginal|vulva|hysterectomy|intrauterine|gravid|pregnant|pregnancy|fetus|fetal|foetus|foetal|placenta|gestational sac',
);
const male = rows(
  'prostate|prostatic|prostatectomy|testis|testes|testicle|testicles|testicular|scrotum|scrotal|epididymis|epididymal|seminal vesicle|seminal vesicles|spermatic|penis|penile|varicocele',
);
const woman = rows('female|woman|lady|girl');
const man = rows('male|man|gentleman|boy');
/** The sentence is of somebody else. */
const relatives = [
  'mother',
  'father',
  'sister',
  'brother',
  'family',
  'maternal',
  'paternal',
  'husband',
  'wife',
  'donor',
  'daughter',
  'son',
];

/** Words for a person count only where they tell who the patient is: "45 year old male", "this woman". */
function callsPatient(tokens: readonly { readonly text: string }[], at: number): boolean {
  const before = tokens.slice(Math.max(0, at - 4), at).map(({ text }) => text);
  return (
    at <= 1 ||
    before.some((text) =>
      /^(old|year|yo|y|o|this|patient|elderly|adult|young|aged|is|a|pregnant|month|day)$/.test(text),
    )
  );
}

/** The sex of the patient as order and images agree on; null where they do not, or it is neither. */
export function sexOf({ patient, imagesSex }: Pick<CheckFacts, 'patient' | 'imagesSex'>): 'M' | 'F' | null {
  const sex = patient?.sex ?? imagesSex;
  if (sex !== 'M' && sex !== 'F') return null;
  return imagesSex === null || imagesSex === sex ? sex : null;
}

export const sexRule: CheckRule = {
  id: 'sex',
  title: 'Words fit the patient’s sex',
  severity: 'ask',
  why: 'An organ that the patient does not have is the commonest trace of another patient’s words or of a normal template for the other sex. Patient’s Sex (0010,0040), PS3.3 C.7.1.1.',
  find: (facts) => {
    const sex = sexOf(facts);
    if (sex === null) return [];
    const organs = sex === 'M' ? female : male;
    const persons = sex === 'M' ? woman : man;
    const patient = sex === 'M' ? 'male' : 'female';
    return facts.sections.flatMap((section) =>
      sentencesOf(section.text).flatMap(({ tokens }): Found[] => {
        if (hasWords(tokens, ...relatives)) return [];
        for (const row of [...organs, ...persons]) {
          const at = indexOfWords(tokens, row);
          if (at < 0 || (persons.includes(row) && !callsPatient(tokens, at))) continue;
          const from = tokens[at]?.from ?? 0;
          const to = tokens[at + row.length - 1]?.to ?? 0;
          return [
            {
              words: `${quoted(section.text, from, to)} is said of a ${patient} patient.`,
              at: placeOf(section, from, to),
            },
          ];
        }
        return [];
      }),
    );
  },
};
