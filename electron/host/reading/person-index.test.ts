import type { DiagnosticReport, Patient, Resource } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PatientIdentity } from '../../../shared/domain/study/index.ts';
import { patientToFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { patientResource } from '../intake/hl7/patients.ts';
import type { RecordSync, SyncChange } from '../record/index.ts';
import { createPersonIndex, type PersonIndex } from './person-index.ts';

const astrid: PatientIdentity = {
  id: 'Q1',
  issuer: 'QUILLBACK',
  name: 'Petrelsen^Astrid',
  birthDate: '19710505',
  sex: 'F',
};

describe('who the record knows', () => {
  let index: PersonIndex;
  let tell: (resource: Resource & { id: string }) => void;
  let lose: (type: 'Patient' | 'DiagnosticReport', id: string) => void;
  beforeEach(() => {
    const held = new Map<string, Resource>();
    let heard: (change: SyncChange) => void = () => undefined;
    const sync = {
      get: (type: string, id: string) => {
        const resource = held.get(`${type}/${id}`);
        return resource === undefined ? null : { resource, version: '1', lastUpdated: instant(0) };
      },
      onChange: (listener: typeof heard) => {
        heard = listener;
        return () => undefined;
      },
    } as unknown as RecordSync;
    index = createPersonIndex(sync);
    tell = (resource) => {
      held.set(`${resource.resourceType}/${resource.id}`, resource);
      heard({
        type: resource.resourceType,
        items: [{ resource, version: '1', lastUpdated: instant(0) }],
        gone: [],
      } as SyncChange);
    };
    lose = (type, id) => {
      held.delete(`${type}/${id}`);
      heard({ type, items: [], gone: [id] });
    };
  });
  const patient = (id: string, identity: Partial<PatientIdentity> = {}, into?: string): Patient & { id: string } => ({
    ...patientToFhir(id, { ...astrid, ...identity }),
    id,
    ...(into === undefined ? {} : { link: [{ other: { reference: `Patient/${into}` }, type: 'replaced-by' }] }),
  });
  const report = (
    id: string,
    subject: string,
    uid: string,
    more: readonly string[] = [],
  ): DiagnosticReport & { id: string } => ({
    resourceType: 'DiagnosticReport',
    id,
    status: 'final',
    code: { text: 'CT' },
    subject: { reference: `Patient/${subject}` },
    conclusion: 'Words.',
    imagingStudy: [uid, ...more].map((one, at) => ({
      identifier: { system: 'urn:dicom:uid', value: `urn:oid:${one}` },
      ...(at === 0 ? {} : { display: 'Comparison' }),
    })),
  });

  it('are found by any number, whoever gave it, and by birth date, as they are now', () => {
    const numbers = [
      { value: 'Q1', issuer: 'QUILLBACK', type: 'MR' },
      { value: 'M 9', issuer: 'ST-X', type: 'MR' },
    ];
    tell({ ...patientResource('p1', astrid, numbers, null), id: 'p1' });
    expect(index.find(['m 9'], null, 10).ids).toEqual(new Set(['p1']));
    expect(index.find([], '19710505', 10).ids).toEqual(new Set(['p1']));
    expect(index.person('p1')?.otherIds).toEqual([{ value: 'M 9', issuer: 'ST-X', from: 'record' }]);
    tell(patient('p1', { id: 'Q2', birthDate: '19710506' }));
    expect(index.find(['Q1', 'M 9'], '19710505', 10).ids).toEqual(new Set());
    lose('Patient', 'p1');
    expect(index.find(['Q2'], '19710506', 10).ids).toEqual(new Set());
    expect(index.person('p1')).toBeNull();
  });

  it('are one family by the merges that a site sent, with every number and former name', () => {
    tell(patient('p1'));
    tell(patient('p0', { id: 'Q0', name: 'Thistlewood^Astrid' }, 'p1'));
    tell(patient('p9', { id: 'Q9' }, 'p0'));
    for (const id of ['p0', 'p1', 'p9']) expect(index.family(id)).toEqual(new Set(['p0', 'p1', 'p9']));
    const person = index.person('p1');
    expect(person?.otherNames).toContain('Thistlewood^Astrid');
    expect(person?.otherIds.map(({ value, from }) => [value, from]).sort()).toEqual([
      ['Q0', 'merge'],
      ['Q9', 'merge'],
    ]);
    // The merge was taken back.
    tell(patient('p0', { id: 'Q0' }));
    expect(index.family('p1')).toEqual(new Set(['p1']));
  });

  it('end at a ring of merges, and at a heap of them', () => {
    tell(patient('p1', {}, 'p2'));
    tell(patient('p2', {}, 'p1'));
    expect(index.family('p1')).toEqual(new Set(['p1', 'p2']));
    for (let at = 0; at < 200; at += 1) tell(patient(`h${at}`, {}, 'heap'));
    expect(index.family('heap').size).toBeLessThanOrEqual(51);
    expect(index.find([], '19710505', 20)).toMatchObject({ cut: true });
  });

  it('have their reports by patient and by study, never by a study that is only named as a comparison', () => {
    tell(report('r1', 'p1', '1.2', ['1.3']));
    expect(index.reportsOf('p1').map((one) => one.id)).toEqual(['r1']);
    expect(index.reportsOfStudy('1.2').map((one) => one.id)).toEqual(['r1']);
    expect(index.reportsOfStudy('1.3')).toEqual([]);
    // The site moved it to another patient, then entered it in error.
    tell(report('r1', 'p2', '1.2'));
    expect(index.reportsOf('p1')).toEqual([]);
    tell({ ...report('r1', 'p2', '1.2'), status: 'entered-in-error' });
    expect(index.reportsOf('p2')).toEqual([]);
  });
});
