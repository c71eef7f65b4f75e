import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import type { SupersededQuestion } from './superseded-child.ts';

type Life = { readonly signal: NodeJS.Signals | null; readonly said: string };

async function live(question: SupersededQuestion): Promise<Life> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./superseded-child.ts', import.meta.url))], {
    env: { ...process.env, OVERREAD_TEST_SUPERSEDED: JSON.stringify(question) },
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

describe('a version that was taken just before the host died, and is looked for when the next one stands in its place', () => {
  let record: Awaited<ReturnType<typeof startFhirRouter>>;
  let directory: string;
  beforeAll(async () => {
    record = await startFhirRouter();
    directory = await mkdtemp(join(tmpdir(), 'overread-superseded-'));
  });
  afterAll(async () => {
    await record?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('is superseded and nobody’s trouble, and its signature is there with the newer one', async () => {
    const common = { directory, recordUrl: record.url };
    const first = await live({ ...common, versions: 1, killAt: 'accepted-record', holdFirstRead: false });
    expect(first.signal, 'it died between "accepted" and "filed"').toBe('SIGKILL');
    const second = await live({ ...common, versions: 2, killAt: null, holdFirstRead: true });
    expect(second.signal).toBe(null);
    const [older, newer] = JSON.parse(second.said) as { version: number; state: string; proof: string }[];
    expect([older?.version, older?.state]).toEqual([1, 'superseded']);
    expect(older?.proof).toMatch(/^version 2, which follows it, stands there: [0-9a-f]{4}…[0-9a-f]{2}$/);
    expect([newer?.version, newer?.state]).toEqual([2, 'filed']);
    const found = await (await fetch(`${record.url}/Provenance?_count=10`)).json();
    expect((found as { entry?: unknown[] }).entry).toHaveLength(2);
  }, 60_000);
});
