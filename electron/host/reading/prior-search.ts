import { nameSearches, type Person, personOfStudy } from '../../../shared/domain/prior/index.ts';
import { isPlaceholderDate, parsePartialDate, type Study, type StudyUid } from '../../../shared/domain/study/index.ts';
import type { ArchiveClient, ArchiveFailure } from '../archive/types.ts';

/** What one search for a person may cost an archive. */
export type PriorBudget = {
  /** For all questions to one archive together, in milliseconds. */
  readonly time: number;
  /** Studies of one question; what matched beyond is not looked at, and that is said. */
  readonly rows: number;
  /** Numbers of the patient that are asked for. */
  readonly numbers: number;
};
export const priorBudget: PriorBudget = { time: 8_000, rows: 300, numbers: 8 };

export type ArchiveSearch = {
  readonly studies: readonly Study[];
  /** What could not be asked or was cut short, in words with what still holds. */
  readonly told: readonly string[];
};

type PersonArchive = Pick<ArchiveClient, 'name' | 'searchPerson'>;

/**
 * Everything in one archive that may be of the person: by each of her numbers, and by birth date. An archive that cannot be asked by
 * birth date, or ignores it, is asked by name in its usual spellings. Nothing found is believed yet.
 */
export async function searchArchive(
  archive: PersonArchive,
  person: Person,
  budget: PriorBudget,
): Promise<ArchiveSearch> {
  const signal = AbortSignal.timeout(budget.time);
  const limits = { most: budget.rows, signal };
  const studies: Study[] = [];
  const failures: ArchiveFailure[] = [];
  let cut = false;
  const ask = async (query: Parameters<PersonArchive['searchPerson']>[0]) => {
    const found = await archive.searchPerson(query, limits);
    if (found.ok) {
      studies.push(...found.value.studies);
      cut ||= found.value.cut;
    }
    return found;
  };
  const note = (failure: ArchiveFailure): void => {
    failures.push(failure);
  };
  const birthDate = wholeDate(person.birthDate);
  const byBirth = birthDate === null ? null : await archive.searchPerson({ birthDate }, limits);
  const honoured =
    byBirth?.ok === true &&
    !byBirth.value.cut &&
    byBirth.value.studies.every((study) => study.patient.birthDate === birthDate);
  if (byBirth?.ok === true) studies.push(...byBirth.value.studies);
  else if (byBirth !== null && byBirth.error.code !== 'refused') note(byBirth.error);
  const numbers = [...new Set([person.id, ...person.otherIds.map((one) => one.value)])]
    .filter((one) => one !== null && one.trim() !== '')
    .slice(0, budget.numbers) as string[];
  const questions = [
    ...numbers.map((patientId) => ({ patientId })),
    ...(honoured ? [] : nameSearches(person).map((name) => ({ name }))),
  ];
  // One after the other: a case is opened while an archive has others to serve, and one that is silent is not asked again.
  for (const question of questions) {
    if (signal.aborted || failures.some(({ code }) => code === 'unreachable' || code === 'timeout')) break;
    const found = await ask(question);
    if (!found.ok) note(found.error);
  }
  return { studies, told: wordsOf(archive.name, { failures, late: signal.aborted, cut, budget }) };
}

function wordsOf(
  name: string,
  found: {
    readonly failures: readonly ArchiveFailure[];
    readonly late: boolean;
    readonly cut: boolean;
    readonly budget: PriorBudget;
  },
): readonly string[] {
  const [first] = found.failures;
  const told: string[] = [];
  if (found.late)
    told.push(`The archive ${name} did not answer within ${found.budget.time / 1_000} s: exams may be missing here.`);
  else if (first !== undefined) told.push(`${first.message} Exams of that archive may be missing here.`);
  if (found.cut)
    told.push(
      `The archive ${name} found more than ${found.budget.rows} studies to look through: exams may be missing here.`,
    );
  return told;
}

function wholeDate(text: string | null): string | null {
  const date = parsePartialDate(text);
  return date === null || date === 'unreadable' || date.digits.length < 8 || isPlaceholderDate(text)
    ? null
    : date.digits;
}

/** A study's own row with the other names and numbers of its patient, which a worklist's search does not ask for; the row as known where the archive does not tell. */
export async function withOthers(archive: PersonArchive, study: Study, budget: PriorBudget): Promise<Study> {
  const found = await archive.searchPerson(
    { studyUid: study.studyUid as StudyUid },
    { most: 4, signal: AbortSignal.timeout(budget.time) },
  );
  const row = found.ok
    ? found.value.studies.find(
        (one) => one.patient.id === study.patient.id && one.patient.issuer === study.patient.issuer,
      )
    : undefined;
  return row === undefined ? study : { ...study, otherNames: personOfStudy(row).otherNames, otherIds: row.otherIds };
}
