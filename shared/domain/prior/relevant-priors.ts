import { cleanLine } from '../../lib/clean-text.ts';
import type { Instant } from '../../lib/instant.ts';
import { daysBetween, displayDate, examSortKey, type Laterality, parsePartialDate } from '../study/index.ts';
import { noSiteNames, type Person, type PersonVerdict, type SiteNames, samePerson } from './same-person.ts';

/** What ranking reads of an exam, be it a study with images or a report whose images are elsewhere. */
export type PriorExam = {
  /** Study Instance UID, or an id of the report; names the exam once. */
  readonly key: string;
  readonly modalities: readonly string[];
  readonly bodyPart: string | null;
  readonly description: string;
  readonly laterality: Laterality | null;
  /** As written at the place of the exam; null when absent. */
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  /** The instant, where date, time and zone give one; null where they do not. */
  readonly at: Instant | null;
};

/** An earlier exam that may be of the same patient. */
export type PriorCandidate = { readonly exam: PriorExam; readonly person: Person };

export type RelevantPrior<Candidate> = {
  readonly candidate: Candidate;
  readonly verdict: 'same' | 'probable';
  readonly evidence: PersonVerdict['evidence'];
  /** Why it stands where it stands: "same body part, modality and side, 3 months before". */
  readonly reason: string;
};

export type PriorsFound<Candidate> = {
  /** The most useful first, those of the same patient before those that are probable. */
  readonly priors: readonly RelevantPrior<Candidate>[];
  /** Under the patient's own number and issuer, but contradicted by birth date or sex: not shown, and told. */
  readonly contradicted: readonly { readonly candidate: Candidate; readonly evidence: PersonVerdict['evidence'] }[];
};

/**
 * Earlier exams of the same patient and probable ones: same body part, then same modality, then same side, the newest first in each.
 * One that is later than the current exam is no prior; whoever is not the same person is left out.
 */
export function relevantPriors<Candidate extends PriorCandidate>(
  current: PriorCandidate,
  others: readonly Candidate[],
  names: SiteNames = noSiteNames,
): PriorsFound<Candidate> {
  const found: { readonly prior: RelevantPrior<Candidate>; readonly rank: number; readonly when: string }[] = [];
  const contradicted: PriorsFound<Candidate>['contradicted'][number][] = [];
  for (const candidate of others) {
    const { exam } = candidate;
    if (exam.key === current.exam.key || isLater(exam, current.exam)) continue;
    const { verdict, evidence } = samePerson(current.person, candidate.person, names);
    if (verdict === 'not-the-same') {
      const numbered = evidence.some((piece) => piece.field === 'identifier' && piece.weight === 'for');
      const against = evidence.some((piece) => piece.weight === 'against' && piece.field !== 'name');
      if (numbered && against) contradicted.push({ candidate, evidence });
      continue;
    }
    const likeness = likenessOf(current.exam, exam);
    const reason = `${likeness.words}, ${distance(exam.studyDate, current.exam.studyDate)}`;
    const rank = likeness.rank + (verdict === 'same' ? 100 : 0);
    found.push({
      prior: { candidate, verdict, evidence, reason },
      rank,
      when: examSortKey(exam.studyDate, exam.studyTime),
    });
  }
  found.sort(
    (left, right) =>
      right.rank - left.rank ||
      compareText(right.when, left.when) ||
      compareText(left.prior.candidate.exam.key, right.prior.candidate.exam.key),
  );
  return { priors: found.map(({ prior }) => prior), contradicted };
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function likenessOf(current: PriorExam, other: PriorExam): { readonly rank: number; readonly words: string } {
  const part = sharedBodyPart(current, other) !== null;
  const modality = current.modalities.some((name) => other.modalities.includes(name));
  const sided = part && current.laterality !== null && other.laterality !== null;
  const both = current.laterality === 'B' || other.laterality === 'B';
  const side = sided && (both || current.laterality === other.laterality);
  const same = [
    ...(part ? ['body part'] : []),
    ...(modality ? ['modality'] : []),
    ...(side && current.laterality === other.laterality ? ['side'] : []),
  ];
  const like = same.length === 0 ? 'another exam' : `same ${same.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
  return {
    rank: (part ? 4 : 0) + (modality ? 2 : 0) + (side ? 1 : 0),
    words: sided && !side ? `${like}, the other side` : like,
  };
}

function plain(text: string | null): string {
  return (text ?? '').trim().toUpperCase();
}

function isLater(exam: PriorExam, current: PriorExam): boolean {
  if (exam.at !== null && current.at !== null) return exam.at > current.at;
  const then = examSortKey(exam.studyDate, exam.studyTime);
  const now = examSortKey(current.studyDate, current.studyTime);
  if (then === '' || now === '') return false;
  const day = then.slice(0, 8) > now.slice(0, 8);
  const timed = exam.studyTime !== null && current.studyTime !== null && exam.studyDate === current.studyDate;
  return day || (timed && then > now);
}

/** Regions in the words of Body Part Examined (0018,0015, PS3.16 Annex L) and of study descriptions. */
const regions: readonly { readonly name: string; readonly words: readonly string[] }[] = [
  { name: 'CHEST', words: ['CHEST', 'THORAX', 'LUNG', 'LUNGS', 'RIBS', 'THORACIC', 'CXR'] },
  { name: 'ABDOMEN', words: ['ABDOMEN', 'ABD', 'LIVER', 'KIDNEY', 'PANCREAS', 'KUB', 'ABDOMINAL'] },
  { name: 'PELVIS', words: ['PELVIS', 'PELVIC', 'HIP', 'BLADDER', 'UTERUS', 'PROSTATE'] },
  { name: 'HEAD', words: ['HEAD', 'BRAIN', 'SKULL', 'SINUS', 'SINUSES', 'ORBIT', 'FACE', 'CRANIAL'] },
  { name: 'NECK', words: ['NECK', 'CAROTID', 'THYROID'] },
  { name: 'SPINE', words: ['SPINE', 'CSPINE', 'TSPINE', 'LSPINE', 'LSSPINE', 'LUMBAR', 'CERVICAL'] },
  { name: 'BREAST', words: ['BREAST', 'MAMMO', 'MAMMOGRAM', 'MAMMOGRAPHY'] },
  { name: 'HEART', words: ['HEART', 'CARDIAC', 'CORONARY', 'ECHO', 'ECHOCARDIOGRAM'] },
  { name: 'KNEE', words: ['KNEE'] },
  { name: 'ANKLE', words: ['ANKLE'] },
  { name: 'FOOT', words: ['FOOT', 'TOE'] },
  { name: 'LEG', words: ['LEG', 'TIBIA', 'FEMUR', 'THIGH'] },
  { name: 'SHOULDER', words: ['SHOULDER', 'CLAVICLE'] },
  { name: 'ARM', words: ['ARM', 'HUMERUS', 'FOREARM', 'ELBOW'] },
  { name: 'HAND', words: ['HAND', 'WRIST', 'FINGER'] },
];

function regionsOf(study: ExamPart): readonly string[] {
  const words = plain(`${study.bodyPart ?? ''} ${study.description}`).split(/[^A-Z0-9]+/);
  return regions.filter((region) => region.words.some((word) => words.includes(word))).map(({ name }) => name);
}

type ExamPart = Pick<PriorExam, 'bodyPart' | 'description'>;

/** The part of the body that both exams are of, by Body Part Examined or else by their descriptions; null where none is known to be. */
export function sharedBodyPart(current: ExamPart, other: ExamPart): string | null {
  const part = plain(current.bodyPart);
  if (part !== '' && part === plain(other.bodyPart)) return cleanLine(part, 64);
  const known = regionsOf(other);
  return regionsOf(current).find((region) => known.includes(region)) ?? null;
}

function distance(earlier: string | null, later: string | null): string {
  const from = parsePartialDate(earlier);
  const to = parsePartialDate(later);
  if (from === null || from === 'unreadable') return 'date not known';
  if (to === null || to === 'unreadable' || from.digits.length < 8 || to.digits.length < 8) return displayDate(earlier);
  const days = daysBetween(from.digits, to.digits);
  if (days === 0) return 'the same day';
  if (days < 31) return `${days} ${days === 1 ? 'day' : 'days'} before`;
  if (days < 730) return `${counted(Math.round(days / 30.44), 'month')} before`;
  return `${counted(Math.floor(days / 365.25), 'year')} before`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
