import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import { clock, defaultTerms, dueAt, type EventType, type ReadingEvent } from '../turnaround/index.ts';
import {
  countWords,
  imageDifference,
  isNothing,
  type ListedImage,
  seriesWords,
  totals,
  uidsDigest,
} from './image-difference.ts';
import {
  type AfterReportMove,
  dueAfterReport,
  type ImagesAfterReport,
  isJudged,
  isOverdue,
  noChangeReasons,
  openFor,
  stageOf,
  stepAfterReport,
} from './images-after-report.ts';
import { type Colleague, whomToTell } from './whom-to-tell.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ct = '1.2.840.10008.5.1.4.1.1.2';
const enhancedSr = '1.2.840.10008.5.1.4.1.1.88.22';
const keyObjects = '1.2.840.10008.5.1.4.1.1.88.59';
const greyscaleState = '1.2.840.10008.5.1.4.1.1.11.1';

const image = (number: number, more: Partial<ListedImage> = {}): ListedImage => ({
  instanceUid: `1.2.3.${number}`,
  seriesUid: '1.2.4.1',
  sopClassUid: ct,
  modality: 'CT',
  frames: 1,
  ...more,
});
const axial = { seriesUid: '1.2.4.1', modality: 'CT', description: 'axial thin', number: 2 };
const coronal = { seriesUid: '1.2.4.2', modality: 'CT', description: 'coronal', number: 3 };
const three = [1, 2, 3].map((number) => image(number));
const compare = (
  signed: readonly ListedImage[],
  present: readonly ListedImage[],
  more: { readonly known?: readonly ListedImage[]; readonly ours?: ReadonlySet<string> } = {},
) =>
  imageDifference(
    { uids: signed.map((one) => one.instanceUid), known: { images: more.known ?? signed, series: [axial] } },
    { images: present, series: [axial, coronal], ours: more.ours ?? new Set() },
    sha256,
  );

describe('what the archive holds now, beside what was signed', () => {
  it('tells by series what came, changed and went, with modality, description and counts', () => {
    const now = [
      image(1),
      image(2, { frames: 12 }),
      image(7, { seriesUid: coronal.seriesUid }),
      image(8, { seriesUid: coronal.seriesUid }),
    ];
    const { series } = compare(three, now);
    expect(series).toEqual([
      { ...axial, added: 0, changed: 1, withdrawn: 1 },
      { ...coronal, added: 2, changed: 0, withdrawn: 0 },
    ]);
    expect(series.map(seriesWords)).toEqual([
      'Series 2, CT axial thin: 1 changed, 1 withdrawn',
      'Series 3, CT coronal: 2 new',
    ]);
    expect(countWords(totals(series))).toBe('2 new, 1 changed, 1 withdrawn');
  });

  it.each([
    ['our own report, stored with the study', image(9, { sopClassUid: enhancedSr, modality: 'SR' })],
    ['a report whose class the archive does not tell', image(9, { sopClassUid: '', modality: 'SR' })],
    ['a selection of key images', image(9, { sopClassUid: keyObjects, modality: 'KO' })],
    ['a presentation state', image(9, { sopClassUid: greyscaleState, modality: 'PR' })],
    ['a presentation state whose class the archive does not tell', image(9, { sopClassUid: '', modality: 'PR' })],
  ])('is the same although there is %s now, and the same when it is gone again', (_what, other) => {
    expect(isNothing(compare(three, [...three, other]))).toBe(true);
    expect(isNothing(compare([...three, other], three))).toBe(true);
    expect(isNothing(compare([...three, other], [...three, other], { known: [] }))).toBe(true);
  });

  it('is the same although there is an image that we made ourselves, known by its UID', () => {
    const made = image(9, { modality: 'OT' });
    expect(isNothing(compare(three, [...three, made]))).toBe(false);
    expect(isNothing(compare(three, [...three, made], { ours: new Set([made.instanceUid]) }))).toBe(true);
  });

  it('names what is gone as far as anybody kept it, and counts it all the same', () => {
    expect(compare(three, [], { known: [] }).series).toMatchObject([{ seriesUid: null, withdrawn: 3 }]);
    expect(compare(three, []).series).toMatchObject([{ ...axial, withdrawn: 3 }]);
  });

  it('is covered by a signature over exactly what is there now', () => {
    const now = [...three, image(4), image(9, { sopClassUid: enhancedSr, modality: 'SR' })];
    const signedAnew = [4, 3, 1, 2].map((number) => `1.2.3.${number}`);
    expect(compare(three, now).presentDigest).toBe(uidsDigest(signedAnew, sha256));
    expect(compare(three, now).presentDigest).not.toBe(uidsDigest(signedAnew.slice(1), sha256));
  });

  const images = fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 30 }),
      series: fc.integer({ min: 1, max: 3 }),
      frames: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: (one) => one.number },
  );
  const listOf = (drawn: readonly { number: number; series: number; frames: number }[]): ListedImage[] =>
    drawn.map(({ number, series, frames }) => image(number, { seriesUid: `1.2.4.${series}`, frames }));

  it('counts every instance once, in any order, and alike on every host', () => {
    fc.assert(
      fc.property(images, images, fc.boolean(), (before, now, kept) => {
        const [signed, present] = [listOf(before), listOf(now)];
        const known = kept ? signed : [];
        const found = compare(signed, present, { known });
        const turned = compare([...signed].reverse(), [...present].reverse(), { known: [...known].reverse() });
        expect(turned).toEqual(found);
        const sum = totals(found.series);
        const uids = (list: readonly ListedImage[]) => new Set(list.map((one) => one.instanceUid));
        expect(sum.added).toBe([...uids(present)].filter((uid) => !uids(signed).has(uid)).length);
        expect(sum.withdrawn).toBe([...uids(signed)].filter((uid) => !uids(present).has(uid)).length);
        const same = JSON.stringify([...signed].sort(byUid)) === JSON.stringify([...present].sort(byUid));
        if (kept) expect(isNothing(found)).toBe(same);
        expect(found.digest === compare([], []).digest).toBe(isNothing(found));
      }),
    );
  });
  const byUid = (one: ListedImage, other: ListedImage): number => (one.instanceUid < other.instanceUid ? -1 : 1);
});

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { id: 'reader-1', name: 'Dr M. Tandewright' };
const quillmoor = { id: 'reader-2', name: 'Dr S. Quillmoor' };
const wrenfield = { id: 'lead-1', name: 'Dr K. Wrenfield' };
const oneMore = compare(three, [...three, image(4)]);
const twoMore = compare(three, [...three, image(4), image(5)]);
const raised: ImagesAfterReport = {
  id: 'images-after-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'site-larkspur',
  patientReference: null,
  studyUid: '1.2.3',
  report: { id: 'report-1', version: 1, digest: 'a'.repeat(64) },
  signer: tandewright,
  since: nine,
  due: timeAfter(nine, minutes(120)),
  dueBy: 'Night coverage 2026',
  difference: oneMore,
  changedAt: nine,
  told: [],
  ending: null,
};
const happened = (type: EventType, minute: number): ReadingEvent => ({
  id: `ev-${type}`,
  type,
  occurredAt: timeAfter(nine, minutes(minute)),
  recordedAt: null,
  clock: { source: 'record', skew: null, confidence: 'high' },
  actor: { kind: 'device', name: 'Overread' },
  subject: { taskId: 'task-1', orderId: null, accession: null, studyUid: null, report: null },
  site: null,
  detail: '',
  cause: null,
  channel: null,
});
const addendum = { id: 'report-1', version: 2, digest: 'b'.repeat(64) };
const noChange = (
  seen: string,
  more: Partial<Extract<AfterReportMove, { kind: 'no-change' }>> = {},
): AfterReportMove => ({
  kind: 'no-change',
  seen,
  by: tandewright,
  reason: 'confirms',
  words: '',
  ...more,
});

describe('images after the report', () => {
  it('are raised, told and ended as “no change” with a reason', () => {
    expect(stageOf(raised)).toBe('raised');
    const told = stepAfterReport(raised, { kind: 'tell', tellings: [{ to: tandewright, as: 'signer' }] }, nine);
    if (!told.ok) throw new Error('refused');
    expect(stageOf(told.value)).toBe('told');
    const ended = stepAfterReport(told.value, noChange(oneMore.digest), timeAfter(nine, minutes(5)));
    expect(ended).toMatchObject({
      ok: true,
      value: { ending: { kind: 'no-change', by: tandewright, reason: 'confirms' } },
    });
    expect(ended.ok && stageOf(ended.value)).toBe('ended');
    expect(ended.ok && openFor(ended.value, timeAfter(nine, minutes(60)))).toBe(minutes(5));
  });

  it('are not ended on what she has not been shown: more came while she looked', () => {
    const updated = stepAfterReport(
      raised,
      { kind: 'update', difference: twoMore, report: raised.report },
      timeAfter(nine, minutes(1)),
    );
    if (!updated.ok) throw new Error('refused');
    expect(stepAfterReport(updated.value, noChange(oneMore.digest), nine)).toMatchObject({
      error: { code: 'more-came', words: expect.stringContaining('2 new now') },
    });
    expect(stepAfterReport(updated.value, noChange(twoMore.digest), nine).ok).toBe(true);
  });

  it('want words where the reason is another one', () => {
    expect(
      stepAfterReport(raised, noChange(oneMore.digest, { reason: 'other', words: ' \u202e ' }), nine),
    ).toMatchObject({
      error: { code: 'no-reason' },
    });
    expect(
      stepAfterReport(raised, noChange(oneMore.digest, { reason: 'other', words: 'Phoned Larkspur.' }), nine).ok,
    ).toBe(true);
    expect(stepAfterReport(raised, noChange(oneMore.digest, { words: 'x'.repeat(501) }), nine)).toMatchObject({
      error: { code: 'too-long' },
    });
  });

  it('are ended by a later version only, and name it', () => {
    const report = { kind: 'report', by: tandewright, report: raised.report } as const;
    expect(stepAfterReport(raised, report, nine)).toMatchObject({ error: { code: 'older-report' } });
    expect(stepAfterReport(raised, { ...report, report: addendum }, nine)).toMatchObject({
      value: { ending: { kind: 'report', report: addendum } },
    });
  });

  it('that were judged are not raised again, and others are', () => {
    const ended = stepAfterReport(raised, noChange(oneMore.digest), nine);
    if (!ended.ok) throw new Error('refused');
    expect(isJudged(oneMore, raised.report, [ended.value])).toBe(true);
    expect(isJudged(twoMore, raised.report, [ended.value])).toBe(false);
    expect(isJudged(oneMore, raised.report, [raised])).toBe(false);
    expect(isJudged(oneMore, addendum, [ended.value])).toBe(false);
  });

  it('have a clock of their own: from when they were noticed, by what the contract allows', () => {
    expect(dueAfterReport(nine, defaultTerms('stat'))).toBe(timeAfter(nine, minutes(30)));
    expect(isOverdue(raised, timeAfter(nine, minutes(119)))).toBe(false);
    expect(isOverdue(raised, timeAfter(nine, minutes(120)))).toBe(true);
  });

  it('leave the report’s own clock alone', () => {
    const terms = defaultTerms('stat');
    const history = [happened('images.complete', 0), happened('report.final', 20)];
    const later = [
      happened('images.afterReport.seen', 30),
      happened('images.afterReport.told', 31),
      happened('images.afterReport.ended', 90),
    ];
    expect(clock(terms, [...history, ...later], timeAfter(nine, minutes(200)))).toEqual(
      clock(terms, history, timeAfter(nine, minutes(200))),
    );
    expect(dueAt(terms, [...history, ...later])).toBe(dueAt(terms, history));
  });

  const move: fc.Arbitrary<AfterReportMove> = fc.oneof(
    fc
      .record({ difference: fc.constantFrom(oneMore, twoMore), report: fc.constantFrom(raised.report, addendum) })
      .map((made) => ({ kind: 'update' as const, ...made })),
    fc
      .constantFrom(tandewright, quillmoor, wrenfield)
      .map((to) => ({ kind: 'tell' as const, tellings: [{ to, as: 'reader' as const }] })),
    fc
      .record({
        seen: fc.constantFrom(oneMore.digest, twoMore.digest, 'other'),
        by: fc.constantFrom(tandewright, quillmoor),
        reason: fc.constantFrom(...noChangeReasons),
        words: fc.constantFrom('', 'Phoned.'),
      })
      .map((made) => ({ kind: 'no-change' as const, ...made })),
    fc.constantFrom(raised.report, addendum).map((report) => ({ kind: 'report' as const, by: tandewright, report })),
  );
  it('end once whatever comes in whatever order, lose no telling, and a repeated move changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(move, fc.integer({ min: -5, max: 60 })), { maxLength: 30 }), (moves) => {
        let item = raised;
        for (const [one, shift] of moves) {
          const at = timeAfter(nine, minutes(shift));
          const stepped = stepAfterReport(item, one, at);
          if (!stepped.ok) continue;
          const next = stepped.value;
          if (item.ending !== null) expect(next).toBe(item);
          for (const telling of item.told) expect(next.told).toContainEqual(telling);
          expect(new Set(next.told.map((telling) => telling.to.id)).size).toBe(next.told.length);
          if (next.ending?.kind === 'no-change' && item.ending === null && one.kind === 'no-change')
            expect(one.seen).toBe(item.difference.digest);
          if (next.ending !== null) expect(next.ending.at).toBeGreaterThanOrEqual(next.since);
          expect([next.since, next.due]).toEqual([raised.since, raised.due]);
          expect(next.report.version).toBeGreaterThanOrEqual(item.report.version);
          const again = stepAfterReport(next, one, timeAfter(at, minutes(1)));
          expect(again.ok && again.value).toBe(next);
          item = next;
        }
      }),
    );
  });
});

describe('who is told of images after the report', () => {
  const on = (until: number) => ({ kind: 'on', until: timeAfter(nine, minutes(until)) }) as const;
  const person = (who: { id: string; name: string }, more: Partial<Colleague> = {}): Colleague => ({
    ...who,
    role: 'radiologist',
    shift: { kind: 'off' },
    mayRead: true,
    ...more,
  });
  const lead = person(wrenfield, { role: 'lead' });
  const names = (people: readonly Colleague[], more: Partial<ImagesAfterReport> = {}, now: Instant = nine) =>
    whomToTell({ ...raised, ...more }, people, now).map((one) => `${one.as} ${one.to.name}`);
  const toldTo = (who: typeof tandewright, as: 'signer' | 'reader' | 'lead') => ({ told: [{ to: who, as, at: nine }] });

  it('is the signer while she is on shift, also where no shifts are kept for her', () => {
    const other = person(quillmoor, { shift: on(60) });
    expect(names([person(tandewright, { shift: on(10) }), other, lead])).toEqual(['signer Dr M. Tandewright']);
    expect(names([person(tandewright, { shift: { kind: 'unsaid' } }), other, lead])).toEqual([
      'signer Dr M. Tandewright',
    ]);
  });

  it('is a reader on shift who may read the site’s studies once the signer has gone home', () => {
    const later = person({ id: 'reader-3', name: 'Dr P. Ashgrove' }, { shift: on(300) });
    const people = [person(tandewright), person(quillmoor, { shift: on(60) }), later, lead];
    expect(names(people)).toEqual(['reader Dr P. Ashgrove']);
    expect(names([person(tandewright), person(quillmoor, { shift: on(60), mayRead: false }), lead])).toEqual([
      'lead Dr K. Wrenfield',
    ]);
    // A group without a lead, and without shifts, tells somebody all the same.
    expect(names([person(tandewright), person(quillmoor, { shift: { kind: 'unsaid' } })])).toEqual([
      'reader Dr S. Quillmoor',
    ]);
  });

  it('is nobody twice, until whoever was told goes home, or it is overdue: then the lead', () => {
    const signer = person(tandewright, { shift: on(10) });
    expect(names([signer, lead], toldTo(tandewright, 'signer'))).toEqual([]);
    const gone = [person(tandewright), person(quillmoor, { shift: on(60) }), lead];
    expect(names(gone, toldTo(tandewright, 'signer'))).toEqual(['reader Dr S. Quillmoor']);
    expect(names([signer, lead], toldTo(tandewright, 'signer'), raised.due)).toEqual(['lead Dr K. Wrenfield']);
    expect(names([signer, lead], toldTo(wrenfield, 'lead'))).toEqual(['signer Dr M. Tandewright']);
    expect(names([lead], toldTo(wrenfield, 'lead'), raised.due)).toEqual([]);
  });

  it('is nobody once it has ended', () => {
    const ended = stepAfterReport(raised, noChange(oneMore.digest), nine);
    expect(names([lead], ended.ok ? ended.value : {}, raised.due)).toEqual([]);
  });
});
