import { after, type Instant, minutes } from '../../lib/instant.ts';
import { dateInZone } from '../../lib/zoned-time.ts';
import type { Site } from '../order/index.ts';
import type { CalendarDay, Credentials, Entitlement, PrivilegeLevel } from './credentials.ts';
import { privilegeLevels } from './credentials.ts';
import { type ReadingFrom, readingFromAbroad, readingFromWords } from './reading-from.ts';
import { isStateCode } from './state-codes.ts';

/** Why somebody may not read or issue. */
export const refusalCodes = [
  'state-unknown',
  'no-licence',
  'licence-ends',
  'no-privilege',
  'privilege-ends',
  'privilege-too-low',
  'modality-unknown',
  'modality-not-qualified',
  'modality-ends',
  'no-mammography',
  'mammography-ends',
  'no-malpractice-cover',
  'malpractice-cover-ends',
  'site-takes-no-preliminary',
  'site-takes-no-final',
  'abroad-not-allowed',
  'abroad-preliminary-only',
  'reading-place-unknown',
  'images-arriving',
  'given-to-sign',
  'may-sign-herself',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];
export type RefusalReason = { readonly code: RefusalCode; readonly words: string };

/** `reason` is all reasons in one line. */
export type MayRead =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly reasons: readonly RefusalReason[] };

/** What is looked at on an exam. The state is the performing site's, never the patient's home. */
export type ExamToRead = {
  /** Null: no order names a site, so there is nothing to hold a licence or privilege against. */
  readonly site: Pick<Site, 'id' | 'name' | 'state' | 'zone'> | null;
  readonly modality: string;
};

/** What the contract says of who may issue what; SiteProfile has it. */
type IssueTerms = {
  readonly preliminary: boolean;
  readonly final: boolean;
  readonly fromAbroad: 'final' | 'preliminary' | 'none';
};

/** Usual minutes from opening to signing. What is not named takes the longest, so that nothing expires on the way. */
const usualMinutes: Readonly<Record<string, number>> = { CR: 4, DX: 4, RF: 8, US: 8, MG: 6, CT: 15, MR: 20 };
const longestMinutes = 25;

/** When a report begun now is expected to be signed: what ends before that does not help. */
export function expectedSigningTime(now: Instant, modality: string): Instant {
  return after(now, minutes(usualMinutes[modality] ?? longestMinutes));
}

function verdict(reasons: readonly RefusalReason[]): MayRead {
  return reasons.length === 0
    ? { allowed: true }
    : { allowed: false, reason: reasons.map((one) => one.words).join(' · '), reasons };
}

/** The same verdict with one more reason against it. */
export function withReason(verdictSoFar: MayRead, reason: RefusalReason | null): MayRead {
  if (reason === null) return verdictSoFar;
  return verdict([...(verdictSoFar.allowed ? [] : verdictSoFar.reasons), reason]);
}

/** Those that hold on that day; of equal ones any. */
function holding<One extends { readonly expires: CalendarDay | null }>(all: readonly One[], day: CalendarDay): One[] {
  return all.filter((one) => one.expires === null || one.expires >= day);
}

/** The last day of the one that lasts longest; only asked where all have an end. */
function lastDay(all: readonly { readonly expires: CalendarDay | null }[]): CalendarDay {
  return (
    all
      .map((one) => one.expires ?? '')
      .sort()
      .at(-1) ?? ''
  );
}

function dayAt(at: Instant, zone: string): CalendarDay {
  const digits = dateInZone(at, zone);
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}

function stateReasons(held: Credentials, site: NonNullable<ExamToRead['site']>, day: CalendarDay): RefusalReason[] {
  const state = site.state.trim().toUpperCase();
  if (!isStateCode(state))
    return [{ code: 'state-unknown', words: `It is not known in which state ${site.name} lies` }];
  const reasons: RefusalReason[] = [];
  const licences = held.licences.filter((one) => one.state === state);
  if (licences.length === 0) reasons.push({ code: 'no-licence', words: `No licence for ${state} (${site.name})` });
  else if (holding(licences, day).length === 0)
    reasons.push({ code: 'licence-ends', words: `The licence for ${state} ends ${lastDay(licences)}` });
  const covers = held.malpractice?.filter((one) => one.states === 'all' || one.states.includes(state)) ?? null;
  if (covers?.length === 0) reasons.push({ code: 'no-malpractice-cover', words: `No malpractice cover for ${state}` });
  else if (covers !== null && holding(covers, day).length === 0)
    reasons.push({ code: 'malpractice-cover-ends', words: `Malpractice cover for ${state} ends ${lastDay(covers)}` });
  return reasons;
}

const levelWords: Readonly<Record<PrivilegeLevel, string>> = {
  look: 'to look only',
  draft: 'to draft only',
  preliminary: 'for preliminary reports only',
  final: 'for final reports',
};

function privilegeReasons(
  held: Credentials,
  site: NonNullable<ExamToRead['site']>,
  day: CalendarDay,
  wanted: PrivilegeLevel,
): RefusalReason[] {
  const here = held.privileges?.filter((one) => one.site === site.id) ?? null;
  if (here === null) return [];
  if (here.length === 0) return [{ code: 'no-privilege', words: `No privilege at ${site.name}` }];
  const standing = holding(here, day);
  if (standing.length === 0)
    return [{ code: 'privilege-ends', words: `The privilege at ${site.name} ends ${lastDay(here)}` }];
  const best = Math.max(...standing.map((one) => privilegeLevels.indexOf(one.level)));
  const level = privilegeLevels[best];
  if (level === undefined || best >= privilegeLevels.indexOf(wanted)) return [];
  return [{ code: 'privilege-too-low', words: `The privilege at ${site.name} is ${levelWords[level]}` }];
}

function modalityReasons(held: Credentials, modality: string, day: CalendarDay): RefusalReason[] {
  if (modality === 'MG') {
    // 21 CFR 900.12(a)(1): an interpreting physician's own initial and continuing qualification.
    if (held.mammography === null) return [{ code: 'no-mammography', words: 'Not qualified for mammography (MQSA)' }];
    if (holding([held.mammography], day).length === 0)
      return [
        { code: 'mammography-ends', words: `The mammography qualification (MQSA) ends ${held.mammography.expires}` },
      ];
    return [];
  }
  if (held.modalities === null) return [];
  if (modality === '') return [{ code: 'modality-unknown', words: 'It is not known with which modality it was made' }];
  const named = held.modalities.filter((one) => one.name === modality);
  if (named.length === 0) return [{ code: 'modality-not-qualified', words: `Not qualified for ${modality}` }];
  if (holding(named, day).length === 0)
    return [{ code: 'modality-ends', words: `The qualification for ${modality} ends ${lastDay(named)}` }];
  return [];
}

function readReasons(
  entitlement: Entitlement,
  exam: ExamToRead,
  at: Instant,
  wanted: PrivilegeLevel,
): readonly RefusalReason[] {
  if (entitlement === 'unrestricted') return [];
  // Without a site there is no place whose day it is; UTC is nobody's favour.
  const day = dayAt(at, exam.site?.zone ?? 'UTC');
  return [
    ...(exam.site === null ? [] : stateReasons(entitlement, exam.site, day)),
    ...(exam.site === null ? [] : privilegeReasons(entitlement, exam.site, day, wanted)),
    ...modalityReasons(entitlement, exam.modality, day),
  ];
}

/**
 * Whether somebody may read an exam, with every reason against it. `at` is the moment that counts: the expected signing time for who
 * begins, now for who signs. The role is the table's matter (`may`). `wanted`: what she must be able to issue; nothing, unless told.
 */
export function mayRead(
  entitlement: Entitlement,
  exam: ExamToRead,
  at: Instant,
  wanted: 'draft' | 'preliminary' | 'final' = 'draft',
): MayRead {
  return verdict(readReasons(entitlement, exam, at, wanted));
}

/** Another reader's words wait there for a signature: a study is not hers to claim who wrote them. */
export function gaveToSign(verdictSoFar: MayRead): MayRead {
  return withReason(verdictSoFar, { code: 'given-to-sign', words: 'You gave your report to be signed' });
}

/**
 * Whether somebody gives her report to be signed instead of signing it: she may read the exam, and her privilege alone does not reach.
 * Where it would be signed from is the signer's matter, so contract and place are not asked.
 */
export function mayGiveToSign(
  entitlement: Entitlement,
  exam: ExamToRead,
  at: Instant,
  requested: 'preliminary' | 'final',
): MayRead {
  const reads = readReasons(entitlement, exam, at, 'draft');
  if (reads.length > 0) return verdict(reads);
  const reaches = readReasons(entitlement, exam, at, requested).length === 0;
  return verdict(reaches ? [{ code: 'may-sign-herself', words: 'You may sign it yourself' }] : []);
}

function termsReasons(
  terms: IssueTerms | null,
  kind: 'preliminary' | 'final',
  from: ReadingFrom | null,
): readonly RefusalReason[] {
  if (terms === null) return [];
  if (!terms[kind])
    return kind === 'final'
      ? [{ code: 'site-takes-no-final', words: 'By its contract this site takes no final report from this group' }]
      : [{ code: 'site-takes-no-preliminary', words: 'By its contract this site takes no preliminary report' }];
  if (terms.fromAbroad === 'final') return [];
  if (from === null)
    return [{ code: 'reading-place-unknown', words: 'The contract asks from where you read; say it when you sign in' }];
  if (!readingFromAbroad(from)) return [];
  if (terms.fromAbroad === 'none')
    return [{ code: 'abroad-not-allowed', words: `By its contract nothing is issued from ${readingFromWords(from)}` }];
  return kind === 'preliminary'
    ? []
    : [
        {
          code: 'abroad-preliminary-only',
          words: `By its contract only a preliminary is issued from ${readingFromWords(from)}`,
        },
      ];
}

/** Whether somebody may put her name to a preliminary or final report of an exam, from where she sits. `terms` null: no contract known. */
export function mayIssue(
  entitlement: Entitlement,
  exam: ExamToRead,
  kind: 'preliminary' | 'final',
  at: Instant,
  place: { readonly from: ReadingFrom | null; readonly terms: IssueTerms | null },
): MayRead {
  return verdict([...readReasons(entitlement, exam, at, kind), ...termsReasons(place.terms, kind, place.from)]);
}
