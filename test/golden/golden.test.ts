import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSrDataset } from '../../electron/host/archive/part10/index.ts';
import type { DeliveryRules } from '../../shared/domain/site/index.ts';
import { type DicomJson, items, personName, tags, text } from '../../shared/interop/dicom-json/index.ts';
import { faultsByMedplum, faultsByNpmFhir } from './fhir-validators.ts';
import { goldenFiles, goldenForms } from './golden-files.ts';
import { goldenBeforehand, goldenTransaction } from './imr.ts';
import { type GoldenKind, goldenKinds, releaseKindOf } from './versions.ts';

const folder = fileURLToPath(new URL('./files', import.meta.url));
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

function filesBelow(path: string, prefix = ''): readonly string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? filesBelow(join(path, one.name), `${prefix}${one.name}/`) : [`${prefix}${one.name}`],
  );
}

describe('what each channel gets of each version', () => {
  it('is what the golden files say (npm run golden writes them anew)', async () => {
    const made = await goldenFiles();
    expect([...made.keys()].sort()).toEqual([...filesBelow(folder)].sort());
    for (const [path, words] of made) expect(words, path).toBe(readFileSync(join(folder, path), 'utf8'));
  });
});

describe.each(goldenKinds)('the %s, checked by others', (kind) => {
  let forms: Awaited<ReturnType<typeof goldenForms>>;
  let scratch: string;
  beforeAll(async () => {
    forms = await goldenForms(kind);
    scratch = mkdtempSync(join(tmpdir(), 'overread-golden-'));
    writeFileSync(join(scratch, 'sr.dcm'), forms.sr);
    writeFileSync(join(scratch, 'pdf.dcm'), forms.encapsulated);
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('is valid FHIR to Medplum’s validator and to the validator of npm’s fhir', () => {
    for (const resource of [forms.diagnosticReport, forms.composition, forms.provenance]) {
      expect(faultsByMedplum(resource)).toEqual([]);
      expect(faultsByNpmFhir(resource)).toEqual([]);
    }
  });

  it('is a transaction of IHE RAD-141 that both find valid, with every reference in it resolved', async () => {
    const bundle = await goldenTransaction(kind);
    expect(faultsByMedplum(bundle)).toEqual([]);
    expect(faultsByNpmFhir(bundle)).toEqual([]);
    for (const resource of [...(await goldenBeforehand()), ...(bundle.entry ?? []).map((entry) => entry.resource)]) {
      expect(faultsByMedplum(resource), resource?.resourceType).toEqual([]);
      expect(faultsByNpmFhir(resource), resource?.resourceType).toEqual([]);
    }
    const names = new Set(bundle.entry?.map((entry) => entry.fullUrl));
    const referred = [...JSON.stringify(bundle).matchAll(/"reference":"(urn:uuid:[^"]*)"/g)].map(([, name]) => name);
    expect(referred.length).toBeGreaterThan(2);
    expect(referred.filter((name) => !names.has(name))).toEqual([]);
  });

  it.skipIf(!has('dsrdump'))('is an SR that dcmtk’s dsrdump reads without a complaint', () => {
    const dumped = spawnSync('dsrdump', ['+U8', '+Pl', '+Pn', join(scratch, 'sr.dcm')], { encoding: 'utf8' });
    // Its checker of value representations knows no UTF-8 and says so; of the document it says nothing.
    const complaints = dumped.stderr.split('\n').filter((line) => line !== '' && !line.includes('ISO_IR 192'));
    expect([dumped.status, complaints]).toEqual([0, []]);
    const words = 'Acute appendicitis.';
    // What is withdrawn is not said again.
    if (kind === 'withdrawal') expect(dumped.stdout).not.toContain(words);
    else expect(dumped.stdout).toContain(words);
  });

  it.skipIf(!has('dciodvfy'))('is an SR in which dicom3tools’ dciodvfy finds no error', () => {
    const checked = spawnSync('dciodvfy', [join(scratch, 'sr.dcm')], { encoding: 'utf8' });
    const said = `${checked.stdout}${checked.stderr}`.split('\n');
    expect(said).toContain('EnhancedSR');
    expect(said.filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it.skipIf(!has('dciodvfy'))('is an Encapsulated PDF in which dciodvfy finds no error', () => {
    const checked = spawnSync('dciodvfy', [join(scratch, 'pdf.dcm')], { encoding: 'utf8' });
    const said = `${checked.stdout}${checked.stderr}`.split('\n');
    expect(said).toContain('EncapsulatedPDF');
    expect(said.filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it.skipIf(!has('dcm2pdf'))(
    'is an Encapsulated PDF out of which dcmtk takes the very document that was signed',
    () => {
      const taken = join(scratch, 'taken.pdf');
      const run = spawnSync('dcm2pdf', [join(scratch, 'pdf.dcm'), taken], { encoding: 'utf8' });
      expect([run.status, run.stderr.trim()]).toEqual([0, '']);
      // PS3.3 C.24.2.3: an odd document has one byte of padding, which dcm2pdf leaves on.
      expect(readFileSync(taken).subarray(0, forms.pdf.length).equals(forms.pdf)).toBe(true);
      expect(readFileSync(taken).length - forms.pdf.length).toBeLessThanOrEqual(1);
    },
  );

  it.skipIf(!has('dciodvfy'))(
    'is taken back by notes in which dciodvfy finds no error, and no other version by any',
    () => {
      expect(forms.notes.length).toBe(kind === 'withdrawal' ? 2 : 0);
      for (const note of forms.notes) {
        writeFileSync(join(scratch, 'note.dcm'), note);
        const checked = spawnSync('dciodvfy', [join(scratch, 'note.dcm')], { encoding: 'utf8' });
        const said = `${checked.stdout}${checked.stderr}`.split('\n');
        expect(said).toContain('KeyObjectSelectionDocument');
        expect(said.filter((line) => line.startsWith('Error'))).toEqual([]);
      }
    },
  );

  it('is a message whose OBX are numbered in order, all with the status of the version', () => {
    const observations = (forms.oru?.text ?? '').split('\r').filter((line) => line.startsWith('OBX|'));
    expect(observations.map((line) => Number(line.split('|')[1]))).toEqual(
      observations.map((_one, place) => place + 1),
    );
    const status = { preliminary: 'P', final: 'F', addendum: 'C', correction: 'C', withdrawal: 'W' }[
      releaseKindOf(kind)
    ];
    expect(new Set(observations.map((line) => line.split('|')[11]))).toEqual(new Set([status]));
  });

  it('is never an SR that is VERIFIED and PARTIAL, and names who verified', () => {
    const sr = readSrDataset(forms.sr) as DicomJson;
    expect(['COMPLETE', 'PARTIAL']).toContain(text(sr, tags.CompletionFlag));
    if (text(sr, tags.VerificationFlag) !== 'VERIFIED') return;
    expect(text(sr, tags.CompletionFlag)).toBe('COMPLETE');
    expect(items(sr, tags.VerifyingObserverSequence)).toHaveLength(1);
    const authors = items(sr, tags.AuthorObserverSequence).map((one) => personName(one, tags.PersonName));
    expect(authors).toEqual(kind === 'dictated-final' ? ['Dr Cosmo Maplethorne'] : []);
  });
});

describe('what a site agreed about its HL7 results', () => {
  const observations = async (kind: GoldenKind, rules: Partial<DeliveryRules> = {}) =>
    ((await goldenForms(kind, rules)).oru?.text ?? '')
      .split('\r')
      .filter((line) => line.startsWith('OBX|'))
      .map((line) => {
        const fields = line.split('|');
        return { key: `${fields[3]}|${fields[4]}`, text: fields[5] ?? '', flag: fields[8], status: fields[11] };
      });

  it('flags the communication of a critical result and nothing else, and only where that was agreed', async () => {
    const flagged = await observations('critical-final', { hl7Critical: true });
    const isTold = ({ key }: { readonly key: string }): boolean => key.startsWith('73568-8^');
    expect(flagged.filter(isTold).map((one) => one.flag)).toEqual(['AA', 'AA']);
    expect(flagged.filter((one) => !isTold(one) && one.flag !== '')).toEqual([]);
    expect((await observations('critical-final')).filter((one) => one.flag !== '')).toEqual([]);
  });

  it('deletes every result of a withdrawn report that its notice does not replace, and says none of its words', async () => {
    const before = await observations('final');
    const deleted = await observations('withdrawal', { hl7Withdrawal: 'D' });
    const statusOf = new Map(deleted.map((one) => [one.key, one.status]));
    for (const { key } of before) expect(['C', 'D'], key).toContain(statusOf.get(key));
    expect(deleted.filter((one) => one.status === 'D').map((one) => one.text)).toEqual(
      Array.from({ length: 6 }, () => 'WITHDRAWN'),
    );
    // Deleted, the notice would be gone too.
    const notice = deleted.filter((one) => one.text.includes('THIS REPORT IS WITHDRAWN'));
    expect(notice.map((one) => one.status)).toEqual(['C']);
    expect(JSON.stringify(deleted)).not.toContain('appendicitis.');
  });
});

describe('the validators themselves', () => {
  const good = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'CT' } };
  it('find nothing in a small good report, and between them every planted fault', () => {
    expect([faultsByMedplum(good), faultsByNpmFhir(good)]).toEqual([[], []]);
    for (const bad of [
      { ...good, surprise: true },
      { ...good, code: undefined },
      { ...good, status: 'finished' },
      { ...good, issued: 'yesterday' },
    ])
      expect(faultsByMedplum(bad).length + faultsByNpmFhir(bad).length).toBeGreaterThan(0);
  });
});
