import type { CasePriors, FoundPrior, Prior } from '../../../shared/api/index.ts';
import {
  evidenceLine,
  noSiteNames,
  type Person,
  type RelevantPrior,
  relevantPriors,
  type SiteNames,
  samePerson,
} from '../../../shared/domain/prior/index.ts';
import { displayDate, isUid, type Study, type StudyUid } from '../../../shared/domain/study/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import type { EventBook } from './event-book.ts';
import type { LinkIndex } from './link-index.ts';
import type { PersonIndex } from './person-index.ts';
import {
  type CandidateParts,
  candidateOfReport,
  candidatesOfStudies,
  type HostCandidate,
  instantOf,
  personOfCase,
  withReport,
} from './prior-candidates.ts';
import { type PriorBudget, priorBudget, searchArchive, withOthers } from './prior-search.ts';

type Found = RelevantPrior<HostCandidate>;
export type PriorSearch = {
  readonly priors: readonly Found[];
  readonly told: readonly string[];
  /** Every archive answered, and nothing was cut short. */
  readonly whole: boolean;
};

/** Earlier exams of the same patient and probable ones, over archives and record, ranked with evidence and reason. */
export type Priors = {
  /** Searches, or answers what was found within the last minute; `again` searches anew. */
  search(facts: CaseFacts, again?: boolean): Promise<PriorSearch>;
  /** What a search finds within `milliseconds`; null where it needs longer. It goes on and is kept for the next question. */
  soon(facts: CaseFacts, milliseconds: number): Promise<PriorSearch | null>;
  /** Those that may be seen: of the same patient, or confirmed by a reader. */
  shown(facts: CaseFacts, search: PriorSearch): readonly Prior[];
  view(facts: CaseFacts, search: PriorSearch): CasePriors;
  standing(facts: CaseFacts, key: string): PriorStanding;
};

/** Whether a reader took a probable prior as the patient's. `round` counts the times; each is confirmed and withdrawn once. */
export type PriorStanding = { readonly round: number; readonly confirmed: ReadingEvent | null };

/** Hung at opening; more are one press away. */
const mostHung = 8;
/** Beside a case; whoever has more is shown the most useful. */
const mostShown = 50;
/** Patients of the record who are compared, and reports of one who are looked through. */
const mostPatients = 200;
const mostReports = 300;
/** Studies asked for because a report names them. */
const mostNamed = 20;
/** How long a search counts as fresh, in milliseconds; a desk opens a case several times in a minute. */
const freshFor = 60_000;
const mostKept = 200;
/** Candidates compared before the host's thread does something else. */
const pieceSize = 10;

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createPriors(parts: {
  readonly archives: readonly Pick<ArchiveClient, 'name' | 'searchPerson'>[];
  readonly index: PersonIndex;
  readonly book: Pick<CaseBook, 'ofStudy' | 'order'>;
  readonly events: Pick<EventBook, 'of'>;
  readonly links: Pick<LinkIndex, 'of'>;
  /** What the sites agreed about their names. */
  readonly names?: () => SiteNames;
  readonly ports: Pick<Ports, 'now'>;
  readonly budget?: PriorBudget;
}): Priors {
  const { archives, index, events, ports } = parts;
  const names = parts.names ?? (() => noSiteNames);
  const budget = parts.budget ?? priorBudget;
  const candidateParts: CandidateParts = { book: parts.book, index, names };
  const kept = new Map<string, { readonly key: string; readonly at: number; readonly search: Promise<PriorSearch> }>();

  const reportsAlone = (
    facts: CaseFacts,
    person: Person,
    found: readonly HostCandidate[],
    all: readonly HostCandidate[],
  ) => {
    const used = new Set(found.flatMap(({ report }) => report?.id ?? []));
    const studies = new Set(all.map(({ exam }) => exam.key));
    const numbers = [person.id, ...person.otherIds.map((one) => one.value)].filter((one) => one !== null);
    const { ids, cut } = index.find(numbers, person.birthDate, mostPatients);
    const own = facts.order?.patientReference ?? null;
    const patients = new Set([...(own === null ? [] : index.family(own)), ...ids]);
    const candidates = [...patients].flatMap((id) => {
      const subject = index.person(id);
      if (subject === null) return [];
      return index
        .reportsOf(id)
        .filter(
          (report) =>
            !used.has(report.id) &&
            (report.studyUid === null || (report.studyUid !== facts.task.studyUid && !studies.has(report.studyUid))) &&
            (report.orderId === null || report.orderId !== facts.task.orderId) &&
            !(facts.task.studyUid !== null && report.togetherUids.includes(facts.task.studyUid)),
        )
        .slice(0, mostReports)
        .map((report) => candidateOfReport(candidateParts, report, subject));
    });
    const strangers = new Set([...studies].filter((key) => !found.some(({ exam }) => exam.key === key)));
    const misplaced = [...patients].some((id) => {
      const subject = index.person(id);
      if (subject === null || !index.reportsOf(id).some((report) => strangers.has(report.studyUid ?? ''))) return false;
      return samePerson(subject, person, names()).verdict !== 'not-the-same';
    });
    const doubt = misplaced
      ? ['A report under this patient’s name is of an exam of somebody else and is not shown. Ask who wrote it.']
      : [];
    const told = cut
      ? [`The record knows more than ${mostPatients} patients like this one: reports may be missing here.`]
      : [];
    return { candidates, told: [...doubt, ...told] };
  };

  /** Studies that reports about these numbers and this birth date name and no search found: whose images they are is asked before a word is shown. */
  const studiesOfReports = async (
    person: Person,
    listed: readonly Study[],
    { task }: CaseFacts,
  ): Promise<readonly Study[]> => {
    const known = new Set<string>([...listed.map((one) => one.studyUid), task.studyUid ?? '']);
    const numbers = [person.id, ...person.otherIds.map((one) => one.value)].filter((one) => one !== null);
    const patients = index.find(numbers, person.birthDate, mostPatients).ids;
    const uids = [...patients]
      .flatMap((id) => index.reportsOf(id).map((report) => report.studyUid))
      .filter((uid) => uid !== null && isUid(uid) && !known.has(uid)) as StudyUid[];
    const signal = AbortSignal.timeout(budget.time);
    const found: Study[] = [];
    for (const studyUid of [...new Set(uids)].slice(0, mostNamed))
      for (const archive of archives) {
        const row = signal.aborted ? null : await archive.searchPerson({ studyUid }, { most: 4, signal });
        if (row?.ok === true) found.push(...row.value.studies);
      }
    return found;
  };

  const run = async (facts: CaseFacts): Promise<PriorSearch> => {
    const seen = facts.seen?.study ?? null;
    const home = archives.find((one) => one.name === seen?.archive) ?? null;
    const study = seen === null || home === null ? seen : await withOthers(home, seen, budget);
    const person = personOfCase({ index }, facts, study);
    if (person === null) return { priors: [], told: [], whole: true };
    const answers = await Promise.all(archives.map((archive) => searchArchive(archive, person, budget)));
    const listed = answers.flatMap((one) => one.studies);
    const named = await studiesOfReports(person, listed, facts);
    const studies = [...listed, ...named].filter((one) => one.studyUid !== facts.task.studyUid);
    const { candidates, doubtful } = candidatesOfStudies(candidateParts, uniqueRows(studies));
    const current = { exam: examOfCase(facts, study), person };
    // Piece by piece: the host's thread also streams images. Reports are looked for only where it may be the patient.
    const near: HostCandidate[] = [];
    for (let from = 0; from < candidates.length; from += pieceSize) {
      const { priors: fits, contradicted: clashes } = relevantPriors(
        current,
        candidates.slice(from, from + pieceSize),
        names(),
      );
      near.push(...[...fits, ...clashes].map((one) => one.candidate));
      await breath();
    }
    const reported = near.map((one) => withReport(candidateParts, one));
    const here = reported.map((one) => one.candidate);
    const alone = reportsAlone(facts, person, here, candidates);
    const { priors, contradicted } = relevantPriors(current, [...here, ...alone.candidates], names());
    const clashing = contradicted.map(
      ({ candidate, evidence }) =>
        `An exam of ${candidate.when} is not shown: it carries this patient’s number, and ${evidence
          .filter((piece) => piece.weight === 'against')
          .map((piece) => piece.words)
          .join('; ')}. Ask the site whose it is.`,
    );
    const grade = facts.order !== null && facts.seen !== null ? facts.identity.grade : 'same';
    const unsure =
      grade === 'stop' ? ['Order and images name different people: these are priors of the images’ patient.'] : [];
    const shown = new Set(priors.map(({ candidate }) => candidate.exam.key));
    const foreign = reported
      .filter((one) => one.foreign && shown.has(one.candidate.exam.key))
      .map(
        ({ candidate }) => `A report that names the exam of ${candidate.when} is of another patient and is not shown.`,
      );
    const doubts = doubtful.filter(({ persons }) =>
      persons.some((one) => samePerson(one, person, names()).verdict !== 'not-the-same'),
    );
    return {
      priors,
      whole: answers.every((one) => one.told.length === 0),
      told: [
        ...unsure,
        ...answers.flatMap((one) => one.told),
        ...alone.told,
        ...clashing,
        ...doubts.map(({ words }) => words),
        ...foreign,
      ].slice(0, 20),
    };
  };

  const search: Priors['search'] = (facts, again = false) => {
    const key = JSON.stringify([facts.seen?.owners ?? null, facts.order?.patient, facts.order?.patientReference]);
    const before = kept.get(facts.task.id);
    if (!again && before?.key === key && ports.now() - before.at < freshFor) return before.search;
    const fresh = { key, at: ports.now(), search: run(facts) };
    // A search that failed by a bug is not kept; whoever waits for it is told.
    fresh.search.catch(() => kept.get(facts.task.id) === fresh && kept.delete(facts.task.id));
    kept.delete(facts.task.id);
    kept.set(facts.task.id, fresh);
    for (const [id] of kept) if (kept.size > mostKept) kept.delete(id);
    return fresh.search;
  };

  const standing: Priors['standing'] = (facts, key) => {
    const history = events.of(facts.task.id);
    const find = (type: 'prior.confirmed' | 'prior.withdrawn', round: number): ReadingEvent | null => {
      const { id } = caseEvent(facts, type, ports.now(), { part: `${key}|${round}` });
      return history.find((event) => event.id === id) ?? null;
    };
    for (let round = 0; ; round += 1) {
      const confirmed = find('prior.confirmed', round);
      if (confirmed === null) return { round, confirmed: null };
      if (find('prior.withdrawn', round) === null) return { round, confirmed };
    }
  };

  /** What is read together with this exam is no prior of it. */
  const apart = (facts: CaseFacts, found: readonly Found[]): readonly Found[] => {
    const linked = new Set<string | null>(parts.links.of(facts).map((one) => one.facts.task.studyUid));
    return linked.size === 0 ? found : found.filter(({ candidate }) => !linked.has(candidate.exam.key));
  };
  const isOpen = (facts: CaseFacts, one: Found): boolean =>
    one.verdict === 'same' || standing(facts, one.candidate.exam.key).confirmed !== null;

  return {
    search,
    standing,
    soon: (facts, milliseconds) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), milliseconds);
      });
      return Promise.race([search(facts), late]).finally(() => clearTimeout(timer));
    },
    shown: (facts, { priors }) =>
      apart(facts, priors)
        .filter((one) => isOpen(facts, one))
        .flatMap((one): readonly Prior[] => {
          const { study, report } = one.candidate;
          return study === null
            ? []
            : [
                {
                  study: withoutOthers(study),
                  reason: `${evidenceLine(one.evidence)}; ${one.reason}`,
                  report: viewOfReport(report),
                },
              ];
        })
        .slice(0, mostHung),
    view: (facts, { priors, told, whole }) => {
      const found = apart(facts, priors);
      return {
        priors: found.slice(0, mostShown).map((one) => viewOf(one, standing(facts, one.candidate.exam.key).confirmed)),
        more: Math.max(0, found.length - mostShown),
        whole: whole && found.length <= mostShown,
        told: [...told],
      };
    },
  };
}

function uniqueRows(studies: readonly Study[]): readonly Study[] {
  const seen = new Map(
    studies.map((study) => [
      JSON.stringify([study.archive, study.studyUid, study.patient.id, study.patient.issuer]),
      study,
    ]),
  );
  return [...seen.values()];
}

/** What the page may know of a study; the other names were for comparing. */
function withoutOthers({ otherNames: _names, otherIds: _ids, ...study }: Study): Study {
  return study;
}

function examOfCase({ task, order }: CaseFacts, study: Study | null) {
  return {
    key: (task.studyUid as string | null) ?? `task-${task.id}`,
    modalities: study?.modalities ?? (order?.modality == null ? [] : [order.modality]),
    bodyPart: study?.bodyPart ?? order?.bodyPart ?? null,
    description: study?.description ?? order?.procedure.display ?? '',
    laterality: study?.laterality ?? order?.laterality ?? null,
    studyDate: study?.studyDate ?? null,
    studyTime: study?.studyTime ?? null,
    at: study === null ? null : instantOf(study, order?.site?.zone ?? null),
  };
}

function viewOfReport(report: HostCandidate['report']): Prior['report'] {
  return report === null
    ? null
    : { sections: [...report.sections], issued: report.issued, documentId: report.hasPdf ? report.id : null };
}

/** A probable one tells who and what it is, so that it can be judged; its report stays here until a reader has confirmed it. */
function viewOf(one: Found, confirmed: ReadingEvent | null): FoundPrior {
  const { candidate, verdict, evidence, reason } = one;
  const { exam, study, report, person } = candidate;
  const standing = verdict === 'same' ? 'shown' : confirmed === null ? 'closed' : 'confirmed';
  return {
    key: exam.key,
    study: study === null || standing === 'closed' ? null : withoutOthers(study),
    images: study?.instanceCount ?? null,
    patient: {
      id: person.id,
      issuer: person.issuer,
      name: person.name,
      birthDate: person.birthDate,
      sex: person.sex,
    },
    when: candidate.when,
    studyDate: exam.studyDate === null ? null : displayDate(exam.studyDate),
    modalities: [...exam.modalities],
    exam: exam.description,
    laterality: exam.laterality,
    accession: candidate.accession,
    site: candidate.site,
    standing,
    evidence: [...evidence],
    reason,
    confirmation:
      confirmed === null
        ? null
        : {
            by: confirmed.actor.name,
            at: confirmed.occurredAt,
            words: confirmed.detail,
          },
    hasReport: report !== null && report.sections.length > 0,
    report: standing === 'closed' ? null : viewOfReport(report),
  };
}
