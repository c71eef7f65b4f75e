import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitToBill } from '../../../shared/domain/billing/index.ts';
import { fitToRead, type Order, type OrderId } from '../../../shared/domain/order/index.ts';
import { addTable } from '../billing/code-tables.ts';
import { openOrderRules } from './order-rules.ts';

const orderAt = (site: string): Order => ({
  id: 'order-1' as OrderId,
  status: 'active',
  patient: { id: '1', issuer: 'A', name: 'TEST^ANN', birthDate: '19700101', sex: 'F' },
  patientReference: null,
  accession: null,
  placerNumber: null,
  procedure: { system: '', code: 'X1', display: 'CT chest' },
  modality: 'CT',
  bodyPart: 'CHEST',
  laterality: null,
  reason: '',
  reasonCodes: [],
  priority: 'routine',
  site: { id: site, name: site, state: 'OH', zone: 'UTC', phone: null },
  orderedBy: { name: 'Dr B. Fenwright', npi: null },
  authoredOn: null,
  expectedInstances: null,
  requestedReport: 'final',
});
const ports = { log: { info: () => undefined, warn: () => undefined, error: () => undefined } };
/** What two sites agreed: the one reads without a reason, the other does without accession numbers and authorizations. */
const agreements: { readonly [site: string]: { readonly defects: object } } = {
  lenient: { defects: { reason: { read: 'note', bill: 'counts' } } },
  walkIn: { defects: { accession: { read: 'off', bill: 'off' }, authorization: { read: 'counts', bill: 'off' } } },
};

describe('what counts at a site', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-rules-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = () => openOrderRules(folder, (order) => (agreements[order.site?.id ?? ''] as never) ?? null, ports);

  it('is as the site agreed, for reading and for billing apart', async () => {
    const { settings, rules } = await open();
    const read = (site: string): string[] =>
      fitToRead(orderAt(site), null, { rules: settings.rules(orderAt(site)) })
        .checks.filter((check) => check.state === 'defect' || check.state === 'note')
        .map((check) => `${check.state} ${check.code}`);
    expect(read('elsewhere')).toEqual(['defect reason', 'note accession']);
    expect(read('lenient')).toEqual(['note reason', 'note accession']);
    expect(read('walkIn')).toEqual(['defect reason']);
    const nothing = {
      dateOfService: '20261122',
      procedureCodes: ['71250'],
      diagnosisCodes: [],
      authorizations: [],
      coverages: [],
      ordererNpi: null,
      signed: null,
    };
    const billed = (site: string): readonly string[] =>
      fitToBill(nothing, { diagnoses: [] }, rules(orderAt(site))).checks.map((check) => check.code);
    expect(billed('lenient')).toContain('authorization');
    expect(billed('walkIn')).not.toContain('authorization');
  });

  it('takes the group’s own table of codes as soon as it is loaded', async () => {
    const rules = await open();
    const order = orderAt('elsewhere');
    const codes = (): string[] =>
      fitToRead(order, null, { table: (code) => rules.settings.table(code, null) }).checks.map((check) => check.code);
    expect(codes()).not.toContain('code-modality');
    await addTable(folder, 'procedure', new TextEncoder().encode('code,modality\nX1,MR\n'), '20260101');
    expect(await rules.refresh()).toBe(true);
    expect(codes()).toContain('code-modality');
  });
});
