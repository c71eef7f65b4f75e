import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ArrivalRules } from '../../../shared/domain/site/index.ts';
import {
  arrivalOf,
  countJudged,
  examModalities,
  type ImagesSoFar,
  judgedWords,
  protocolOf,
  protocolStanding,
  type SeriesSeen,
  type Study,
} from '../../../shared/domain/study/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import type { CaseFacts } from './case-book.ts';

type Case = Pick<CaseFacts, 'task' | 'order' | 'seen'>;
/** Series of a study that is asked about, null while they are not known. */
type SeriesOf = (study: Study) => readonly SeriesSeen[] | null;

/** What record, archive and site say of a case's images; null where none has come. Series are asked for only where they decide. */
export function imagesHere(
  { task, order, seen }: Case,
  history: readonly ReadingEvent[],
  rules: ArrivalRules,
  seriesOf: SeriesOf,
): ImagesSoFar | null {
  if (seen === null || seen.study.instanceCount === 0) return null;
  const { study } = seen;
  const open =
    task.state !== 'completed' && task.state !== 'cancelled' && !history.some((one) => one.type === 'report.sent');
  const protocol = protocolOf(rules.protocols, {
    code: order?.procedure.code ?? '',
    modality: order?.modality ?? study.modalities[0] ?? null,
  });
  const series = open && (protocol !== null || study.withDocuments === true) ? seriesOf(study) : null;
  const judged = history.flatMap((one) => (one.type === 'images.complete' ? [countJudged(one.detail)] : []));
  return {
    ...imagesOf(study, series, history, judged),
    expected: order?.expectedInstances ?? null,
    protocol: protocol === null || series === null ? null : protocolStanding(protocol, series),
    changedAt: seen.changedAt,
    judged,
    open,
    quietMinutes: rules.quietMinutes,
  };
}

/** Instances less the documents among them and less what was rejected; where those are not counted, less the reports that we stored there ourselves. */
function imagesOf(
  study: Study,
  series: readonly SeriesSeen[] | null,
  history: readonly ReadingEvent[],
  judged: readonly number[],
): Pick<ImagesSoFar, 'have' | 'certain'> {
  const exam = examModalities((series ?? []).flatMap((one) => (one.images === 0 ? [] : [one.modality])));
  const notes = series?.filter((one) => !exam.includes(one.modality)) ?? [];
  const counted = series !== null && notes.every((one) => one.images !== null);
  const filed = (channel: 'archive' | 'pdf'): number =>
    history.filter((event) => event.type === 'report.filed' && event.channel === channel).length;
  const others = counted ? notes.reduce((sum, one) => sum + (one.images ?? 0), 0) : filed('archive');
  // Where PDFs are all that is here, one is the exam itself: of those only ours are no images.
  const documents = others + (counted && !exam.includes('DOC') ? 0 : filed('pdf'));
  // Series that were asked for after the study's own count may hold what that does not count yet.
  const held = counted ? (series ?? []).reduce((sum, one) => sum + (one.images ?? 0), 0) : 0;
  const rejected = (series ?? []).reduce((sum, one) => sum + (one.rejected ?? 0), 0);
  // The archive may not have counted a report yet that is filed there: what was judged complete before it does not become less by it.
  const atLeast = counted ? 0 : Math.min(study.instanceCount, Math.max(0, ...judged.filter(Number.isFinite)));
  return {
    have: Math.max(atLeast, Math.max(study.instanceCount, held) - documents - rejected),
    certain: counted || study.withDocuments !== true,
  };
}

/** What the list shows of it. It does not hang on the time: a study arrives until an event says that it is complete. */
export function arrivalShown(images: ImagesSoFar, history: readonly ReadingEvent[]): WorklistRow['arrival'] {
  // At the last image's own time no quiet period has passed.
  const arrival = arrivalOf(images, images.changedAt);
  if (arrival.kind === 'arriving') {
    const { protocol } = images;
    return {
      kind: 'arriving',
      again: arrival.again,
      changedAt: images.changedAt,
      quietAt: arrival.quietAt,
      quietMinutes: images.quietMinutes,
      protocol:
        protocol === null
          ? null
          : {
              protocol: protocol.protocol,
              seen: protocol.seen,
              expected: protocol.expected,
              missing: [...protocol.missing],
            },
    };
  }
  if (arrival.kind === 'complete') return { kind: 'complete', at: arrival.at, ...judgedWords(arrival.words) };
  const last = history.findLast((one) => one.type === 'images.complete');
  return last === undefined ? undefined : { kind: 'complete', at: last.occurredAt, ...judgedWords(last.detail) };
}

/** The number that the list shows. A closed case has our own report among its instances, which is taken off without the series. */
export function countShown(images: ImagesSoFar | null, expected: number | null): WorklistRow['images'] {
  return {
    present: images?.have ?? 0,
    expected,
    ...(images?.open === true && !images.certain ? { atMost: true as const } : {}),
  };
}
