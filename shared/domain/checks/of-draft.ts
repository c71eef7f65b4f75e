import type { Order } from '../order/index.ts';
import {
  type Draft,
  examSections,
  isTogether,
  type ReleaseKind,
  reportSections,
  type SectionCode,
} from '../report/index.ts';
import type { Study } from '../study/index.ts';
import type { CheckedExam, CheckedSection, CheckFacts } from './check.ts';

type Words = Pick<Draft, 'sections' | 'addendum' | 'together' | 'studyUid' | 'fields' | 'sourced'>;

/** The sections of a draft as a version of that kind would have them, those of other exams with the exam that they are of. */
export function checkedSections(kind: ReleaseKind, draft: Words): readonly CheckedSection[] {
  if (kind === 'addendum') return [{ code: 'addendum', exam: null, text: draft.addendum, untouched: null }];
  const several = isTogether(draft);
  const own = reportSections.map(({ code }): CheckedSection => {
    const ofExam = several && examSections.some((one) => one.code === code);
    return {
      code,
      exam: ofExam ? draft.studyUid : null,
      text: draft.sections[code],
      untouched: untouchedIn(draft, code),
    };
  });
  const others = (draft.together ?? []).flatMap((exam) =>
    examSections.map(
      ({ code }): CheckedSection => ({ code, exam: exam.studyUid, text: exam.texts[code], untouched: null }),
    ),
  );
  return several ? [...own, ...others] : own;
}

/** Where every word of a section of the open exam came from; null where some are the reader's own. */
function untouchedIn({ sections, sourced, fields, studyUid }: Words, code: SectionCode): string | null {
  const text = sections[code];
  const own = (one: { readonly section: SectionCode; readonly exam?: string | undefined }): boolean =>
    one.section === code && (one.exam === undefined || one.exam === studyUid);
  const from = (sourced ?? []).filter(
    (one) => own(one) && (one.source === 'template' || one.source === 'prior-report'),
  );
  const [first] = from;
  if (first === undefined || from.some(({ rest }) => rest === true)) return null;
  const covered = [...from, ...(fields ?? []).filter((one) => own(one) && one.state !== 'filled')];
  const rest = text.split('').filter((_, at) => !covered.some((one) => one.from <= at && at < one.to));
  return rest.join('').trim() === '' ? (first.source === 'template' ? 'the template' : 'the prior report') : null;
}

/** Required fields that nobody has filled. An addendum has none. */
export function openFieldsOf(kind: ReleaseKind, { fields }: Words): CheckFacts['openFields'] {
  if (kind === 'addendum') return [];
  return (fields ?? [])
    .filter(({ field, state }) => field.required && state === 'empty')
    .map(({ field, section, exam, from }) => ({ name: field.name, section, exam: exam ?? null, from }));
}

/** The exams that the words are of, as order and images call the open one, and as its list calls the others. */
export function checkedExams(
  draft: Words,
  { order, study }: { readonly order: Order | null; readonly study: Study | null },
): readonly CheckedExam[] {
  const named = (names: readonly (string | null | undefined)[]): readonly string[] =>
    names.filter((one): one is string => one != null && one.trim() !== '');
  const own: CheckedExam = {
    studyUid: draft.studyUid,
    names: named([order?.procedure.display, study?.description, order?.bodyPart, study?.bodyPart]),
    orderSide: order?.laterality ?? null,
    imagesSide: study?.laterality ?? null,
    studyDate: study?.studyDate ?? null,
  };
  const others = (draft.together ?? []).map(
    ({ studyUid, exam, studyDate }): CheckedExam => ({
      studyUid,
      names: named([exam]),
      orderSide: null,
      imagesSide: null,
      studyDate,
    }),
  );
  return [own, ...others];
}
