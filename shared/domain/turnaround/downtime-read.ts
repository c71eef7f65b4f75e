import type { Instant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** A read that was made on paper while the host was down, as somebody types it in afterwards. It is nobody's signature. */
export type DowntimeRead = {
  /** Who read, as it stands on the paper. */
  readonly readBy: string;
  readonly readAt: Instant;
  readonly words: string;
  /** Who was phoned and when; null where nobody was. */
  readonly phoned: { readonly to: string; readonly at: Instant; readonly readBack: boolean } | null;
};

/** Minutes of difference between the wall's clock and the record's that are nobody's mistake, in milliseconds. */
const tolerated = 60_000;

/** Why a read cannot have been so; a sentence for each fault. `orderedAt` is null where no order says when it was written. */
export function checkDowntimeRead(
  read: DowntimeRead,
  facts: { readonly orderedAt: Instant | null; readonly familyName: string; readonly now: Instant },
): Result<DowntimeRead, readonly string[]> {
  const { readAt, phoned } = read;
  const { orderedAt, now } = facts;
  const faults: string[] = [];
  if (read.readBy.trim() === '') faults.push('Say who read, as it stands on the paper.');
  if (read.words.trim() === '') faults.push('The words of the read are missing.');
  if (readAt > now + tolerated) faults.push('The time of the read is in the future.');
  if (orderedAt !== null && readAt < orderedAt - tolerated)
    faults.push('The time of the read is before the order was written.');
  if (phoned !== null) {
    if (phoned.to.trim() === '') faults.push('Say who was phoned.');
    if (phoned.at > now + tolerated) faults.push('The time of the call is in the future.');
    if (phoned.at < readAt) faults.push('The call is before the read.');
  }
  const family = facts.familyName.trim().toLocaleLowerCase('en');
  const said = [read.words, read.readBy, phoned?.to ?? ''].join(' ').toLocaleLowerCase('en');
  // Events are told on the timeline, the dispute file and its exports, which name no patient.
  if (family.length > 2 && said.includes(family)) faults.push('Leave the patient’s name out of the words.');
  return faults.length === 0 ? ok(read) : err(faults);
}

/** What the timeline and the dispute file say of it: that it was typed in afterwards stands first. */
export function downtimeReadWords(read: DowntimeRead): { readonly read: string; readonly phoned: string } {
  const { phoned } = read;
  return {
    read: `entered after downtime: read by ${read.readBy.trim()}: ${read.words.trim()}`,
    phoned:
      phoned === null
        ? ''
        : `entered after downtime: ${phoned.to.trim()} was told, ${phoned.readBack ? 'read back' : 'not read back'}`,
  };
}
