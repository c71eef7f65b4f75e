import { useRef } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import { arrivalSentences, arrivedWords, shownTime } from '../case/index.ts';
import { Button, Message } from '../ui/index.ts';

/**
 * What has come since the case was opened, in words; the reader decides when to load it, nothing moves under her eyes. `before` is the
 * first number of images that was told without documents among them.
 */
function arrivedSince(detail: CaseDetail, live: CaseDetail['row'], before: number): string | null {
  if (detail.context.studyUid === null) return live.studyUid === null ? null : 'The images of this order have come.';
  if (detail.order === null && live.link === 'order-and-images') return 'The order for these images has come.';
  const more = live.images.present - before;
  // What came may be a report about the images: it is not called one of them.
  if (live.images.atMost === true) return more <= 0 ? null : 'More has come: images, or documents about them.';
  return more <= 0 ? null : more === 1 ? '1 more image has come.' : `${more} more images have come.`;
}

/** A study that is open while its images still come: how many are here now, how many were when she began, and what has come since. */
export function ArrivalLine(props: {
  readonly detail: CaseDetail;
  readonly live: CaseDetail['row'];
  readonly now: number;
  readonly onReopen: () => void;
}) {
  const { detail, live, now } = props;
  const { present, expected } = detail.row.images;
  const counted = useRef<number | null>(null);
  const first = [detail.row.images, live.images].find((one) => one.atMost !== true);
  counted.current ??= first?.present ?? null;
  const arrived = arrivedSince(detail, live, counted.current ?? present);
  const early = detail.row.arrival?.kind === 'arriving';
  const arriving = live.arrival?.kind === 'arriving';
  if (arrived === null && !arriving && !early) return null;
  const zone = live.site?.zone ?? null;
  const wereHere = `${detail.row.images.atMost === true ? 'at most ' : ''}${present}${expected === null ? '' : ` of ${expected}`}`;
  const begun = early
    ? detail.mode === 'read'
      ? `You started early, with ${wereHere}. `
      : `You opened it with ${wereHere}. `
    : '';
  const last = live.arrival?.kind === 'arriving' ? ` The last came ${shownTime(live.arrival.changedAt, zone)}.` : '';
  const { words, small } = arrivalSentences(live, now);
  const more = arrived === null ? '' : `${arrived} `;
  return (
    <Message
      tone={arriving ? 'ask' : 'tell'}
      title={
        arriving ? `${words}: ${arrivedWords(live)} are here.` : early ? `${more}${words}: ${small}.` : more.trim()
      }
      {...(arrived === null ? {} : { action: <Button onClick={props.onReopen}>Open it anew</Button> })}
    >
      {begun}
      {arriving ? more : ''}
      {arrived === null
        ? last.trim()
        : `${last.trim()} What is on screen stays until you open it anew. Your words are kept.`.trim()}
    </Message>
  );
}
