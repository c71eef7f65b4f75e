import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Orderer } from '../../../../shared/domain/order/index.ts';
import { practitionerToFhir } from '../../../../shared/interop/fhir/index.ts';
import { testPorts } from '../../../../test/servers/overread-host/start-host.ts';
import { openKeyRing } from '../../keys/index.ts';
import { createEmbeddedRecord, createRecordClient, embeddedRecordUrl } from '../../record/index.ts';
import type { RecordClient, Versioned } from '../../record/types.ts';
import { withPractitioner } from './practitioners.ts';

const olivia: Orderer = {
  name: 'ORDERER, DR OLIVIA',
  npi: '1234567893',
  parts: { family: 'ORDERER', given: 'OLIVIA', middle: '', suffix: '', prefix: 'DR' },
};

describe('the ordering physician of an HL7 order', () => {
  let directory: string;
  let record: RecordClient;
  let close: () => Promise<void>;
  let written: Versioned[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-orderers-'));
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const ports = testPorts();
    const embedded = await createEmbeddedRecord({ directory, key: keyRing.value, ports });
    close = () => embedded.close();
    record = createRecordClient({
      name: 'record',
      baseUrl: embeddedRecordUrl,
      credentials: { kind: 'none' },
      fetch: embedded.fetch,
      ports,
    });
    written = [];
  });
  afterEach(async () => {
    await close();
    await rm(directory, { recursive: true, force: true });
  });

  const named = async (orderer: Orderer, siteId = 'reno') => {
    const found = await withPractitioner({ record, siteId, orderer, onWritten: (one) => written.push(one) });
    if (!found.ok) throw new Error(found.error.message);
    return found.value?.practitioner ?? null;
  };

  it('is written once, and every later order of every site names the same Practitioner, unchanged', async () => {
    const id = await named(olivia);
    expect(id).toMatch(/^orderer-/);
    expect(
      await named({ ...olivia, name: 'Orderer, Olivia M', parts: undefined } as unknown as Orderer, 'bangor'),
    ).toBe(id);
    expect(written.map((one) => one.resource.id)).toEqual([id]);
    const read = await record.read('Practitioner', id ?? '');
    expect(read.ok && read.value.resource.name).toMatchObject([
      { family: 'ORDERER', given: ['OLIVIA'], prefix: ['DR'] },
    ]);
  });

  it('with a number that belongs to another family name names nobody and changes nobody', async () => {
    const id = await named(olivia);
    expect(await named({ name: 'SECOND, SAM', npi: '1234567893' })).toBeNull();
    const read = await record.read('Practitioner', id ?? '');
    expect(read.ok && read.value.resource.name?.[0]?.family).toBe('ORDERER');
    expect(written).toHaveLength(1);
  });

  it('is another person under the same number of another site or authority', async () => {
    const local = (authority: string): Orderer => ({
      name: 'ORDERER, OLIVIA',
      npi: null,
      number: { value: '4711', authority },
    });
    const ids = [await named(local('A')), await named(local('B')), await named(local('A'), 'bangor')];
    expect(new Set(ids).size).toBe(3);
    expect(await named({ name: 'ORDERER, OLIVIA', npi: null })).toBeNull();
  });

  it('is the Practitioner that the site wrote by FHIR, and never a reader with the same NPI', async () => {
    const reader = {
      id: 'r1',
      userName: 'oo',
      name: 'Dr Olivia Orderer',
      role: 'radiologist',
      npi: olivia.npi,
      states: [],
    };
    await record.put(practitionerToFhir(reader as never, []));
    await record.put({
      resourceType: 'Practitioner',
      id: 'site-doc-7',
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }],
      name: [{ family: 'Orderer', given: ['Olivia'] }],
    });
    expect(await named(olivia)).toBe('site-doc-7');
    expect(written).toHaveLength(0);
  });
});
