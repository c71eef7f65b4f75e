import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceRequest } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccounts } from '../../electron/host/identity/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { anOrder } from '../builders/hl7-messages.ts';
import { freePort } from '../servers/free-port.ts';
import { connectMllp } from '../servers/mllp-sender.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { eventually, rowWhere } from './case-driver.ts';

describe('an order of the demo day that its site’s FHIR interface sends again', { timeout: 120_000 }, () => {
  let directory: string;
  let host: TestHost;
  let reader: TestReader;
  let desk: TestReader;
  let token = '';
  let port: number;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-again-'));
    port = await freePort();
    const listen = { host: '127.0.0.1', port, siteId: 'site-larkspur', zone: 'America/Los_Angeles' };
    host = await startTestHost({
      directory,
      settings: { hl7Listen: [{ ...listen, characterSet: null, accession: 'auto' }] },
    });
    reader = await host.signIn();
    desk = await host.signIn('site');
    // What the accounts script does, in a second opening of the folder.
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const accounts = await openAccounts({ directory, keyRing: ring.value, ports: testPorts() });
    const added = await accounts.addToken({ name: 'larkspur', scope: 'intake', site: null });
    if (!added.ok) throw new Error(added.error.message);
    token = added.value;
    await accounts.close();
  }, 90_000);
  afterAll(async () => {
    await host?.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const ask = async (method: string, id: string, body?: object): Promise<ServiceRequest> => {
    const answer = await fetch(`${host.url}/fhir/ServiceRequest/${id}`, {
      method,
      headers: { 'Content-Type': 'application/fhir+json', Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as ServiceRequest;
  };

  it('keeps the side, the authorization and the codes that the desk gave; what it brings itself counts; both on the timeline', async () => {
    const row = await rowWhere(
      reader,
      'a study of the desk’s site',
      (one) => one.site?.id === 'site-larkspur' && one.laterality !== 'R' && one.matters === undefined,
    );
    const { taskId } = row;
    const opened = await reader.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 1 } });
    const orderId = (opened.ok ? opened.value.context.orderId : null) ?? '';
    const { meta: _meta, ...sent } = await ask('GET', orderId);
    const supplied = await desk.call('siteCorrectOrder', {
      params: { taskId },
      input: {
        commandId: crypto.randomUUID(),
        correction: { kind: 'authorization', number: 'PA-4711', from: null, until: null },
      },
    });
    if (!supplied.ok) throw new Error(supplied.error.message);
    const asked = await reader.call('askSite', {
      params: { taskId },
      input: { commandId: crypto.randomUUID(), kind: 'side', words: '' },
    });
    const questionId = (asked.ok ? asked.value.questions[0]?.id : undefined) ?? '';
    const answered = await desk.call('siteAnswer', {
      params: { questionId },
      input: { choice: 'right', words: '', attachment: null, correctSide: true, reason: null },
    });
    if (!answered.ok) throw new Error(answered.error.message);
    await eventually('the corrected side', async () =>
      /"valueCode":"R"/.test(JSON.stringify(await ask('GET', orderId))) ? true : null,
    );

    const sideless = { ...sent, extension: (sent.extension ?? []).filter((one) => !/laterality/.test(one.url ?? '')) };
    await ask('PUT', orderId, sideless);
    const kept = await ask('GET', orderId);
    expect(JSON.stringify(kept.insurance)).toContain('ClaimResponse/supplied-authorization-');
    expect(kept.extension).toContainEqual({ url: 'urn:overread:laterality', valueCode: 'R' });
    const told = async (): Promise<readonly string[]> => {
      const times = await reader.call('timeline', { params: { taskId } });
      return times.ok ? times.value.events.filter((one) => one.type === 'order.changed').map((one) => one.detail) : [];
    };
    expect((await told()).at(-1)).toContain('kept as the site’s desk gave it: the side, the authorization');
    // The question was settled: no host puts the correction in a second time.
    expect(kept.note?.filter((one) => one.text?.includes(questionId))).toHaveLength(1);

    await ask('PUT', orderId, {
      ...sideless,
      extension: [...sideless.extension, { url: 'urn:overread:laterality', valueCode: 'L' }],
    });
    expect((await ask('GET', orderId)).extension).toContainEqual({ url: 'urn:overread:laterality', valueCode: 'L' });
    const last = await eventually('the second change', async () => {
      const words = (await told()).find((one) => one.includes('no longer'));
      return words ?? null;
    });
    expect(last).toContain(
      'kept as the site’s desk gave it: the authorization; no longer as the site’s desk gave it: the side',
    );
  });

  it('by HL7 v2 is held to the same rule: the desk’s side stays until the sender says another, and the timeline says which', async () => {
    const sender = await connectMllp(port);
    const number = { number: 'P4712', accession: 'LK4712' };
    const exam = 'XKNEE^XR KNEE 3 VIEWS^L';
    expect(await sender.send(anOrder({ controlId: 'D1', ...number, exam }))).toMatchObject({ code: 'AA' });
    const row = await rowWhere(reader, 'the order by HL7', (one) => one.accession === 'LK4712');
    const params = { taskId: row.taskId };
    const asked = await reader.call('askSite', {
      params,
      input: { commandId: crypto.randomUUID(), kind: 'side', words: '' },
    });
    const questionId = (asked.ok ? asked.value.questions[0]?.id : undefined) ?? '';
    const answered = await desk.call('siteAnswer', {
      params: { questionId },
      input: { choice: 'right', words: '', attachment: null, correctSide: true, reason: null },
    });
    expect(answered.ok).toBe(true);
    const sideOf = async () => {
      const list = await reader.call('worklist', { input: {} });
      return list.ok ? list.value.rows.find((one) => one.taskId === row.taskId)?.laterality : null;
    };
    await eventually('the desk’s side', async () => ((await sideOf()) === 'R' ? true : null));
    const told = async (): Promise<readonly string[]> => {
      const times = await reader.call('timeline', { params });
      return times.ok ? times.value.events.filter((one) => one.type === 'order.changed').map((one) => one.detail) : [];
    };
    const again = anOrder({ controlId: 'D2', control: 'XO', ...number, exam });
    expect(await sender.send(again)).toMatchObject({ code: 'AA' });
    await eventually('the change', async () =>
      (await told()).some((one) => one.includes('XO') || one.includes('D2')) ? true : null,
    );
    expect(await sideOf()).toBe('R');
    const left = anOrder({ controlId: 'D3', control: 'XO', ...number, exam: 'XKNEEL^XR KNEE LEFT 3 VIEWS^L' });
    expect(await sender.send(left)).toMatchObject({ code: 'AA' });
    await eventually('the sender’s side', async () => ((await sideOf()) === 'L' ? true : null));
    const words = await eventually(
      'it on the timeline',
      async () => (await told()).find((one) => one.includes('no longer')) ?? null,
    );
    expect(words).toContain('no longer as the site’s desk gave it: the side');
    sender.close();
  });
});
