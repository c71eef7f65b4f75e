import type { MarksSavingView } from '../../../shared/api/index.ts';

const count = (number: number, one: string): string => (number === 1 ? `1 ${one}` : `${number} ${one}s`);

/** The state of saved marks in a word or two. */
export function marksStateWords({ state }: Pick<MarksSavingView, 'state'>): string {
  switch (state) {
    case 'waiting':
      return 'waiting';
    case 'saved':
      return 'saved';
    case 'refused':
      return 'refused by the archive';
    case 'given-back':
      return 'not saved';
  }
}

/** What is in the archive, why the rest is not, and what stays in the words of the report alone. */
export function markCounts(
  one: Pick<MarksSavingView, 'state' | 'why' | 'measurements' | 'keyImages' | 'left'>,
): string {
  const there = [
    ...(one.measurements === 0 ? [] : [`${count(one.measurements, 'measurement')} as SR`]),
    ...(one.keyImages === 0 ? [] : [`${count(one.keyImages, 'key image')} as KOS`]),
  ];
  const sentences = [
    ...(there.length === 0 ? [] : [`In the archive: ${there.join(', ')}.`]),
    ...(one.state === 'given-back'
      ? ['The report was given back; its marks go with the next signature.']
      : one.why === ''
        ? []
        : [one.why]),
    ...one.left.map(({ count: left, reason }) => `${count(left, 'mark')} in the report’s words only: ${reason}.`),
  ];
  return sentences.length === 0 && one.state === 'saved' ? 'No mark could be filed.' : sentences.join(' ');
}
