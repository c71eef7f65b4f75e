import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { anOrder, message, pid } from '../builders/hl7-messages.ts';
import { freePort } from '../servers/free-port.ts';
import { connectMllp } from '../servers/mllp-sender.ts';
import { signIn } from '../servers/overread-host/start-host.ts';
import { type ChildHost, startChildHost } from './child-host.ts';

const merge = (index: number): string =>
  message({
    controlId: `MERGE${index}`,
    type: 'ADT^A40',
    at: '20260308040000-0700',
    segments: [pid(`NEW${index}`, `SURVIVOR^${'ABCDEFGHIJ'.charAt(index)}`), `MRG|OLD${index}^^^LARK^MR`],
  });
const order = (index: number): string =>
  anOrder({
    controlId: `ORDER${index}`,
    number: `Q${index}`,
    accession: `NW${index}`,
    patient: pid(`Q${index}`, 'NEW^COMER'),
  });
const before = (index: number): string =>
  anOrder({
    controlId: `BEFORE${index}`,
    number: `P${index}`,
    accession: `LK${index}`,
    patient: pid(`OLD${index}`, 'GONE^BY'),
  });

/** Durable steps of a merge with one order, and of a new order: on disk, each write to the record, told, settled. */
const mergeSteps = 6;
const orderSteps = 5;
/** In a new order, the kills between its two writes and after them; the rest is as in a merge. */
const orderKills = [2, 3, 5];

describe('a host that is killed while it takes in a message', { timeout: 240_000 }, () => {
  let directory: string;
  let port: number;
  const start = (killAt: number | null): Promise<ChildHost> =>
    startChildHost({
      directory,
      killAt,
      settings: {
        demo: false,
        hl7Listen: [
          {
            host: '127.0.0.1',
            port,
            siteId: 'larkspur',
            zone: 'America/Denver',
            characterSet: null,
            accession: 'auto',
          },
        ],
      },
    });
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-intake-kills-'));
    port = await freePort();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('applies every message whole and once after it is started again, wherever the kill fell', async () => {
    const first = await start(null);
    await fetch(`${first.url}/api/accounts/first`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userName: 'lead', name: 'Dr L. Lead', password: 'a long password', npi: null }),
    });
    const sender = await connectMllp(port);
    for (let index = 1; index <= mergeSteps; index += 1) expect((await sender.send(before(index))).code).toBe('AA');
    sender.close();
    await first.stop();

    const unanswered: string[] = [];
    const killed = async (text: string, at: number): Promise<void> => {
      const host = await start(at);
      const site = await connectMllp(port);
      const answer = await site.send(text).catch(() => null);
      if (answer === null) unanswered.push(text);
      expect(await host.ended).toBe('SIGKILL');
      site.close();
    };
    for (let at = 1; at <= mergeSteps; at += 1) await killed(merge(at), at);
    for (const at of orderKills) await killed(order(at), at);

    const last = await start(null);
    const again = await connectMllp(port);
    // The site repeats what it had no answer to, as every interface engine does.
    expect(unanswered.length).toBeGreaterThan(0);
    for (const text of unanswered) expect((await again.send(text)).code).toBe('AA');
    again.close();
    const reader = await signIn(last.url, 'lead', 'a long password');
    let rows: readonly WorklistRow[] = [];
    for (let turn = 0; turn < 150 && rows.length < mergeSteps + orderKills.length; turn += 1) {
      const list = await reader.call('worklist');
      rows = list.ok ? list.value.rows : [];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const of = (accession: string) => rows.filter((row) => row.accession === accession);
    for (let index = 1; index <= mergeSteps; index += 1) {
      expect(of(`LK${index}`).map((row) => row.patient.id)).toEqual([`NEW${index}`]);
      const [row] = of(`LK${index}`);
      const timeline = await reader.call('timeline', { params: { taskId: row?.taskId ?? '' } });
      const told = timeline.ok ? timeline.value.events.filter((event) => event.type === 'identity.changed') : [];
      expect(
        told.map((event) => event.detail),
        `merge ${index}`,
      ).toEqual([`the patient was merged by ADT^A40 MERGE${index}: patient ID changed`]);
    }
    for (const index of orderKills) expect(of(`NW${index}`).map((row) => row.patient.name)).toEqual(['NEW^COMER']);
    console.log(
      `HL7 kills: ${mergeSteps} in a merge, ${orderKills.length} of ${orderSteps} in a new order; ${unanswered.length} unanswered and repeated`,
    );
    await last.stop();
  });
});
