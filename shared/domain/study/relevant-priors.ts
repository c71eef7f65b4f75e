import { cleanLine } from '../../lib/clean-text.ts';
import { daysBetween, displayDate, examSortKey, parsePartialDate } from './calendar-date.ts';
import { compareIdentity } from './compare-identity.ts';
import type { PatientIdentity, Study } from './study.ts';

/** An earlier study worth seeing beside the current one, and why: "same patient id and issuer, CT chest, 3 months before". */
export type RelevantPrior = { readonly study: Study; readonly reason: string };

/**
 * Earlier studies of the same patient, the most useful first: same body part and modality, same body part, same modality, the
 * rest; the newest first in each. A study that is later than the current one, or whose patient clashes, is left out.
 */
export function relevantPriors(current: Study, others: readonly Study[]): RelevantPrior[] {
  const found: { readonly prior: RelevantPrior; readonly rank: number; readonly when: string }[] = [];
  for (const study of others) {
    if (study.studyUid === current.studyUid || isLater(study, current)) continue;
    const why = samePatient(current.patient, study.patient);
    if (why === null) continue;
    const part = sharedBodyPart(current, study);
    const modality = current.modalities.find((name) => study.modalities.includes(name)) ?? null;
    const rank = (part === null ? 0 : 2) + (modality === null ? 0 : 1);
    const what = [modality ?? study.modalities.join(' and '), (part ?? bodyPartOf(study)).toLowerCase()]
      .join(' ')
      .trim();
    const reason = [why, what, distance(study.studyDate, current.studyDate)].filter((words) => words !== '').join(', ');
    found.push({ prior: { study, reason }, rank, when: examSortKey(study.studyDate, study.studyTime) });
  }
  found.sort((left, right) => right.rank - left.rank || compareText(right.when, left.when) || byUid(left, right));
  return found.map(({ prior }) => prior);
}

function byUid(left: { readonly prior: RelevantPrior }, right: { readonly prior: RelevantPrior }): number {
  return compareText(left.prior.study.studyUid, right.prior.study.studyUid);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function samePatient(current: PatientIdentity, other: PatientIdentity): string | null {
  const id = plain(current.id);
  if (id === '' || id !== plain(other.id)) return null;
  const { grade, differences } = compareIdentity(current, other);
  if (grade === 'stop' || grade === 'ask') return null;
  const issuer = plain(current.issuer);
  if (issuer !== '' && issuer === plain(other.issuer)) return 'same patient id and issuer';
  // Without an issuer an id may belong to two people at two sites; name and birth date must say the same.
  const named =
    plain(current.name) !== '' && plain(other.name) !== '' && !differences.some(({ field }) => field === 'name');
  const born = displayDate(current.birthDate);
  const known = born.length === 10 && born === displayDate(other.birthDate);
  return named && known && grade === 'same' ? 'same patient id, name and birth date' : null;
}

function plain(text: string | null): string {
  return (text ?? '').trim().toUpperCase();
}

function isLater(study: Study, current: Study): boolean {
  const then = examSortKey(study.studyDate, study.studyTime);
  const now = examSortKey(current.studyDate, current.studyTime);
  if (then === '' || now === '') return false;
  const day = then.slice(0, 8) > now.slice(0, 8);
  const timed = study.studyTime !== null && current.studyTime !== null && study.studyDate === current.studyDate;
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

function regionsOf(study: Study): readonly string[] {
  const words = plain(`${study.bodyPart ?? ''} ${study.description}`).split(/[^A-Z0-9]+/);
  return regions.filter((region) => region.words.some((word) => words.includes(word))).map(({ name }) => name);
}

function bodyPartOf(study: Study): string {
  return cleanLine(study.bodyPart ?? '', 64) || (regionsOf(study)[0] ?? '');
}

function sharedBodyPart(current: Study, other: Study): string | null {
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
