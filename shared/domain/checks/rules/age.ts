import { daysBetween, parsePartialDate } from '../../study/index.ts';
import { type CheckRule, type Found, placeOf, quoted } from '../check.ts';

const told = /\b(\d{1,3})[\s-]*(?:(years?|yrs?|y|months?|mos?|weeks?|wks?|days?)[\s-]*\/?[\s-]*(?:old|o)\b|(yo)\b)/giu;
const daysOf = (unit: string): number => (/^y/.test(unit) ? 365.25 : /^m/.test(unit) ? 30.44 : /^w/.test(unit) ? 7 : 1);
/** Things that have an age of their own: "a fracture two weeks old" is no age of the patient. */
const ofOther =
  /(fracture|infarct|hemorrhage|haemorrhage|hematoma|haematoma|injury|surgery|graft|films?|study|exam|stroke|son|daughter|child|sibling|fetus|pregnancy)\W+(?:\w+\W+){0,3}$/iu;

export const ageRule: CheckRule = {
  id: 'age',
  title: 'The age in the words is the patient’s on the day of the exam',
  severity: 'tell',
  why: 'Another age is a trace of another patient’s words. Patient’s Birth Date (0010,0030) and Study Date (0008,0020).',
  find: ({ patient, exams, sections }) => {
    const birth = parsePartialDate(patient?.birthDate ?? null);
    const day = parsePartialDate(exams[0]?.studyDate ?? null);
    if (birth === null || birth === 'unreadable' || birth.digits.length < 8) return [];
    if (day === null || day === 'unreadable' || day.digits.length < 8) return [];
    const days = daysBetween(birth.digits, day.digits);
    return sections.flatMap((section) =>
      [...section.text.matchAll(told)].flatMap((match): Found[] => {
        const unit = daysOf((match[2] ?? 'y').toLowerCase());
        const really = Math.floor(days / unit);
        if (ofOther.test(section.text.slice(0, match.index))) return [];
        if (Math.abs(really - Number(match[1])) <= 1) return [];
        const to = match.index + match[0].length;
        const name = unit > 300 ? 'years' : unit > 20 ? 'months' : unit > 5 ? 'weeks' : 'days';
        return [
          {
            words: `${quoted(section.text, match.index, to)}: by the birth date the patient was ${really} ${name} old at the exam.`,
            at: placeOf(section, match.index, to),
          },
        ];
      }),
    );
  },
};
