import type { WorklistRow } from '../../../shared/api/index.ts';
import { type Viewer, waitingForMe } from '../../../shared/domain/message/index.ts';
import { escalatesAt } from '../../../shared/domain/question/index.ts';
import { shownLeft } from '../../case/index.ts';
import type { StatusWords } from './row-words.ts';

/** Whether a site has been silent for so long that the lead has to know. */
function isSilent(row: WorklistRow, now: number): boolean {
  const askedAt = row.matters?.oldestAskedAt ?? null;
  return askedAt !== null && now >= escalatesAt({ askedAt }, row.priority);
}

/** What site and reader wait for from each other, as one status; `first` goes before everything but harm, also where all is read. */
export function siteStatus(
  row: WorklistRow,
  now: number,
  me: Viewer | null,
): { readonly status: StatusWords; readonly first: boolean } | null {
  const { matters } = row;
  if (matters === undefined) return null;
  const critical = criticalStatus(row, now);
  if (critical !== null) return { status: critical, first: true };
  const messages =
    me === null || matters.messages === undefined ? 0 : waitingForMe(matters.messages, me, row.reader?.id ?? null);
  if (matters.calls > 0) return { status: { words: 'Call the site', shape: 'diamond', tone: 'signal' }, first: true };
  if (messages > 0)
    return {
      status: { words: messages === 1 ? 'Message' : `${messages} messages`, shape: 'diamond', tone: 'signal' },
      first: true,
    };
  if (matters.asked > 0)
    return isSilent(row, now)
      ? { status: { words: 'Site silent', shape: 'diamond', tone: 'signal' }, first: false }
      : { status: { words: 'Site asked', shape: 'ring', tone: 'usual' }, first: false };
  if (matters.answered > 0) return { status: { words: 'Site answered', shape: 'disc', tone: 'signal' }, first: false };
  return null;
}

/** A finding that nobody has read back goes before all else that a row says, also where the study is read. */
function criticalStatus(row: WorklistRow, now: number): StatusWords | null {
  const critical = row.matters?.critical;
  if (critical === undefined) return null;
  const left = critical.dueAt - now;
  if (left <= 0)
    return {
      words: `Call: late ${shownLeft(-left)}`,
      whole: `Critical result overdue by ${shownLeft(-left)}`,
      shape: 'octagon',
      tone: 'danger',
    };
  return {
    words: `Call: ${shownLeft(left)}`,
    whole: `Critical result, level ${critical.level}: ${shownLeft(left)} left`,
    shape: 'diamond',
    tone: 'signal',
  };
}

type Reason = { readonly words: string; readonly small: string; readonly figure: string; readonly tone?: 'signal' };

/** The same in the panel beside the list, each with its next step. */
export function siteReasons(row: WorklistRow, now: number, me: Viewer | null): readonly Reason[] {
  const { matters } = row;
  if (matters === undefined) return [];
  const reasons: Reason[] = [];
  if (matters.critical !== undefined) {
    const left = matters.critical.dueAt - now;
    reasons.push({
      words:
        matters.critical.open === 1
          ? 'A critical result is open'
          : `${matters.critical.open} critical results are open`,
      small:
        left <= 0
          ? 'overdue: call until somebody who can act reads it back'
          : 'call until somebody who can act reads it back',
      figure: shownLeft(left),
      tone: 'signal',
    });
  }
  if (matters.calls > 0)
    reasons.push({
      words: 'The site asks for a call',
      small: 'the number is under Ask the site',
      figure: '',
      tone: 'signal',
    });
  const messages = matters.messages;
  if (messages !== undefined) {
    const waiting = me === null ? 0 : waitingForMe(messages, me, row.reader?.id ?? null);
    reasons.push({
      words:
        waiting > 0 ? 'A message waits for you' : messages.count === 1 ? '1 message' : `${messages.count} messages`,
      small: 'under Ask the site',
      figure: waiting > 0 ? String(waiting) : '',
      ...(waiting > 0 ? { tone: 'signal' as const } : {}),
    });
  }
  if (matters.asked > 0 && matters.oldestAskedAt !== null) {
    const silent = isSilent(row, now);
    reasons.push({
      words: matters.asked === 1 ? 'A question waits for the site' : `${matters.asked} questions wait for the site`,
      small: silent ? 'no answer for too long: the lead sees it; phone the site' : 'reading can go on',
      figure: shownLeft(Math.max(0, now - matters.oldestAskedAt)),
      ...(silent ? { tone: 'signal' as const } : {}),
    });
  } else if (matters.answered > 0)
    reasons.push({ words: 'The site has answered', small: 'the answer is under Ask the site', figure: '' });
  return reasons;
}
