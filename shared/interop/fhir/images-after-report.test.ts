import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ImagesAfterReport,
  type ListedImage,
  noChangeReasons,
  type SeriesName,
  tellingRoles,
} from '../../domain/images-after-report/index.ts';
import { rejectionCodes } from '../../domain/rejection/index.ts';
import { instant } from '../../lib/instant.ts';
import {
  afterReportFromFhir,
  afterReportToFhir,
  callRequestFromFhir,
  questionFromFhir,
  signedImagesFromFhir,
  signedImagesToFhir,
  taskFromFhir,
} from './index.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,20}$/);
const uid = fc.stringMatching(/^1\.2\.[1-9][0-9]{0,12}$/);
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const when = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instant);
const or = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const person = fc.record({ id, name: words });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const counted = fc.integer({ min: 0, max: 3_000 });
const report = fc.record({ id, version: fc.integer({ min: 1, max: 9 }), digest });
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const anItem: fc.Arbitrary<ImagesAfterReport> = fc.record({
  id,
  taskId: id,
  orderId: or(id),
  siteId: or(id),
  patientReference: or(id),
  studyUid: uid,
  report,
  signer: person,
  since: when,
  due: when,
  dueBy: fc.oneof(fc.constant(''), words),
  difference: fc.record({
    digest,
    presentDigest: digest,
    series: fc.array(
      fc.record({
        seriesUid: or(uid),
        modality: fc.constantFrom('', 'CT', 'MR'),
        description: fc.oneof(fc.constant(''), words),
        number: or(fc.integer({ min: -1, max: 9_000 })),
        added: counted,
        changed: counted,
        withdrawn: counted,
      }),
      { maxLength: 5 },
    ),
    notes: fc.option(
      fc.array(
        fc.record({
          noteUid: uid,
          code: fc.constantFrom(...rejectionCodes),
          sentBy: or(words),
          instances: fc.uniqueArray(uid, { minLength: 1, maxLength: 5 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      { nil: undefined },
    ),
  }),
  changedAt: when,
  told: fc.array(fc.record({ to: person, as: fc.constantFrom(...tellingRoles), at: when }), { maxLength: 4 }),
  ending: or(
    fc.oneof(
      fc.record({
        kind: fc.constant('no-change' as const),
        by: person,
        at: when,
        reason: fc.constantFrom(...noChangeReasons),
        words: fc.oneof(fc.constant(''), words),
      }),
      fc.record({ kind: fc.constant('report' as const), by: person, at: when, report }),
    ),
  ),
});

describe('images after the report in the record', () => {
  it('come back as they were written, and are neither a reading task nor the site’s', () => {
    fc.assert(
      fc.property(anItem, (item) => {
        const resource = overTheWire(afterReportToFhir(item));
        expect(afterReportFromFhir(resource)).toEqual(item);
        expect(taskFromFhir(resource).ok).toBe(false);
        expect([questionFromFhir(resource), callRequestFromFhir(resource)]).toEqual([null, null]);
      }),
    );
  });

  it('say for who reads them without us what has become of them', () => {
    fc.assert(
      fc.property(anItem, (item) => {
        const { status } = afterReportToFhir(item);
        expect(status).toBe(item.ending !== null ? 'completed' : item.told.length > 0 ? 'received' : 'requested');
      }),
    );
  });

  it('of which half is missing are not shown as an open matter', () => {
    fc.assert(
      fc.property(anItem, fc.nat(), (item, place) => {
        const whole = overTheWire(afterReportToFhir(item)) as { input: unknown[]; output?: unknown[] };
        const input = whole.input.filter((_one, at) => at !== place % whole.input.length);
        const read = afterReportFromFhir({ ...whole, input, output: [] });
        expect(read === null || (read.ending === null && item.ending === null)).toBe(true);
      }),
    );
    for (const nothing of [null, {}, { resourceType: 'Task', id: 'x' }, [], 'x'])
      expect(afterReportFromFhir(nothing)).toBe(null);
  });
});

describe('what was known of a report’s images at its release', () => {
  const name: fc.Arbitrary<SeriesName> = fc.record({
    seriesUid: uid,
    modality: fc.constantFrom('CT', 'MR'),
    description: fc.oneof(fc.constant(''), words),
    number: or(fc.nat({ max: 9_000 })),
  });
  it('comes back, for the very version that it is of', () => {
    const drawn = fc.uniqueArray(name, { selector: (one) => one.seriesUid, maxLength: 4 }).chain((series) =>
      fc
        .uniqueArray(fc.record({ instanceUid: uid, of: fc.nat(), frames: fc.integer({ min: 1, max: 90 }) }), {
          selector: (one) => one.instanceUid,
          maxLength: series.length === 0 ? 0 : 12,
        })
        .map((images) => ({
          images: images.map(({ instanceUid, of, frames }): ListedImage => {
            const { seriesUid, modality } = series[of % series.length] as SeriesName;
            return { instanceUid, seriesUid, modality, frames, sopClassUid: '1.2.840.10008.5.1.4.1.1.2' };
          }),
          series,
        })),
    );
    const sorted = <Item extends { readonly seriesUid: string; readonly instanceUid?: string }>(
      list: readonly Item[],
    ) => [...list].sort((a, b) => (`${a.seriesUid} ${a.instanceUid}` < `${b.seriesUid} ${b.instanceUid}` ? -1 : 1));
    fc.assert(
      fc.property(drawn, digest, (known, of) => {
        const about = { id: 'images-signed-1', studyUid: '1.2.3', digest: of, patientReference: null };
        const resource = overTheWire(signedImagesToFhir(known, about));
        const read = signedImagesFromFhir(resource, of);
        const used = known.series.filter((one) => known.images.some((image) => image.seriesUid === one.seriesUid));
        expect(sorted(read?.images ?? [])).toEqual(sorted(known.images));
        expect(sorted(read?.series ?? [])).toEqual(sorted(used));
        expect(signedImagesFromFhir(resource, 'f'.repeat(63))).toBe(null);
      }),
    );
  });
});
