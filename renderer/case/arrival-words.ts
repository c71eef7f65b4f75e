import type { WorklistRow } from '../../shared/api/index.ts';
import { neverWaits } from '../../shared/domain/reading/index.ts';
import { countHere, hereWords } from '../../shared/domain/study/index.ts';
import { shownTime } from './patient-words.ts';

type Row = Pick<WorklistRow, 'arrival' | 'images' | 'priority' | 'codeStudy' | 'site'>;

/** "6 of 24 images, 1 of 2 series (CT chest)". */
export function arrivedWords({ arrival, images }: Row): string {
  const protocol = arrival?.kind === 'arriving' ? arrival.protocol : null;
  return hereWords({ ...countHere(images), protocol });
}

/** What a row is marked with while its images are not all here, short and whole; null where they are, or nobody waits for them. */
export function arrivalMark(row: Row): { readonly words: string; readonly whole: string } | null {
  const { arrival } = row;
  const { present, expected } = row.images;
  const most = row.images.atMost === true ? '≤' : '';
  if (arrival?.kind === 'arriving')
    return {
      words: `Arriving ${most}${expected === null ? present : `${present}/${expected}`}`,
      whole: `Arriving: ${arrivedWords(row)}; the last came ${shownTime(arrival.changedAt, row.site?.zone ?? null)}`,
    };
  if (arrival?.kind === 'complete' && arrival.short)
    return {
      words: expected === null || present >= expected ? 'Series missing' : `Quiet ${most}${present}/${expected}`,
      whole: `Offered as it is: ${arrival.words}; the last came ${shownTime(arrival.at, row.site?.zone ?? null)}`,
    };
  return null;
}

/** Which rule decides about this study's images, or decided, in two sentences with time and zone. */
export function arrivalSentences(row: Row, now: number): { readonly words: string; readonly small: string } {
  const { arrival } = row;
  const zone = row.site?.zone ?? null;
  const noNumber =
    row.images.expected === null ? '; the order told no number (HL7 v2 orders have no field for it)' : '';
  if (arrival === undefined)
    return {
      words: 'The images are here',
      small:
        row.images.expected === null
          ? 'the order told no number of images'
          : `${arrivedWords(row)} that the order announced`,
    };
  if (arrival.kind === 'complete')
    return {
      words: arrival.short ? 'Images may be missing' : 'The images are complete',
      small: `${arrival.words}; the last came ${shownTime(arrival.at, zone)}${noNumber}`,
    };
  const here = `${arrivedWords(row)} here, the last came ${shownTime(arrival.changedAt, zone)}${noNumber}`;
  const until =
    arrival.quietAt <= now
      ? `nothing more came for ${arrival.quietMinutes} min: it is offered as it is`
      : `Next study offers it with the last image, or at ${shownTime(arrival.quietAt, zone)} if nothing more comes; Read starts early`;
  return {
    words: arrival.again ? 'More images are arriving' : 'Images still arriving',
    small: neverWaits(row)
      ? `${here}; ${row.codeStudy === undefined ? 'STAT does' : 'a code does'} not wait: it is offered with its first image`
      : `${here}; ${until}`,
  };
}
