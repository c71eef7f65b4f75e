import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import type { OutboxLife, OutboxTold } from './outbox-life-child.ts';

async function live(life: OutboxLife): Promise<{ readonly signal: NodeJS.Signals | null; readonly said: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./outbox-life-child.ts', import.meta.url))], {
    env: { ...process.env, OVERREAD_TEST_OUTBOX: JSON.stringify(life) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_code, ended) => resolve(ended)),
  );
  return { signal, said };
}

describe('an outbox that is killed at a step and goes on from its journal', () => {
  let record: Awaited<ReturnType<typeof startFhirRouter>>;
  let directory: string;
  beforeAll(async () => {
    record = await startFhirRouter();
  });
  afterAll(async () => {
    await record?.close();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-outbox-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  const told = async (life: Omit<OutboxLife, 'directory' | 'recordUrl' | 'killAt'>): Promise<OutboxTold> => {
    const { signal, said } = await live({ ...life, directory, recordUrl: record.url, killAt: null });
    expect(signal).toBe(null);
    return JSON.parse(said) as OutboxTold;
  };
  const killed = async (life: Omit<OutboxLife, 'directory' | 'recordUrl'>): Promise<void> => {
    const { signal } = await live({ ...life, directory, recordUrl: record.url });
    expect(signal, `it died at ${life.killAt}`).toBe('SIGKILL');
  };

  it('calls a version superseded, and nobody’s trouble, where the next one stands in its place by then', async () => {
    const common = { channel: 'record' } as const;
    await killed({ ...common, kinds: ['preliminary'], killAt: 'accepted-record', holdFirstRead: false });
    const { deliveries } = await told({ ...common, kinds: ['preliminary', 'final'], holdFirstRead: true });
    const [older, newer] = deliveries;
    expect([older?.version, older?.state]).toEqual([1, 'superseded']);
    expect(older?.proof).toMatch(/^version 2, which follows it, stands there: [0-9a-f]{4}…[0-9a-f]{2}$/);
    expect([newer?.version, newer?.state]).toEqual([2, 'filed']);
    // Each version's signature is there.
    const found = await (await fetch(`${record.url}/Provenance?_count=10`)).json();
    expect((found as { entry?: unknown[] }).entry).toHaveLength(2);
  }, 60_000);

  const pdf = '1.2.840.10008.5.1.4.1.1.104.1';
  const note = '1.2.840.10008.5.1.4.1.1.88.59';
  it.each(['before-pdf', 'pdf-store', 'pdf-stored', 'accepted-pdf'])(
    'stores each PDF once, the later naming the earlier: killed at %s',
    async (killAt) => {
      const common = { channel: 'pdf', holdFirstRead: false } as const;
      await killed({ ...common, kinds: ['preliminary'], killAt });
      const { deliveries, stored } = await told({ ...common, kinds: ['preliminary', 'final'] });
      expect(deliveries.map(({ version, state }) => [version, state])).toEqual([
        [1, 'filed'],
        [2, 'filed'],
      ]);
      for (const one of deliveries) expect(one.proof).toMatch(/^PDF stored, read back, digest equal /);
      expect(stored).toEqual([pdf, pdf]);
    },
    60_000,
  );

  it('withdraws the PDFs that are there by a PDF and one note, killed between the two', async () => {
    const common = { channel: 'pdf', kinds: ['preliminary', 'final', 'withdrawal'], holdFirstRead: false } as const;
    await killed({ ...common, killAt: 'pdf-rejection-store' });
    const { deliveries, stored } = await told(common);
    expect(deliveries.map(({ version, state }) => [version, state])).toEqual([
      [1, 'filed'],
      [2, 'filed'],
      [3, 'filed'],
    ]);
    expect(stored).toEqual([pdf, pdf, pdf, note]);
  }, 60_000);
});
