import { err, ok, type Result } from '../../lib/result.ts';
import type { InstanceUid, SeriesUid, StudyUid } from './study.ts';

/**
 * PS3.5 9.1: digits and dots, at most 64 characters, no empty component. The clause also forbids leading zeros; archives hold
 * such UIDs all the same, and refusing them would hide a patient's images, so they pass.
 */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(text);
}

/** PS3.5 9.1 pads to even length with one NUL, and some senders with spaces; the padding is not part of the UID. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0 || text[end - 1] === ' ')) end -= 1;
  return text.slice(0, end);
}

function parseUid<Uid extends string>(text: string): Result<Uid, 'not-a-uid'> {
  const uid = withoutPadding(text);
  return isUid(uid) ? ok(uid as Uid) : err('not-a-uid');
}

export function parseStudyUid(text: string): Result<StudyUid, 'not-a-uid'> {
  return parseUid<StudyUid>(text);
}

export function parseSeriesUid(text: string): Result<SeriesUid, 'not-a-uid'> {
  return parseUid<SeriesUid>(text);
}

export function parseInstanceUid(text: string): Result<InstanceUid, 'not-a-uid'> {
  return parseUid<InstanceUid>(text);
}
