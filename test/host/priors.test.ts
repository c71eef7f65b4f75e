import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { type CasePriors, caseHeaders, type FoundPrior } from '../../shared/api/index.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { eventually, openForReading, rowWhere } from './case-driver.ts';
import { testPassword } from './people.ts';
import { type PriorsHost, startPriorsHost, uid } from './prior-exams.ts';

type Kind = { readonly label: string; readonly missing: string | null; readonly orthanc: boolean };
const kinds: readonly Kind[] = [
  { label: 'the embedded archive', missing: null, orthanc: false },
  { label: 'Orthanc', missing: orthancMissing, orthanc: true },
];

describe.each(kinds)('priors across issuers, on a real host over $label and a record', (kind) => {
  describe.skipIf(kind.missing !== null)(kind.missing ?? 'are found by who the patient is', () => {
    let started: PriorsHost;
    let directory: string;
    let host: TestHost;
    let ann: TestReader;
    let bob: TestReader;
    let taskId: string;

    beforeAll(async () => {
      const people = { ann: 'radiologist', bob: 'radiologist', quinn: 'qa' } as const;
      started = await startPriorsHost({ people, orthanc: kind.orthanc });
      ({ host, directory } = started);
      [ann, bob] = await Promise.all([host.signIn('ann', testPassword), host.signIn('bob', testPassword)]);
      const row = await rowWhere(
        ann,
        'the exam of the day',
        (one) => one.studyUid === uid(1) && one.link === 'order-and-images',
        120_000,
      );
      ({ taskId } = row);
      await openForReading(ann, taskId);
      await eventually('the reports of the record', async () =>
        (await priorsOf(ann)).priors.some((one) => one.key === 'report-report-alone') ? true : null,
      );
    }, 240_000);
    afterAll(async () => started?.stop());

    async function priorsOf(reader: TestReader, epoch = 1): Promise<CasePriors> {
      const found = await reader.call('casePriors', { params: { taskId }, input: { epoch, again: 'yes' } });
      if (!found.ok) throw new Error(found.error.message);
      return found.value;
    }
    async function priorOf(number: number, epoch = 1): Promise<FoundPrior> {
      const found = (await priorsOf(ann, epoch)).priors.find((one) => one.key === uid(number));
      if (found === undefined) throw new Error(`no prior ${number}`);
      return found;
    }
    const imagesOf = async (reader: TestReader, number: number, epoch = 1): Promise<number> => {
      const answer = await reader.fetch(`/dicomweb/${encodeURIComponent(archiveName)}/studies/${uid(number)}/series`, {
        [caseHeaders.task]: taskId,
        [caseHeaders.epoch]: String(epoch),
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    let archiveName = '';

    it('show the same patient’s by birth name, other issuer and a merge, the probable apart, and nobody else’s', async () => {
      const { priors, told } = await priorsOf(ann);
      archiveName = priors[0]?.study?.archive ?? '';
      expect(priors.map((one) => [one.key, one.standing])).toEqual([
        [uid(2), 'shown'],
        [uid(7), 'shown'],
        ['report-report-alone', 'shown'],
        [uid(4), 'closed'],
      ]);
      const [birthName, merged, alone] = priors;
      expect(birthName?.evidence.map((piece) => piece.words)).toEqual([
        'name: Petrelsen, Astrid here, THISTLEWOOD, ASTRID there; other name Thistlewood, Astrid agrees',
        'same birth date',
        'same sex',
        'other issuer: S77 (SALTFLAT)',
      ]);
      expect(birthName).toMatchObject({
        when: '2025-02-14 10:15 UTC-05:00',
        site: 'Place SALTFLAT',
        images: 1,
        reason: 'same body part and modality, 21 months before',
      });
      expect(merged?.evidence.at(-1)?.words).toBe(
        'same patient id and issuer: Q0 (QUILLBACK), by a merge that the site sent',
      );
      expect(alone).toMatchObject({ study: null, images: null, when: '2019-03-01 09:30 UTC', patient: { id: 'S77' } });
      expect(told).toEqual([
        'A report under this patient’s name is of an exam of somebody else and is not shown. Ask who wrote it.',
        'An exam of 2024-05-05 10:15 UTC-05:00 is not shown: it carries this patient’s number, and another birth date: 1971-05-05 here, 1971-05-06 there. Ask the site whose it is.',
        'A report that names the exam of 2025-02-14 10:15 UTC-05:00 is of another patient and is not shown.',
      ]);
    });

    it('put a report beside its own exam only, as text, and never one of another patient that names the exam', async () => {
      const words = (await priorsOf(ann)).priors.flatMap((one) => one.report?.sections.map((part) => part.text) ?? []);
      expect(words.join('\n')).toContain('Small effusion <img src=x onerror=alert(1)>');
      expect(words.join('\n')).not.toMatch(/somebody else|stranger|under another patient/);
    });

    it('hang at opening those that are beyond doubt, and are named as comparison', async () => {
      const detail = await openForReading(ann, taskId, 2);
      expect(detail.priors.map((one) => one.study.studyUid)).toEqual([uid(2), uid(7)]);
      expect(detail.prefill.comparison).toBe('CT KNEE, 2025-02-14.');
    });

    it('serve images to who has the case open and of exams that are shown, and to nobody else', async () => {
      expect(await imagesOf(ann, 2)).toBe(200);
      expect(await imagesOf(ann, 3)).toBe(403);
      expect(await imagesOf(ann, 4)).toBe(403);
      expect(await imagesOf(bob, 2)).toBe(409);
      const asked = await bob.call('casePriors', { params: { taskId }, input: { epoch: 1 } });
      expect(asked).toMatchObject({ ok: false, error: { code: 'stale-case' } });
    });

    it('keep a probable one closed until a reader confirms it with a reason and the evidence that she saw', async () => {
      const before = await priorOf(4);
      expect(before).toMatchObject({ study: null, report: null, images: 1, confirmation: null });
      const evidence = before.evidence.map((piece) => piece.words);
      const confirm = (reason: string, seen: readonly string[], epoch = 1) =>
        ann.call('confirmPrior', { params: { taskId }, input: { epoch, key: uid(4), reason, evidence: [...seen] } });
      expect(await confirm('short', evidence)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
      expect(await confirm('The site says so.', ['same name'])).toMatchObject({ error: { code: 'stale-case' } });
      const stranger = { epoch: 1, key: uid(3), reason: 'The site says so.', evidence: [] };
      expect(await ann.call('confirmPrior', { params: { taskId }, input: stranger })).toMatchObject({
        error: { code: 'not-found' },
      });
      const confirmed = await confirm('Read out by the site.', evidence);
      expect(confirmed).toMatchObject({ ok: true });
      expect(await priorOf(4)).toMatchObject({ standing: 'confirmed', confirmation: { by: 'Dr ann' } });
      expect(await imagesOf(ann, 4)).toBe(200);
      expect((await openForReading(ann, taskId, 3)).priors.map((one) => one.study.studyUid)).toContain(uid(4));
      const times = await ann.call('timeline', { params: { taskId } });
      const event = times.ok ? times.value.events.find((one) => one.type === 'prior.confirmed') : undefined;
      expect(event).toMatchObject({
        actor: { name: 'Dr ann' },
        detail: expect.stringContaining('Read out by the site.'),
      });
    });

    it('and close it again when that is taken back, in every window, with both on the timeline', async () => {
      const withdrawn = await ann.call('withdrawPrior', { params: { taskId }, input: { epoch: 3, key: uid(4) } });
      expect(withdrawn).toMatchObject({ ok: true });
      expect(await priorOf(4, 3)).toMatchObject({ standing: 'closed', study: null, report: null });
      expect(await imagesOf(ann, 4, 3)).toBe(403);
      expect(await imagesOf(ann, 4, 1)).toBe(403);
      expect((await openForReading(ann, taskId, 4)).priors.map((one) => one.study.studyUid)).not.toContain(uid(4));
      const times = await ann.call('timeline', { params: { taskId } });
      const events = times.ok ? times.value.events : [];
      const confirmed = events.find((one) => one.type === 'prior.confirmed');
      expect(events.find((one) => one.type === 'prior.withdrawn')?.cause).toBe(confirmed?.id);
      const evidence = (await priorOf(4, 4)).evidence.map((piece) => piece.words);
      const input = { epoch: 4, key: uid(4), reason: 'He called back: it is she.', evidence };
      expect(await ann.call('confirmPrior', { params: { taskId }, input })).toMatchObject({ ok: true });
      expect((await priorOf(4, 4)).standing).toBe('confirmed');
    });

    it('are looked at by a reviewer, who confirms nothing', async () => {
      const quinn = await host.signIn('quinn', testPassword);
      const opened = await quinn.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 1 } });
      expect(opened).toMatchObject({ ok: true });
      expect((await priorsOf(quinn)).priors.length).toBe(4);
      const input = { epoch: 1, key: uid(4), reason: 'I think that it is she.', evidence: [] };
      expect(await quinn.call('confirmPrior', { params: { taskId }, input })).toMatchObject({
        error: { code: 'forbidden' },
      });
    });

    it('are in the access log, each under its own patient, and a closed one as closed', async () => {
      await host.stop({ keep: true });
      const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
      if (!keyRing.ok) throw new Error(keyRing.error.message);
      const log = await openAuditLog({ directory, keyRing: keyRing.value, ports: testPorts() });
      if (!log.ok) throw new Error(log.error.message);
      const entries = (await log.value.entries()).filter((one) => one.purpose === 'prior' && one.user === 'ann');
      await log.value.close();
      expect(entries).toContainEqual(expect.objectContaining({ patient: 'S77', studyUid: uid(2) }));
      expect(entries).toContainEqual(expect.objectContaining({ patient: 'S77', studyUid: null }));
      expect(entries.find((one) => one.studyUid === uid(4))?.detail).toBe('probable prior, closed');
      expect(entries.map((one) => one.patient)).not.toContain('C9');
    });
  });
});
