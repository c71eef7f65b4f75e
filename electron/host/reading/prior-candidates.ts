import {
  type Person,
  type PriorCandidate,
  personOfStudy,
  type SiteNames,
  samePerson,
} from '../../../shared/domain/prior/index.ts';
import { examTime, examWhen, parsePartialDate, type Study } from '../../../shared/domain/study/index.ts';
import type { PriorReport } from '../../../shared/interop/fhir/prior-report.ts';
import { fromFhirInstant, type Instant, instant, toFhirInstant } from '../../../shared/lib/instant.ts';
import { wallClock } from '../../../shared/lib/wall-clock.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import type { PersonIndex } from './person-index.ts';

/** An exam that may be a prior: images, a report, or both. */
export type HostCandidate = PriorCandidate & {
  /** Null for a report whose images no archive here has. */
  readonly study: Study | null;
  readonly report: PriorReport | null;
  readonly accession: string | null;
  /** The place of the exam, as far as known; empty where nobody told. */
  readonly site: string;
  /** Date and time with their zone, for people. */
  readonly when: string;
};

export type CandidateParts = {
  readonly book: Pick<CaseBook, 'ofStudy' | 'order'>;
  readonly index: PersonIndex;
  readonly names: () => SiteNames;
};

/**
 * Who the patient of a case is, by images, order and record. Where order and images name different people the images alone are
 * believed: their priors are what hangs beside them.
 */
export function personOfCase(
  { index }: Pick<CandidateParts, 'index'>,
  { order, identity }: Pick<CaseFacts, 'order' | 'identity'>,
  study: Study | null,
): Person | null {
  const images = study === null ? null : personOfStudy(study);
  const ordered = order === null ? null : orderedPerson(index, order.patient, order.patientReference);
  if (images === null || ordered === null) return images ?? ordered;
  if (identity.grade === 'stop' || identity.grade === 'ask') return images;
  const own = ordered.id === null ? [] : [{ value: ordered.id, issuer: ordered.issuer, from: 'record' as const }];
  return {
    id: images.id ?? ordered.id,
    issuer: images.id === null ? ordered.issuer : images.issuer,
    name: images.name === '' ? ordered.name : images.name,
    birthDate: images.birthDate ?? ordered.birthDate,
    sex: images.sex ?? ordered.sex,
    otherNames: [...images.otherNames, ...(ordered.name === '' ? [] : [ordered.name]), ...ordered.otherNames],
    otherIds: [...images.otherIds, ...own, ...ordered.otherIds],
  };
}

function orderedPerson(index: PersonIndex, patient: Study['patient'], reference: string | null): Person {
  const known = reference === null ? null : index.person(reference);
  return { ...patient, otherNames: known?.otherNames ?? [], otherIds: known?.otherIds ?? [] };
}

export type Candidates = {
  readonly candidates: readonly HostCandidate[];
  /** Exams that are not offered whoever it is, and why; told only to who reads one of these persons. */
  readonly doubtful: readonly { readonly persons: readonly Person[]; readonly words: string }[];
};

/** Studies of the archives as candidates, without their reports: most are of strangers who share a birthday. */
export function candidatesOfStudies(parts: CandidateParts, studies: readonly Study[]): Candidates {
  const doubtful: Candidates['doubtful'][number][] = [];
  const candidates: HostCandidate[] = [];
  const byUid = Map.groupBy(studies, (study) => study.studyUid as string);
  for (const [uid, rows] of byUid) {
    const [study] = rows;
    if (study === undefined) continue;
    const patients = new Set(rows.map((one) => JSON.stringify([one.patient.id, one.patient.issuer])));
    const [facts] = parts.book.ofStudy(uid);
    if (patients.size > 1 || (facts?.identity.grade === 'stop' && facts.resolution === null)) {
      const when = examWhen(study, facts?.order?.site?.zone ?? null);
      const ordered = facts?.order === null || facts === undefined ? [] : [{ patient: facts.order.patient }];
      doubtful.push({
        persons: [...rows, ...ordered].map(personOfStudy),
        words:
          patients.size > 1
            ? `An exam of ${when} is not shown: the archive names two patients for it.`
            : `An exam of ${when} is not shown: its order and its images name different people.`,
      });
      continue;
    }
    const site = facts?.order?.site ?? null;
    const person =
      facts === undefined ? personOfStudy(study) : (personOfCase(parts, facts, study) ?? personOfStudy(study));
    const when = examWhen(study, site?.zone ?? null);
    candidates.push({
      exam: {
        key: uid,
        modalities: study.modalities,
        bodyPart: study.bodyPart ?? facts?.order?.bodyPart ?? null,
        description: study.description === '' ? (facts?.order?.procedure.display ?? '') : study.description,
        laterality: study.laterality ?? facts?.order?.laterality ?? null,
        studyDate: study.studyDate,
        studyTime: study.studyTime,
        at: instantOf(study, site?.zone ?? null),
      },
      person,
      study,
      report: null,
      accession: study.accession,
      site: site?.name ?? study.institution ?? '',
      when,
    });
  }
  return { candidates, doubtful };
}

/** The instant of an exam; null where neither its images nor its place name a zone. */
export function instantOf(study: Study, siteZone: string | null): Instant | null {
  const made = examTime(study, siteZone ?? 'UTC');
  return made === null || (made.zoneFrom === 'site' && siteZone === null) ? null : made.at;
}

/** The candidate with the report that is about its study and about the same person; `foreign` where one names the study and is of somebody else. */
export function withReport(
  parts: CandidateParts,
  candidate: HostCandidate,
): { readonly candidate: HostCandidate; readonly foreign: boolean } {
  const { study, person } = candidate;
  if (study === null) return { candidate, foreign: false };
  const orderId = parts.book.ofStudy(study.studyUid)[0]?.task.orderId ?? null;
  const { report, foreign } = reportFor(parts, study, person, orderId);
  return { candidate: { ...candidate, report }, foreign };
}

/** The newest report about a study. One whose patient is somebody else is never put beside these images, whatever study it names. */
function reportFor(
  { index, names }: CandidateParts,
  study: Study,
  person: Person,
  orderId: string | null,
): { readonly report: PriorReport | null; readonly foreign: boolean } {
  let foreign = false;
  const named = index.reportsOfStudy(study.studyUid).filter((report) => {
    const subject = report.patientId === null ? null : index.person(report.patientId);
    const fits = subject === null || samePerson(subject, person, names()).verdict !== 'not-the-same';
    foreign ||= !fits;
    return fits;
  });
  if (named.length > 0) return { report: newest(named), foreign };
  // A report that names no study: by its order, or by its accession where the patient is the same beyond doubt.
  const patients = index.find(person.id === null ? [] : [person.id], person.birthDate, 200).ids;
  const unnamed = [...patients].flatMap((id) => {
    const subject = index.person(id);
    if (subject === null || samePerson(subject, person, names()).verdict !== 'same') return [];
    return index
      .reportsOf(id)
      .filter(
        (report) =>
          report.studyUid === null &&
          ((orderId !== null && report.orderId === orderId) ||
            (study.accession !== null && report.accession === study.accession)),
      );
  });
  return { report: newest(unnamed), foreign };
}

function newest(reports: readonly PriorReport[]): PriorReport | null {
  return [...reports].sort((left, right) => (right.issued ?? 0) - (left.issued ?? 0))[0] ?? null;
}

/** A report whose images are nowhere here, as a candidate of its own. */
export function candidateOfReport({ book }: CandidateParts, report: PriorReport, person: Person): HostCandidate {
  const order = report.orderId === null ? null : book.order(report.orderId);
  const zone = order?.site?.zone ?? null;
  // Without a date of its exam the day of the report is the nearest that is known, and said to be that.
  const told = report.examAt ?? (report.issued === null ? null : toFhirInstant(report.issued));
  const at = told === null ? null : fromFhirInstant(told);
  const made = at?.ok === true ? at.value : null;
  // What the wall at the place showed then, written as if it were UTC.
  const shown = made === null ? null : toFhirInstant(instant(wallClock(zone ?? 'UTC').shown(made)));
  const day = shown?.slice(0, 10) ?? told;
  const parsed = parsePartialDate(day);
  const studyDate = parsed === null || parsed === 'unreadable' ? null : parsed.digits;
  const studyTime = shown === null ? null : shown.slice(11, 19).replaceAll(':', '');
  const dates = { studyDate, studyTime, timezone: null };
  return {
    exam: {
      key: `report-${report.id}`,
      modalities: [order?.modality ?? report.modality].filter((one) => one !== null),
      bodyPart: order?.bodyPart ?? null,
      description: order?.procedure.display ?? report.exam,
      laterality: order?.laterality ?? null,
      studyDate,
      studyTime,
      at: made,
    },
    person,
    study: null,
    report,
    accession: report.accession ?? order?.accession ?? null,
    site: order?.site?.name ?? '',
    when: `${report.examAt === null && told !== null ? 'reported ' : ''}${examWhen(dates, zone ?? (made === null ? null : 'UTC'))}`,
  };
}
