import type { CallInput, CaseDetail, WithdrawalView } from '../../../shared/api/index.ts';
import { type StepStanding, type WithdrawalStep, withdrawalWords } from '../../../shared/domain/report/index.ts';
import { displayDate, displayName } from '../../../shared/domain/study/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';

type Shown = CallInput<'withdrawReport'>['shown'];

/** The identity tuple that the dialog shows and the command carries: one value, so that they cannot differ. */
export function shownOf(detail: Pick<CaseDetail, 'order' | 'study' | 'context'>): Shown {
  const patient = detail.order?.patient ?? detail.study?.patient ?? null;
  return {
    name: displayName(patient?.name ?? ''),
    birthDate: displayDate(patient?.birthDate ?? ''),
    accession: detail.context.accession ?? '',
    exam: detail.order?.procedure.display ?? detail.study?.description ?? '',
  };
}

const stepWords: Readonly<Record<WithdrawalStep, { readonly open: string; readonly done: string }>> = {
  'exam-again': { open: 'The exam is not on the list again yet', done: 'The exam is on the list again' },
  'physician-call': {
    open: 'The call to this patient’s physician is not begun yet',
    done: 'The call to this patient’s physician is begun, level 1: it ends by a read-back',
  },
  'right-physician-call': {
    open: 'The call to the right patient’s physician is not begun yet',
    done: 'The call to the right patient’s physician is begun, level 1: it ends by a read-back',
  },
  'lead-told': { open: 'The lead is not told yet', done: 'The lead is told' },
  'site-told': { open: 'The site’s desk is not told yet', done: 'The site’s desk is told' },
  'right-site-told': {
    open: 'The desk of the right exam’s site is not told yet',
    done: 'The desk of the right exam’s site is told',
  },
  'right-report': { open: 'The right exam has no report yet', done: 'The right exam has its report' },
};

/** A step in words; null where nothing was to be done. */
export function stepLine({ step, state }: StepStanding): { readonly words: string; readonly done: boolean } | null {
  return state === 'not-needed' ? null : { words: stepWords[step][state], done: state === 'done' };
}

type Receiver = WithdrawalView['receivers'][number];

/** "accepted", "filed", or what it waits for. */
export function receiverLine({ state, hasIt, proof }: Receiver): string {
  if (hasIt) return `has the withdrawal: ${state}${proof === '' ? '' : `, ${proof}`}`;
  const more = proof === '' ? '' : `: ${proof}`;
  switch (state) {
    case 'queued':
      return `waits for its turn${more}`;
    case 'sent':
      return `sent, no answer yet${more}`;
    case 'accepted':
      return `accepted, not read back yet${more}`;
    case 'refused':
      return `refused${more}. Needs a person; until then phone the site`;
    case 'filed':
    case 'withdrawn':
    case 'superseded':
      return state;
  }
}

/** "Wrong patient, withdrawn by Dr M. Tandewright, 2026-11-22 02:19:41 PST". */
export function headLine({ why, by, at }: Pick<WithdrawalView, 'why' | 'by' | 'at'>, zone: string): string {
  const reason = withdrawalWords[why];
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}, withdrawn by ${by.name}, ${formatInZone(at as Instant, zone)}`;
}
