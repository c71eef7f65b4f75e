import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ArchiveClient,
  createArchiveClient,
  type DicomJson,
  encapsulatedDocument,
} from '../../../electron/host/archive/index.ts';
import { makeForms } from '../../../electron/host/delivery/forms.ts';
import { pdfDigest } from '../../../electron/host/delivery/report-pdf-objects.ts';
import type { InstanceUid, SeriesUid, StudyUid } from '../../../shared/domain/study/index.ts';
import { type BuiltImage, buildImage, pixelBytes } from '../../builders/part10.ts';
import { goldenQuestion } from '../../golden/versions.ts';
import { frameBytes, living, partsOf, wholeObjects } from './reading.ts';
import { type ArchiveUnderTest, archives, testPorts } from './servers.ts';

const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const study = (text: string): StudyUid => text as StudyUid;

function image(root: string, given: Partial<BuiltImage> = {}): BuiltImage {
  return { study: `${root}.1`, series: `${root}.1.1`, instance: `${root}.1.1.1`, ...given };
}

async function keep(client: ArchiveClient, bytes: Uint8Array): Promise<void> {
  const stored = await client.store(bytes);
  expect(stored).toMatchObject({ ok: true });
}

function firstValue(json: DicomJson, tag: string): unknown {
  return json[tag]?.Value?.[0];
}

describe.each(archives)('$label', (kind) => {
  describe.skipIf(kind.missing !== null)(kind.missing ?? 'keeps the contract', () => {
    let server: ArchiveUnderTest;
    let client: ArchiveClient;
    beforeAll(async () => {
      server = await kind.start();
      client = createArchiveClient({
        name: 'under test',
        baseUrl: server.url,
        fetch: server.fetch,
        credentials: { kind: 'none' },
        ports: testPorts(),
        limits: { page: 50 },
      });
    });
    afterAll(async () => {
      await client?.close();
      await server?.stop();
    });

    test('answers to a probe', async () => {
      expect(await client.probe()).toMatchObject({ ok: true });
    });

    test('an object that was stored is read back with the words and numbers we vouch for', async () => {
      const root = '2.25.101';
      await keep(
        client,
        buildImage(
          image(root, {
            accession: 'A-101',
            patientId: 'MRN-101',
            more: [
              ['00281050', 'DS', '40\\-600.5'],
              [
                '00081140',
                'SQ',
                [
                  [
                    ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
                    ['00081155', 'UI', '2.25.7'],
                  ],
                ],
              ],
              ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
            ],
          }),
        ),
      );
      const read = await client.instanceMetadata(
        study(`${root}.1`),
        `${root}.1.1` as SeriesUid,
        `${root}.1.1.1` as InstanceUid,
      );
      if (!read.ok) throw new Error(read.error.message);
      expect(firstValue(read.value, '00080018')).toBe(`${root}.1.1.1`);
      expect(firstValue(read.value, '00080050')).toBe('A-101');
      expect(firstValue(read.value, '00100010')).toMatchObject({ Alphabetic: 'Probe^Petra' });
      expect(firstValue(read.value, '00280010')).toBe(16);
      expect(read.value['00281050']?.Value?.map(Number)).toEqual([40, -600.5]);
      const reference = firstValue(read.value, '00081140') as DicomJson;
      expect(firstValue(reference, '00081155')).toBe('2.25.7');
      expect(read.value['7FE00010']?.Value).toBeUndefined();
    });

    test('a PDF that was stored as an object comes back whole, byte for byte, and as what it says it is', async () => {
      const { reportPdf } = await makeForms(goldenQuestion('final'));
      if (reportPdf === undefined) throw new Error('no PDF');
      const { object } = reportPdf;
      const uids = [
        study(goldenQuestion('final').content.studyUid),
        object.seriesUid as SeriesUid,
        object.instanceUid as InstanceUid,
      ] as const;
      expect(await client.object(...uids)).toMatchObject({ ok: false, error: { code: 'not-found' } });
      const bytes = new Uint8Array(Buffer.from(object.bytes, 'base64'));
      await keep(client, bytes);
      const back = await client.object(...uids);
      if (!back.ok) throw new Error(back.error.message);
      const read = encapsulatedDocument(back.value);
      expect(Buffer.from(read?.document.subarray(0, 5) ?? []).toString()).toBe('%PDF-');
      expect(read === null ? null : pdfDigest(read.json, read.document)).toBe(object.digest);
    });

    test('one study is found by its UID, accession, patient and day, and by nothing else', async () => {
      const root = '2.25.102';
      await keep(client, buildImage(image(root, { accession: 'A-102', patientId: 'MRN-102', date: '20250714' })));
      for (const query of [
        { studyUid: study(`${root}.1`) },
        { accession: 'A-102' },
        { patientId: 'MRN-102' },
        { dates: '20250714-20250714' },
      ]) {
        const found = await client.searchStudies(query);
        expect(found, JSON.stringify(query)).toMatchObject({
          ok: true,
          value: [
            {
              studyUid: `${root}.1`,
              accession: 'A-102',
              studyDate: '20250714',
              description: 'CT CHEST',
              modalities: ['CT'],
              instanceCount: 1,
              seriesCount: 1,
              patient: { id: 'MRN-102', name: 'Probe^Petra', birthDate: '19700102', sex: 'F' },
            },
          ],
        });
      }
      expect(await client.searchStudies({ accession: 'A-10' })).toEqual({ ok: true, value: [] });
      expect(await client.searchStudies({ patientId: '*' })).toEqual({ ok: true, value: [] });
      expect(await client.searchStudies({ dates: '20250715-20250720' })).toEqual({ ok: true, value: [] });
    });

    test('130 studies of one window come page by page, each once', async () => {
      for (let number = 1; number <= 130; number += 1) {
        const root = `2.25.103.${number}`;
        const day = String((number % 28) + 1).padStart(2, '0');
        await keep(
          client,
          buildImage(
            image(root, {
              accession: `B-${number}`,
              patientId: `MRN-B${number}`,
              date: `201902${day}`,
              rows: 2,
              columns: 2,
            }),
          ),
        );
      }
      const found = await client.searchStudies({ dates: '20190201-20190228' });
      if (!found.ok) throw new Error(found.error.message);
      expect(found.value.length).toBe(130);
      expect(new Set(found.value.map((one) => one.studyUid)).size).toBe(130);

      // Asked again and again the days are read only when something in them is another.
      const days = '20190201-20190228';
      const first = await client.searchDays(days, null);
      if (!first.ok) throw new Error(first.error.message);
      expect(new Set(first.value.studies?.map((one) => one.studyUid)).size).toBe(130);
      expect(first.value.print.length).toBeGreaterThan(1);
      const again = await client.searchDays(days, first.value.print);
      expect(again).toEqual({ ok: true, value: { studies: null, print: first.value.print } });
      await keep(
        client,
        buildImage(
          image('2.25.103.131', { accession: 'B-131', patientId: 'MRN-B131', date: '20190228', rows: 2, columns: 2 }),
        ),
      );
      const grown = await client.searchDays(days, first.value.print);
      if (!grown.ok) throw new Error(grown.error.message);
      expect(new Set(grown.value.studies?.map((one) => one.studyUid)).size).toBe(131);
      const last = await client.searchDays(days, grown.value.print);
      expect(last.ok && last.value.studies).toBe(null);
    });

    test('a series comes as exactly its instances, byte for byte, behind a closing boundary', async () => {
      const root = '2.25.104';
      const files = new Map<string, Uint8Array>();
      for (let number = 1; number <= 20; number += 1) {
        const instance = `${root}.1.1.${number}`;
        const bytes = buildImage(
          image(root, { instance, number, rows: 64, columns: 64, accession: 'A-104', patientId: 'MRN-104' }),
        );
        files.set(Buffer.from(bytes).toString('base64'), bytes);
        await keep(client, bytes);
      }
      const parts = await partsOf(await client.pass(`/studies/${root}.1/series/${root}.1.1`, wholeObjects, living()));
      expect(parts.length).toBe(20);
      expect(new Set(parts.map((part) => Buffer.from(part.bytes).toString('base64')))).toEqual(new Set(files.keys()));
      const instances = await client.instances(study(`${root}.1`));
      if (!instances.ok) throw new Error(instances.error.message);
      expect(new Set(instances.value.map((one) => one.instanceUid)).size).toBe(20);
      expect(instances.value[0]).toMatchObject({
        seriesUid: `${root}.1.1`,
        modality: 'CT',
        frames: 1,
        sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
      });
    });

    test('every frame of a multi-frame object has its own bytes', async () => {
      const root = '2.25.105';
      const pixels = pixelBytes(8 * 8 * 2 * 5, 105);
      await keep(
        client,
        buildImage(image(root, { frames: 5, rows: 8, columns: 8, pixels: ['7FE00010', 'OW', pixels] })),
      );
      const at = `/studies/${root}.1/series/${root}.1.1/instances/${root}.1.1.1/frames`;
      for (let frame = 1; frame <= 5; frame += 1) {
        const parts = await partsOf(await client.pass(`${at}/${frame}`, frameBytes, living()));
        expect(parts.length).toBe(1);
        expect(Buffer.from(parts[0]?.bytes ?? [])).toEqual(
          Buffer.from(pixels.subarray((frame - 1) * 128, frame * 128)),
        );
      }
      const instances = await client.instances(study(`${root}.1`));
      expect(instances).toMatchObject({ ok: true, value: [{ frames: 5 }] });
      expect((await client.pass(`${at}/6`, frameBytes, living())).status).toBeGreaterThanOrEqual(400);
    });

    test('compressed frames come as they are in the file, with their transfer syntax', async () => {
      const root = '2.25.106';
      const frames = [pixelBytes(300, 1), pixelBytes(302, 2), pixelBytes(304, 3)].map((bytes) =>
        Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), bytes, Buffer.of(0, 0xff, 0xd9)]),
      );
      const jpegBaseline = '1.2.840.10008.1.2.4.50';
      await keep(
        client,
        buildImage(
          image(root, {
            frames: 3,
            transferSyntax: jpegBaseline,
            pixels: ['7FE00010', 'FRAGMENTS', { table: [], list: frames }],
          }),
        ),
      );
      for (const [index, frame] of frames.entries()) {
        const parts = await partsOf(
          await client.pass(
            `/studies/${root}.1/series/${root}.1.1/instances/${root}.1.1.1/frames/${index + 1}`,
            frameBytes,
            living(),
          ),
        );
        expect(parts.length).toBe(1);
        // Fragments are of even length: a byte of padding belongs to the fragment, not to the codestream.
        expect(Buffer.from(parts[0]?.bytes ?? []).subarray(0, frame.length)).toEqual(frame);
        expect(parts[0]?.contentType).toMatch(/1\.2\.840\.10008\.1\.2\.4\.50|image\/jpeg/);
      }
    });

    test('a second object under a used SOP Instance UID never takes the place of the first', async () => {
      const root = '2.25.107';
      const first = buildImage(image(root, { number: 1 }));
      const second = buildImage(image(root, { number: 2, patientName: 'Other^Olga' }));
      await keep(client, first);
      await client.store(second);
      const again = await client.store(first);
      expect(again).toMatchObject({ ok: true });
      const read = await client.instanceMetadata(
        study(`${root}.1`),
        `${root}.1.1` as SeriesUid,
        `${root}.1.1.1` as InstanceUid,
      );
      if (!read.ok) throw new Error(read.error.message);
      expect(firstValue(read.value, '00100010')).toMatchObject({ Alphabetic: 'Probe^Petra' });
    });

    test('one study UID with two patients is ambiguous, and neither is opened', async () => {
      const root = '2.25.108';
      await keep(client, buildImage(image(root, { patientId: 'MRN-108A', patientName: 'First^Fay' })));
      await keep(
        client,
        buildImage(
          image(root, {
            patientId: 'MRN-108B',
            patientName: 'Second^Sid',
            series: `${root}.1.2`,
            instance: `${root}.1.2.1`,
          }),
        ),
      );
      expect(await client.searchStudies({ studyUid: study(`${root}.1`) })).toMatchObject({
        ok: false,
        error: { code: 'ambiguous-patient' },
      });
      expect(await client.instances(study(`${root}.1`))).toMatchObject({
        ok: false,
        error: { code: 'ambiguous-patient' },
      });
    });

    test.each([
      ['Äneas^Rüdiger', 'umlauts'],
      ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'three groups'],
      ['Люкceмбypг', 'Cyrillic'],
      ['קרן^דבורה', 'Hebrew'],
    ])('the name %s comes back as it was written (%s)', async (name) => {
      const root = `2.25.109.${Buffer.from(name).reduce((sum, byte) => sum + byte, 0)}`;
      await keep(client, buildImage(image(root, { patientName: name, patientId: `MRN-${root}` })));
      expect(await client.searchStudies({ studyUid: study(`${root}.1`) })).toMatchObject({
        ok: true,
        value: [{ patient: { name } }],
      });
    });

    test.each(['../../../etc/passwd', '=1+1|cmd', 'a&limit=0', 'x?y#z', "';--", '<img src=x>'])(
      'the hostile patient ID %s is data: found by itself, and its study opens',
      async (patientId) => {
        const root = `2.25.110.${Buffer.from(patientId).reduce((sum, byte) => (sum * 31 + byte) % 100_000_007, 7)}`;
        await keep(client, buildImage(image(root, { patientId })));
        const found = await client.searchStudies({ patientId });
        expect(found).toMatchObject({ ok: true, value: [{ studyUid: `${root}.1`, patient: { id: patientId } }] });
        expect(await client.instances(study(`${root}.1`))).toMatchObject({
          ok: true,
          value: [{ instanceUid: `${root}.1.1.1` }],
        });
      },
    );

    test('what is no study address is never asked of the archive', async () => {
      for (const path of [
        '/studies/../../system',
        '/studies/..%2f..%2fsystem',
        '/instances',
        '//evil.example/studies',
        '/studies/1.2/series/1.3/instances/1.4/frames/0',
        '/studies/1.2@evil',
        '/studies?x=1\r\nHost: evil',
        '/studies/1.2/series/1.3/instances/1.4/bulkdata/00100010',
      ]) {
        expect((await client.pass(path, '*/*', living())).status, path).toBe(400);
      }
    });

    test('a study that nobody has is not found, and says what was asked', async () => {
      expect(
        await client.instanceMetadata(study('2.25.404'), '2.25.405' as SeriesUid, '2.25.406' as InstanceUid),
      ).toMatchObject({
        ok: false,
        error: {
          code: 'not-found',
          asked: expect.stringContaining('/studies/2.25.404/'),
          cameBack: expect.stringContaining('404'),
        },
      });
      expect((await client.pass('/studies/2.25.404/series/2.25.405', wholeObjects, living())).status).toBe(404);
    });

    test.skipIf(!existsSync(join(shared, 'malformed')))(
      'bad files are refused with a reason or kept whole; the other studies are unharmed',
      async () => {
        const root = '2.25.111';
        await keep(client, buildImage(image(root)));
        let refused = 0;
        for (const folder of ['made', 'pydicom', 'orthanc', 'cornerstone']) {
          for (const name of readdirSync(join(shared, 'malformed', folder))) {
            if (kind.fatal.includes(name)) continue;
            const stored = await client.store(readFileSync(join(shared, 'malformed', folder, name)));
            if (stored.ok) continue;
            refused += 1;
            expect(stored.error.message, name).not.toBe('');
            expect(stored.error.code, name).toMatch(/^(refused|not-dicomweb|unreachable)$/);
          }
        }
        expect(refused).toBeGreaterThan(5);
        expect(await client.instances(study(`${root}.1`))).toMatchObject({
          ok: true,
          value: [{ instanceUid: `${root}.1.1.1` }],
        });
      },
    );

    test.skipIf(!existsSync(join(shared, 'dicom')))(
      'frames of real files in many transfer syntaxes are the bytes that dcmtk or the other archive would take out',
      async () => {
        const folder = join(shared, 'dicom/transfer-syntaxes/wg04');
        let seen = 0;
        for (const name of readdirSync(folder)) {
          const bytes = readFileSync(join(folder, name));
          await keep(client, bytes);
          const uids = ['0020000D', '0020000E', '00080018'].map((tag) => uidIn(bytes, tag));
          const parts = await partsOf(
            await client.pass(
              `/studies/${uids[0]}/series/${uids[1]}/instances/${uids[2]}/frames/1`,
              frameBytes,
              living(),
            ),
          );
          const frame = Buffer.from(parts[0]?.bytes ?? []);
          expect(frame.length, name).toBeGreaterThan(1000);
          // The frame stands in the file as it is: nothing was decoded and encoded again.
          expect(bytes.includes(frame.subarray(0, Math.min(frame.length, 60_000))), name).toBe(true);
          seen += 1;
        }
        expect(seen).toBe(12);
      },
    );
  });
});

/** The value of a UI element of an explicit or implicit little-endian file, found by its tag. */
function uidIn(bytes: Buffer, tag: string): string {
  const at = bytes.indexOf(
    Buffer.from(
      [tag.slice(2, 4), tag.slice(0, 2), tag.slice(6, 8), tag.slice(4, 6)].map((hex) => Number.parseInt(hex, 16)),
    ),
    200,
  );
  const explicit = bytes.subarray(at + 4, at + 6).toString('latin1') === 'UI';
  const length = explicit ? bytes.readUInt16LE(at + 6) : bytes.readUInt32LE(at + 4);
  return bytes
    .subarray(at + 8, at + 8 + length)
    .toString('latin1')
    .replace(/\0+$/, '');
}
