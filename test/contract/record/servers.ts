import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import type { FetchHandler, Ports } from '../../../electron/host/ports.ts';
import { createEmbeddedRecord, createRecordClient, embeddedRecordUrl } from '../../../electron/host/record/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { startContraryProxy } from '../../servers/contrary-proxy/server.ts';
import { startFhirRouter } from '../../servers/fhir-router/server.ts';

/** One FHIR server under the contract, started fresh for a case. */
export type RecordUnderTest = {
  readonly baseUrl: string;
  readonly fetch: FetchHandler;
  /** How late a write may appear in searches, milliseconds. */
  readonly visibilityMs: number;
  /** Puts resources there as if they had been written at their `meta.lastUpdated`; in the order of these stamps. */
  plant(resources: readonly Resource[]): Promise<void>;
  close(): Promise<void>;
};

export type RecordServer = { readonly name: string; start(): Promise<RecordUnderTest> };

const seed = Number(process.env.SEED ?? 20261122);
/** 2 s in every run; the 30 s that servers are known to take when the big numbers run (`SCALE`). */
export const visibilityMs = process.env.SCALE === undefined ? 2_000 : 30_000;

export function testPorts(now: () => Instant = () => instant(Date.now())): Ports {
  const silent = () => undefined;
  return {
    now,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    newId: () => randomUUID(),
    log: { info: silent, warn: silent, error: silent },
  };
}

const overTheWire: FetchHandler = (request) => fetch(request);

async function startEmbedded(): Promise<RecordUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'overread-record-'));
  let held: Instant | null = null;
  const ports = testPorts(() => held ?? instant(Date.now()));
  const record = await createEmbeddedRecord({ directory, key: new Uint8Array(randomBytes(32)), ports });
  const client = createRecordClient({
    name: 'planting',
    baseUrl: embeddedRecordUrl,
    fetch: record.fetch,
    credentials: { kind: 'none' },
    ports,
  });
  return {
    baseUrl: embeddedRecordUrl,
    fetch: record.fetch,
    visibilityMs: 0,
    plant: async (resources) => {
      for (const resource of resources) {
        held = instant(Date.parse(resource.meta?.lastUpdated ?? ''));
        const put = await client.put(resource);
        if (!put.ok) throw new Error(put.error.message);
      }
      held = null;
    },
    close: async () => {
      await record.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function startMemoryRouter(): Promise<RecordUnderTest> {
  const server = await startFhirRouter();
  return { baseUrl: server.url, fetch: overTheWire, visibilityMs: 0, plant: server.plant, close: server.close };
}

async function startContrary(): Promise<RecordUnderTest> {
  const server = await startFhirRouter();
  const proxy = await startContraryProxy({ upstream: server.url, seed, visibilityMs });
  return {
    baseUrl: proxy.url,
    fetch: overTheWire,
    visibilityMs,
    plant: server.plant,
    close: async () => {
      await proxy.close();
      await server.close();
    },
  };
}

export const recordServers: readonly RecordServer[] = [
  { name: 'the embedded record', start: startEmbedded },
  { name: "the FHIR router's own MemoryRepository", start: startMemoryRouter },
  { name: `that router behind a contrary proxy (SEED=${seed})`, start: startContrary },
];
