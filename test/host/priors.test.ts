import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { type CasePriors, caseHeaders, type FoundPrior } from '../../shared/api/index.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { eventually, openForReading, rowWhere } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

describe('priors across issuers, on a real host over the demo day', () => {
  let directory: string;
  let host: TestHost;
  let ann: TestReader;
  let bob: TestReader;
  let knee: string;
  let stone: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-priors-'));
    await addPeople(directory, { ann: 'radiologist', bob: 'radiologist' });
    host = await startTestHost({ directory });
    [ann, bob] = await Promise.all([host.signIn('ann', testPassword), host.signIn('bob', testPassword)]);
    const of = (name: string) =>
      rowWhere(ann, name, (row) => row.patient.name.startsWith(name) && row.images.present > 0, 230_000);
    knee = (await of('Petrelsen')).taskId;
    stone = (await of('Kestrelov')).taskId;
    await openForReading(ann, knee);
    await openForReading(ann, stone);
    await eventually(
      'the exams elsewhere',
      async () => {
        const [here, there] = [await priorsOf(ann, knee), await priorsOf(ann, stone)];
        return here.priors.some((one) => one.images !== null) && there.priors.length > 0 ? true : null;
      },
      230_000,
    );
  }, 400_000);
  afterAll(async () => {
    await host?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function priorsOf(reader: TestReader, taskId: string, epoch = 1): Promise<CasePriors> {
    const found = await reader.call('casePriors', { params: { taskId }, input: { epoch, again: 'yes' } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value;
  }
  const imagesOf = async (reader: TestReader, taskId: string, studyUid: string, epoch = 1): Promise<number> => {
    const answer = await reader.fetch(`/dicomweb/embedded-archive/studies/${studyUid}/series`, {
      [caseHeaders.task]: taskId,
      [caseHeaders.epoch]: String(epoch),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const only = (found: CasePriors): FoundPrior => {
    const [one] = found.priors;
    if (one === undefined || found.priors.length > 1) throw new Error(`${found.priors.length} priors`);
    return one;
  };

  it('show an exam under a birth name and another issuer with the evidence, and a report whose images are elsewhere', async () => {
    const { priors, told } = await priorsOf(ann, knee);
    expect(told).toEqual([]);
    expect(priors.map((one) => [one.patient.name, one.standing, one.images])).toEqual([
      ['Thistlewood^Astrid', 'shown', 2],
      ['Thistlewood^Astrid', 'shown', null],
    ]);
    const [images, report] = priors;
    expect(images?.evidence.map((piece) => piece.words)).toEqual([
      'name: Petrelsen, Astrid here, Thistlewood, Astrid there; other name Thistlewood, Astrid agrees',
      'same birth date',
      'same sex',
      expect.stringMatching(/^other issuer: S\d+ \(SALTFLAT-MPI\)$/),
    ]);
    expect(images).toMatchObject({
      site: 'Saltflat Regional',
      reason: 'same body part, the same side, 21 months before'.replace(', the same side', ' and side'),
    });
    expect(images?.when).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC-0\d:00$/);
    expect(images?.report?.sections[0]?.text).toContain('Small effusion');
    expect(report).toMatchObject({ site: 'Pinemark Women’s Health', study: null, hasReport: true });
    expect(report?.reason).toMatch(/the other side, 6 years before$/);
  });

  it('never show the exam of a stranger of the same name, nor hand out its images', async () => {
    const list = await ann.call('findStudies', { input: { text: 'Petrelsen' } });
    const strangers = list.ok ? list.value.found.filter((one) => one.patient.birthDate === '19710515') : [];
    expect(strangers.length).toBeGreaterThan(0);
    const { priors } = await priorsOf(ann, knee);
    expect(priors.map((one) => one.patient.birthDate)).not.toContain('19710515');
  });

  it('serve the images of a prior to who has the case open, and to nobody else', async () => {
    const uid = (await priorsOf(ann, knee)).priors[0]?.study?.studyUid ?? '';
    expect(await imagesOf(ann, knee, uid)).toBe(200);
    expect(await imagesOf(bob, knee, uid)).toBe(409);
    expect(await imagesOf(ann, stone, uid)).toBe(403);
    const asked = await bob.call('casePriors', { params: { taskId: knee }, input: { epoch: 1 } });
    expect(asked).toMatchObject({ ok: false, error: { code: 'stale-case' } });
  });

  it('keep a probable one closed, its words and images here, until a reader confirms it with a reason', async () => {
    const before = only(await priorsOf(ann, stone));
    expect(before).toMatchObject({ standing: 'closed', study: null, report: null, hasReport: true });
    expect(before.evidence[0]).toMatchObject({
      weight: 'neither',
      words: 'name: Kestrelov, Danil here, Kestrelow, Danil there (spelt differently)',
    });
    expect(await imagesOf(ann, stone, before.key)).toBe(403);
    const evidence = before.evidence.map((piece) => piece.words);
    const confirm = (input: { reason: string; evidence: string[] }) =>
      ann.call('confirmPrior', { params: { taskId: stone }, input: { epoch: 1, key: before.key, ...input } });
    expect(await confirm({ reason: 'short', evidence })).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(await confirm({ reason: 'The site says so.', evidence: ['same name'] })).toMatchObject({
      ok: false,
      error: { code: 'stale-case' },
    });
    const confirmed = await confirm({ reason: 'The site read the name out to me.', evidence });
    if (!confirmed.ok) throw new Error(confirmed.error.message);
    const after = only(confirmed.value);
    expect(after).toMatchObject({ standing: 'confirmed', confirmation: { by: 'Dr ann' } });
    expect(after.report?.sections.map((one) => one.text).join(' ')).toContain('No stone, no obstruction.');
    expect(await imagesOf(ann, stone, before.key)).toBe(200);
    // Opened again, and by a colleague, it is as the reader left it.
    const again = await openForReading(ann, stone, 2);
    expect(again.priors.map((one) => one.study.studyUid)).toContain(before.key);
    const times = await ann.call('timeline', { params: { taskId: stone } });
    expect(times.ok && times.value.events.find((event) => event.type === 'prior.confirmed')?.detail).toContain(
      'The site read the name out to me.',
    );
  });

  it('and take the confirmation back: closed again, images no more, both on the timeline', async () => {
    const { key } = only(await priorsOf(ann, stone, 2));
    expect(await imagesOf(ann, stone, key, 2)).toBe(200);
    const withdrawn = await ann.call('withdrawPrior', { params: { taskId: stone }, input: { epoch: 2, key } });
    if (!withdrawn.ok) throw new Error(withdrawn.error.message);
    expect(only(withdrawn.value)).toMatchObject({ standing: 'closed', report: null, confirmation: null });
    expect(await imagesOf(ann, stone, key, 2)).toBe(403);
    expect((await openForReading(ann, stone, 3)).priors).toEqual([]);
    const times = await ann.call('timeline', { params: { taskId: stone } });
    const types = times.ok ? times.value.events.map((event) => event.type) : [];
    expect(types).toEqual(expect.arrayContaining(['prior.confirmed', 'prior.withdrawn']));
    const evidence = only(await priorsOf(ann, stone, 3)).evidence.map((piece) => piece.words);
    const input = { epoch: 3, key, reason: 'The site called back: it is he.', evidence };
    const once = await ann.call('confirmPrior', { params: { taskId: stone }, input });
    expect(once.ok && only(once.value).standing).toBe('confirmed');
  });

  it('are in the access log, each under its own patient, before they are shown', async () => {
    const { priors } = await priorsOf(ann, knee);
    const closed = only(await priorsOf(ann, stone, 3));
    await host.stop({ keep: true });
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const log = await openAuditLog({ directory, keyRing: keyRing.value, ports: testPorts() });
    if (!log.ok) throw new Error(log.error.message);
    const entries = await log.value.entries();
    await log.value.close();
    for (const prior of priors)
      expect(entries).toContainEqual(
        expect.objectContaining({
          user: 'ann',
          purpose: 'prior',
          patient: prior.patient.id,
          studyUid: prior.study?.studyUid ?? null,
        }),
      );
    expect(entries.filter((one) => one.patient === closed.patient.id).map((one) => one.detail)).toContain(
      'probable prior, closed',
    );
  });
});
