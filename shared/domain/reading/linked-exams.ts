import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import { compareIdentity, type IdentityGrade, type PatientIdentity } from '../study/index.ts';
import type { TaskState } from './reading-task.ts';

/** What decides whether two open exams go together. A row of the worklist is one. */
export type LinkExam = {
  readonly taskId: string;
  readonly state: TaskState;
  readonly patient: PatientIdentity;
  readonly site: { readonly id: string } | null;
  /** Order against images of this exam. */
  readonly identity: IdentityGrade;
  readonly link: 'order-and-images' | 'images-without-order' | 'order-without-images';
  /** When the order was written; absent where the site did not say. */
  readonly orderedAt?: Instant | undefined;
  /** The placer's own group of orders (HL7 v2 ORC-4, FHIR ServiceRequest.requisition); absent where it made none. */
  readonly orderGroup?: string | undefined;
  readonly clockStartedAt: Instant | null;
  /** YYYYMMDD. */
  readonly studyDate: string | null;
};

/** Why two exams are not read together. */
export type LinkRefusal =
  | 'itself'
  | 'not-open'
  | 'no-order-or-images'
  | 'no-patient-id'
  | 'other-patient'
  | 'patients-differ'
  | 'identity-open'
  | 'other-site'
  | 'far-apart';

export type LinkVerdict =
  /** `words`: "ordered together", for people. */
  | { readonly linked: true; readonly words: string }
  | { readonly linked: false; readonly because: LinkRefusal; readonly words: string };

/** Exams of one visit are ordered or come within this time; a follow-up of the next day is a case of its own. */
const closeTogether: Millis = minutes(4 * 60);

/** More exams in one report than a reader keeps apart; a trauma series is some four. Without the exam itself. */
export const mostLinked = 5;

const openStates: readonly TaskState[] = ['queued', 'claimed', 'reading', 'held'];

function plain(text: string | null): string {
  return (text ?? '').trim();
}

function refuse(because: LinkRefusal, words: string): LinkVerdict {
  return { linked: false, because, words };
}

/**
 * Whether two exams are the same patient's, of one place and one visit, so that one reader reads them and one report may hold both.
 * Words of one patient on another's images are the worst that can happen here: what is not known is not the same. Both must carry the
 * same id by the same issuer, a name and a birth date, and nothing about the patient may differ, not even in spelling; neither may have
 * an open question of identity between order and images. The answer is the same whichever is asked first.
 */
export function linkOf(one: LinkExam, other: LinkExam): LinkVerdict {
  if (one.taskId === other.taskId) return refuse('itself', 'It is the same exam.');
  if (!openStates.includes(one.state) || !openStates.includes(other.state))
    return refuse('not-open', 'One of them is finished already.');
  const patient = samePatient(one.patient, other.patient);
  if (patient !== null) return patient;
  if (one.link !== 'order-and-images' || other.link !== 'order-and-images')
    return refuse('no-order-or-images', 'One of them lacks its order or its images.');
  if (isOpenQuestion(one.identity) || isOpenQuestion(other.identity))
    return refuse('identity-open', 'Order and images of one of them do not agree on who the patient is.');
  if (one.site === null || other.site === null || plain(one.site.id) === '' || one.site.id !== other.site.id)
    return refuse('other-site', 'They were made at different places, or it is not known where.');
  const words = together(one, other);
  return words === null
    ? refuse('far-apart', 'They were neither ordered nor made at about the same time.')
    : { linked: true, words };
}

function isOpenQuestion(grade: IdentityGrade): boolean {
  return grade === 'stop' || grade === 'ask';
}

function samePatient(one: PatientIdentity, other: PatientIdentity): LinkVerdict | null {
  const known = [one, other].every(
    (patient) => plain(patient.id) !== '' && plain(patient.issuer) !== '' && plain(patient.name) !== '',
  );
  if (!known || one.birthDate === null || other.birthDate === null)
    return refuse('no-patient-id', 'Patient id, its issuer, name or birth date is missing on one of them.');
  if (plain(one.id) !== plain(other.id) || plain(one.issuer) !== plain(other.issuer))
    return refuse('other-patient', 'They do not carry one patient id by one issuer.');
  const { grade, differences } = compareIdentity(one, other);
  if (grade === 'same' && plain(one.birthDate) === plain(other.birthDate)) return null;
  if (grade === 'same') return refuse('patients-differ', 'One of them says the birth date in part only.');
  return refuse(
    'patients-differ',
    `The same id names two people, or one of them is wrong: ${differences.map((difference) => difference.words).join('; ')}.`,
  );
}

/** Why they are of one visit; null when they are not. */
function together(one: LinkExam, other: LinkExam): string | null {
  const sameDay = one.studyDate !== null && one.studyDate === other.studyDate;
  // A group may be a standing order: each day's exam of it is a case of its own.
  if (sameDay && one.orderGroup !== undefined && one.orderGroup !== '' && one.orderGroup === other.orderGroup)
    return 'one group of orders';
  if (near(one.orderedAt, other.orderedAt)) return 'ordered together';
  return sameDay && near(one.clockStartedAt, other.clockStartedAt) ? 'made together' : null;
}

function near(one: Instant | null | undefined, other: Instant | null | undefined): boolean {
  if (one === null || one === undefined || other === null || other === undefined) return false;
  return Math.abs(one - other) <= closeTogether;
}

/**
 * The exams that go with this one, soonest asked first. Each is linked with every other of them, because what is absent on one exam
 * may differ on two others; of two that contradict each other the first in the list's order stands.
 */
export function linkedWith<Exam extends LinkExam>(
  exam: LinkExam,
  others: readonly Exam[],
): readonly { readonly exam: Exam; readonly words: string }[] {
  const found: { readonly exam: Exam; readonly words: string }[] = [];
  for (const other of [...others].sort(byOrder)) {
    if (found.length >= mostLinked) break;
    const verdict = linkOf(exam, other);
    if (!verdict.linked) continue;
    if (found.every((before) => linkOf(before.exam, other).linked)) found.push({ exam: other, words: verdict.words });
  }
  return found;
}

/** By task id at last: the same list at every desk. */
function byOrder(left: LinkExam, right: LinkExam): number {
  const times = (left.orderedAt ?? Number.MAX_SAFE_INTEGER) - (right.orderedAt ?? Number.MAX_SAFE_INTEGER);
  if (times !== 0) return times;
  return left.taskId < right.taskId ? -1 : left.taskId > right.taskId ? 1 : 0;
}

/** Which exams could be linked at all: one place and one patient id. Null where one of them is not known, and then none can. */
export function linkKey(exam: Pick<LinkExam, 'patient' | 'site'>): string | null {
  const { id, issuer } = exam.patient;
  if (plain(id) === '' || plain(issuer) === '' || exam.site === null) return null;
  return JSON.stringify([plain(id), plain(issuer), exam.site.id]);
}
