import { describe, expect, it } from 'vitest';
import { usualArrival } from '../../../shared/domain/site/index.ts';
import type { SeriesSeen } from '../../../shared/domain/study/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, instant, type Millis, millis } from '../../../shared/lib/instant.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { countShown, imagesHere } from '../reading/images-here.ts';
import { prefillFor } from '../reading/prefill.ts';
import { caseEvents as eventsOf } from './case-events.ts';

const nine = Date.UTC(2026, 10, 22, 9);

const caseEvents = (facts: CaseFacts, history: readonly ReadingEvent[], now: Instant, skew: Millis | null = null) =>
  eventsOf(
    facts,
    history,
    imagesHere(facts, history, usualArrival, () => null),
    now,
    skew,
  );

function factsWith(instanceCount: number, changedAt: number, expected: number | null, state = 'queued'): CaseFacts {
  return {
    task: { id: 'rt-1', orderId: 'order-1', studyUid: '1.2', state, authoredOn: instant(nine) },
    order: {
      id: 'order-1',
      accession: 'A1',
      site: null,
      authoredOn: null,
      procedure: { code: '' },
      modality: null,
      expectedInstances: expected,
    },
    seen: {
      study: { instanceCount, description: '', modalities: ['CT'], studyDate: null, studyTime: null, accession: 'A1' },
      firstSeen: instant(nine),
      changedAt: instant(changedAt),
    },
  } as unknown as CaseFacts;
}
const completes = (events: readonly ReadingEvent[]) => events.filter((event) => event.type === 'images.complete');

describe('images that come', () => {
  it('are complete at the arrival of the last one counted, or of the last one before five quiet minutes', () => {
    const counted = completes(caseEvents(factsWith(4, nine + 5_000, 4), [], instant(nine + 6_000)));
    expect(counted.map((event) => [event.occurredAt, event.detail])).toEqual([[nine + 5_000, 'rule count: 4 of 4']]);
    expect(completes(caseEvents(factsWith(4, nine, null), [], instant(nine + 299_000)))).toEqual([]);
    const quiet = completes(caseEvents(factsWith(4, nine, null), [], instant(nine + 300_000)));
    expect(quiet.map((event) => [event.occurredAt, event.detail])).toEqual([[nine, 'rule quiet-5-min: 4 instances']]);
  });

  it('after "complete" are told by one more event, once, and never for the report that we ourselves stored', () => {
    const first = caseEvents(factsWith(4, nine, 4), [], instant(nine));
    const later = nine + 600_000;
    expect(completes(caseEvents(factsWith(6, later, 4), first, instant(later + 1_000)))).toEqual([]);
    const more = completes(caseEvents(factsWith(6, later, 4), first, instant(later + 300_000)));
    expect(more.map((event) => event.occurredAt)).toEqual([later]);
    const both = [...first, ...more];
    expect(completes(caseEvents(factsWith(6, later, 4), both, instant(later + 999_000)))).toEqual([]);
    // A host that has just started sees the same six for the first time.
    expect(completes(caseEvents(factsWith(6, later + 999_000, 4), both, instant(later + 9_999_000)))).toEqual([]);
    const sent = { ...(first[0] as ReadingEvent), id: 'ev-sent', type: 'report.sent' as const };
    expect(completes(caseEvents(factsWith(7, later, 4), [...both, sent], instant(later + 999_000)))).toEqual([]);
    expect(completes(caseEvents(factsWith(7, later, 4, 'completed'), both, instant(later + 999_000)))).toEqual([]);
  });

  it('that were announced and never come hold nobody up for ever, and are told when they come after all', () => {
    expect(completes(caseEvents(factsWith(9, nine, 12), [], instant(nine + 299_000)))).toEqual([]);
    const quiet = completes(caseEvents(factsWith(9, nine, 12), [], instant(nine + 300_000)));
    expect(quiet.map((event) => event.detail)).toEqual(['rule quiet-5-min: 9 of 12 instances']);
    const late = nine + 900_000;
    const whole = completes(caseEvents(factsWith(12, late, 12), quiet, instant(late)));
    expect(whole.map((event) => [event.occurredAt, event.detail])).toEqual([
      [late, 'rule count: 12 of 12, more came after the study was judged complete'],
    ]);
  });

  it('do not count the report that we stored, nor a key object or presentation state', () => {
    const facts = factsWith(5, nine, 4);
    const filed = { type: 'report.filed', channel: 'archive', detail: '' } as unknown as ReadingEvent;
    expect(imagesHere(facts, [filed], usualArrival, () => null)?.have).toBe(4);
    const noted = {
      ...facts,
      seen: { ...facts.seen, study: { ...facts.seen?.study, withDocuments: true } },
    } as CaseFacts;
    const series = [
      { modality: 'CT', description: '', images: 3 },
      { modality: 'KO', description: '', images: 1 },
      { modality: 'PR', description: '', images: 1 },
    ];
    expect(imagesHere(noted, [], usualArrival, () => series)?.have).toBe(3);
    expect(imagesHere(noted, [], usualArrival, () => null)?.have).toBe(5);
  });

  it('are counted without a PDF beside them as soon as the series are known, and until then are told as at most so many', () => {
    const facts = factsWith(26, nine, 25);
    const withPdf = {
      ...facts,
      seen: { ...facts.seen, study: { ...facts.seen?.study, withDocuments: true } },
    } as CaseFacts;
    const shown = (series: readonly SeriesSeen[] | null) => {
      const images = imagesHere(withPdf, [], usualArrival, () => series);
      return { ...countShown(images, 25), technique: prefillFor(withPdf, countShown(images, 25), null).technique };
    };
    expect(shown(null)).toEqual({ present: 26, expected: 25, atMost: true, technique: 'CT.' });
    const ct = { modality: 'CT', description: '', images: 24 };
    const pdf = { modality: 'DOC', description: '', images: 1 };
    const sr = { modality: 'SR', description: '', images: 1 };
    expect(shown([ct, pdf, sr])).toEqual({ present: 24, expected: 25, technique: 'CT; 24 images.' });
    // Our own documents came between the study's count and the question about its series: no image is gone.
    expect(
      shown([
        { ...ct, images: 26 },
        { ...sr, images: 3 },
      ]),
    ).toMatchObject({ present: 26 });
    // A scanned tracing is all that there is to read.
    expect(shown([{ ...pdf, images: 25 }, sr])).toMatchObject({ present: 25, expected: 25 });
  });

  it('are no fewer for a report that is filed in the archive and that its count has not reached yet', () => {
    const judged = completes(caseEvents(factsWith(26, nine, 26), [], instant(nine)));
    const filed = { type: 'report.filed', channel: 'archive', detail: '' } as unknown as ReadingEvent;
    const have = (count: number, history: readonly ReadingEvent[]) =>
      imagesHere(factsWith(count, nine, 26, 'completed'), history, usualArrival, () => null)?.have;
    expect([have(26, [...judged, filed]), have(27, [...judged, filed])]).toEqual([26, 26]);
    expect([have(25, [...judged, filed]), have(28, [...judged, filed])]).toEqual([25, 27]);
    const spoken = judged.map((one) => ({ ...one, detail: 'the site said so by telephone' }));
    expect(have(26, [...spoken, filed])).toBe(25);
  });

  it('are timed on this host’s clock, with its measured skew in whole milliseconds', () => {
    const [event] = completes(caseEvents(factsWith(4, nine, 4), [], instant(nine), millis(12.5)));
    expect(event?.clock).toEqual({ source: 'host', skew: 13, confidence: 'high' });
  });
});

describe('the time of the exam', () => {
  const withTimes = (timezone: string | null): CaseFacts => {
    const facts = factsWith(4, nine, 4);
    const site = { id: 'lark', name: 'Larkspur', state: 'IL', zone: 'America/Chicago', phone: null };
    return {
      ...facts,
      order: { ...facts.order, site },
      seen: { ...facts.seen, study: { ...facts.seen?.study, studyDate: '20261122', studyTime: '013107', timezone } },
    } as unknown as CaseFacts;
  };
  const ended = (timezone: string | null) =>
    caseEvents(withTimes(timezone), [], instant(nine)).find((event) => event.type === 'exam.completed');

  it('is read by the images’ own offset where they have one', () => {
    expect(ended('-0700')).toMatchObject({
      occurredAt: Date.UTC(2026, 10, 22, 8, 31, 7),
      detail: expect.stringContaining('own date, time and offset'),
    });
  });

  it('is read in the site’s zone and marked so where they have none', () => {
    expect(ended(null)).toMatchObject({
      occurredAt: Date.UTC(2026, 10, 22, 7, 31, 7),
      clock: { source: 'modality', confidence: 'low' },
      detail: expect.stringContaining('read in the site’s zone: the images name none (0008,0201)'),
    });
  });
});
