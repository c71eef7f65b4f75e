import {
  countWords,
  type ImagesAfterReport,
  isOverdue,
  noChangeWords,
  openFor,
  totals,
} from '../../../shared/domain/images-after-report/index.ts';
import { noteAgainstWords } from '../../../shared/domain/rejection/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { shownLeft, shownTime } from '../../case/index.ts';

/** "24 new, 1 withdrawn since version 1". */
export function whatWords({ difference, report }: ImagesAfterReport): string {
  const counts = countWords(totals(difference.series));
  const notes = (difference.notes ?? []).map(noteAgainstWords);
  return difference.series.length === 0
    ? 'Images as signed again'
    : `${counts} since version ${report.version}${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`;
}

/** How long it has been open, and how it stands to when it has to be ended: "open 0:16, due 02:30 PST". */
export function clockWords(item: ImagesAfterReport, zone: string | null, now: Instant): string {
  const open = `open ${shownLeft(openFor(item, now))}`;
  return isOverdue(item, now)
    ? `${open}, late since ${shownTime(item.due, zone)}`
    : `${open}, due ${shownTime(item.due, zone)}`;
}

/** Who was told, the last one first: "told Dr A. Brackwater". */
export function toldWords(item: ImagesAfterReport): string {
  const names = [...item.told].reverse().map((one) => one.to.name);
  return names.length === 0 ? 'nobody is told yet' : `told ${names.join(', ')}`;
}

/** How it was ended, by whom and when; empty while it is open. */
export function endingWords({ ending }: ImagesAfterReport, zone: string | null): string {
  if (ending === null) return '';
  const how =
    ending.kind === 'report'
      ? `by version ${ending.report.version}, which covers them`
      : `no change: ${noChangeWords[ending.reason]}${ending.words === '' ? '' : ` (${ending.words})`}`;
  return `Ended ${shownTime(ending.at, zone)} by ${ending.by.name}, ${how}.`;
}

export function instantOf(now: number): Instant {
  return instant(now);
}
