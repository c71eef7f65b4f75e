import type { ReportView } from '../../../shared/api/index.ts';
import { type Delivery, type DeliveryState, isCommitted } from '../../../shared/domain/delivery/index.ts';
import type { ReleaseKind, ReportState } from '../../../shared/domain/report/index.ts';
import { clockWords, eventWords, formatInZone, type ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { SaverState } from './draft-saver.ts';

/** The words of `status` "Report status": exactly one of these. */
export type StatusWord =
  | 'Draft'
  | 'Saving'
  | 'Saved'
  | 'Not saved'
  | 'Signed not released'
  | 'Preliminary'
  | 'Final'
  | 'Appended'
  | 'Corrected'
  | 'Entered in error';

export function stateWord(state: ReportState): StatusWord {
  switch (state) {
    case 'draft':
      return 'Draft';
    case 'signed-not-released':
      return 'Signed not released';
    case 'preliminary':
      return 'Preliminary';
    case 'final':
      return 'Final';
    case 'appended':
      return 'Appended';
    case 'corrected':
      return 'Corrected';
    case 'entered-in-error':
      return 'Entered in error';
    default:
      return assertNever(state);
  }
}

/** `saver` is null while no editor is open. An editor in which nothing was written yet leaves the report's own state in sight. */
export function statusWord(state: ReportState, saver: Pick<SaverState, 'standing'> | null): StatusWord {
  if (state === 'signed-not-released' || state === 'entered-in-error' || saver === null) return stateWord(state);
  switch (saver.standing) {
    case 'untouched':
      return stateWord(state);
    case 'draft':
      return 'Draft';
    case 'saving':
      return 'Saving';
    case 'saved':
      return 'Saved';
    case 'not-saved':
    case 'stale':
      return 'Not saved';
    default:
      return assertNever(saver.standing);
  }
}

/** Where the words are while one place fails: stays until it is true no more. */
export function notSavedWords(saver: SaverState): { readonly title: string; readonly words: string } | null {
  if (saver.standing !== 'not-saved') return null;
  const { localTrouble, hostTrouble } = saver;
  if (hostTrouble !== null && localTrouble === null) {
    return {
      title: 'Not saved: this machine only',
      words: `${hostTrouble} Your words are on this machine; the second copy is tried again.`,
    };
  }
  if (localTrouble !== null && hostTrouble === null) {
    return { title: 'Not saved: the host only', words: `${localTrouble} The host has your words.` };
  }
  return {
    title: 'Not saved anywhere',
    words:
      `${localTrouble ?? ''} ${hostTrouble ?? ''} Your words are on this screen only: keep this window open.`.trim(),
  };
}

export const kindWords: Readonly<Record<ReleaseKind, string>> = {
  preliminary: 'preliminary',
  final: 'final',
  addendum: 'addendum',
  correction: 'correction',
  withdrawal: 'withdrawal',
};

/** The wall clock of a zone with the zone's name: "02:19:41 PST". */
export function timeInZone(at: Instant, zone: string): string {
  return formatInZone(at, zone).slice(11);
}

const deliveryWords: Readonly<Record<DeliveryState, string>> = {
  queued: 'queued',
  sent: 'sent',
  accepted: 'accepted',
  filed: 'filed',
  refused: 'refused',
  withdrawn: 'not sent',
  superseded: 'superseded',
};

/** State in words, with the time since when. */
export function deliveryState(delivery: Delivery, zone: string): string {
  const word = isCommitted(delivery) ? 'committed' : deliveryWords[delivery.state];
  return `${word} ${timeInZone(delivery.since, zone)}`;
}

/** What is going on behind the state, or what a person must do. */
export function deliveryDetail(delivery: Delivery, zone: string): string {
  const tries = delivery.attempts === 1 ? '1 attempt' : `${delivery.attempts} attempts`;
  const next = delivery.nextAttemptAt === null ? '' : `, next at ${timeInZone(delivery.nextAttemptAt, zone)}`;
  const proof = delivery.proof === '' ? '' : `${delivery.proof.replace(/\.$/, '')}. `;
  switch (delivery.state) {
    case 'queued':
      return delivery.attempts === 0
        ? `${proof}Waits for its turn. Nothing to do.`
        : `${proof}${tries}${next}; the same ids and bytes. Nothing to do.`;
    case 'sent':
      return isCommitted(delivery)
        ? `${proof}${tries}. Nothing to do; if no answer comes, the same ids and bytes go again${next.replace(', next', '')}.`
        : `${proof}No answer yet, ${tries}${next}; the same ids and bytes.`;
    case 'accepted':
    case 'filed':
    case 'withdrawn':
    case 'superseded':
      return delivery.proof;
    case 'refused':
      return `${proof}Needs a person: put right at the receiver what it names, then try again. Until then, phone what cannot wait.`;
    default:
      return assertNever(delivery.state);
  }
}

export function eventWord(event: ReadingEvent): string {
  return eventWords[event.type];
}

/** Why a time is not to be trusted to the second; null where it is. */
export function doubtWords(event: ReadingEvent): string | null {
  if (event.clock.source === 'paper') return `entered after downtime: by ${clockWords.paper}`;
  return event.clock.confidence === 'high' ? null : `low confidence: by ${clockWords[event.clock.source]}`;
}

/** "4 min 10 s", "2 h 05 min", "38 s". */
export function spanWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min ${seconds % 60} s`;
  return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** The names of spec 3.3 as people say them; one that this page does not know is shown as it came. */
const intervalWords: Readonly<Record<string, string>> = {
  T_transfer: 'Transfer',
  T_prior: 'Priors',
  T_queue: 'Queue',
  T_lead: 'Claim to opening',
  RTAT: 'Turnaround',
  'RTAT-prelim': 'First report',
  T_read_active: 'Open to read',
  T_sign: 'Draft to final',
  CTAT: 'By contract',
  'Order-to-result': 'Order to result',
  T_crit: 'Critical result',
  T_discrepancy: 'Discrepancy',
};

export function intervalWord(name: string): string {
  return Object.hasOwn(intervalWords, name) ? (intervalWords[name] ?? name) : name;
}

const verdictWords = {
  verified: 'Signature verified',
  altered: 'Altered: signature and words do not fit',
  'unknown-key': 'Signer’s key is not known',
  missing: 'Not in the record',
} as const;

export function verdictWord(verdict: keyof typeof verdictWords): string {
  return verdictWords[verdict];
}

/** The version that waits for its release, if there is one. */
export function waitingVersion(report: ReportView) {
  return report.versions.find((one) => one.state === 'signed-not-released' && one.returned === null) ?? null;
}

/** The newest version, when it was given back and nothing was signed since. */
export function returnedVersion(report: ReportView) {
  const last = report.versions.at(-1);
  return last !== undefined && last.returned !== null ? last : null;
}
