import { describe, expect, it } from 'vitest';
import type { Person } from '../../../shared/domain/prior/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { createArchiveClient } from '../archive/index.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import { type PriorBudget, priorBudget, searchArchive } from './prior-search.ts';

const ports: Ports = {
  now: () => instant(0),
  randomBytes: (count) => new Uint8Array(count),
  newId: () => 'id',
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};
const ottoline: Person = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'Quillfeather^Ottoline',
  birthDate: '19520309',
  sex: 'F',
  otherNames: ['Müller^Ottoline'],
  otherIds: [{ value: 'M 1/2', issuer: 'ST-X', from: 'record' }],
};
type Row = { readonly uid: string; readonly birthDate: string };
const dicom = ({ uid, birthDate }: Row) => ({
  '0020000D': { vr: 'UI', Value: [uid] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Quillfeather^Ottoline' }] },
  '00100020': { vr: 'LO', Value: ['884213'] },
  '00100030': { vr: 'DA', Value: [birthDate] },
});

/** An archive that answers as `answer` says; what it was asked is kept. */
function archiveOf(answer: (asked: URLSearchParams) => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetch: FetchHandler = async (request) => {
    const query = new URL(request.url).searchParams;
    const keys = ['PatientID', 'PatientName', 'PatientBirthDate'].filter((key) => query.has(key));
    if (query.get('offset') === '0') asked.push(keys.map((key) => `${key}=${query.get(key)}`).join('&'));
    return answer(query);
  };
  const archive = createArchiveClient({
    name: 'PACS',
    baseUrl: 'http://archive.test',
    fetch,
    credentials: { kind: 'none' },
    ports,
    limits: { page: 20 },
  });
  return { archive, asked };
}
const json = (rows: readonly Row[], asked: URLSearchParams): Response => {
  const from = Number(asked.get('offset'));
  return Response.json(rows.slice(from, from + Number(asked.get('limit'))).map(dicom), {
    headers: { 'Content-Type': 'application/dicom+json' },
  });
};
const budget: PriorBudget = { ...priorBudget, rows: 30 };

describe('the search of an archive for one person', () => {
  it('asks by birth date and by each number, and by no name where the archive honours the birth date', async () => {
    const { archive, asked } = archiveOf((query) => json([{ uid: '1.2', birthDate: '19520309' }], query));
    const found = await searchArchive(archive, ottoline, budget);
    expect(asked).toEqual(['PatientBirthDate=19520309', 'PatientID=884213', 'PatientID=M 1/2']);
    expect(found.told).toEqual([]);
    expect(new Set(found.studies.map((one) => one.studyUid))).toEqual(new Set(['1.2']));
  });

  it.each([
    ['refuses that key', () => new Response('no', { status: 400 })],
    ['ignores that key', (query: URLSearchParams) => json([{ uid: '1.9', birthDate: '19300101' }], query)],
  ])('asks by name in its usual spellings where the archive %s', async (_what, byBirth) => {
    const { archive, asked } = archiveOf((query) =>
      query.has('PatientBirthDate') ? byBirth(query) : json([{ uid: '1.2', birthDate: '19520309' }], query),
    );
    const found = await searchArchive(archive, ottoline, budget);
    expect(asked.filter((one) => one.startsWith('PatientName'))).toEqual([
      'PatientName=Quillfeather^Ottoline*',
      'PatientName=QUILLFEATHER^OTTOLINE*',
      'PatientName=OTTOLINE^QUILLFEATHER*',
      'PatientName=Müller^Ottoline*',
      'PatientName=MULLER^OTTOLINE*',
      'PatientName=OTTOLINE^MULLER*',
    ]);
    expect(found.told).toEqual([]);
  });

  it('looks at no more rows than its budget, and says that there are more', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ uid: `1.${index + 1}`, birthDate: '19520309' }));
    const { archive } = archiveOf((query) => json(many, query));
    const found = await searchArchive(archive, { ...ottoline, id: null, otherIds: [] }, budget);
    expect(found.told).toEqual([
      'The archive PACS found more than 30 studies to look through: exams may be missing here.',
    ]);
    expect(found.studies.length).toBeLessThanOrEqual(30 * 7);
  });

  it('ends with its time where the archive never answers, asks it no further, and says so', async () => {
    const { archive, asked } = archiveOf(() => new Promise<Response>(() => undefined));
    const found = await searchArchive(archive, ottoline, { ...budget, time: 20 });
    expect(found.studies).toEqual([]);
    expect(found.told).toEqual(['The archive PACS did not answer within 0.02 s: exams may be missing here.']);
    expect(new Set(asked).size).toBe(1);
  });

  it('says what came back where the archive answers with something else', async () => {
    const { archive } = archiveOf(() => new Response('<h1>Gateway</h1>', { headers: { 'Content-Type': 'text/html' } }));
    const found = await searchArchive(archive, ottoline, budget);
    expect(found.told).toHaveLength(1);
    expect(found.told[0]).toContain('something that is not DICOMweb');
    expect(found.told[0]).toContain('may be missing here');
  });

  it('asks by no placeholder birth date, which finds everybody whom nobody knows', async () => {
    const { archive, asked } = archiveOf((query) => json([], query));
    await searchArchive(archive, { ...ottoline, birthDate: '19000101', otherNames: [] }, budget);
    expect(asked.some((one) => one.includes('PatientBirthDate'))).toBe(false);
  });
});
