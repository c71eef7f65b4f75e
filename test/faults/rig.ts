import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../../electron/host/ports.ts';
import type { Settings } from '../../electron/host/settings/index.ts';
import type { CallOutput, CaseDetail } from '../../shared/api/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy/index.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';
import type { OtherSite } from './site.ts';

/**
 * A host over somebody else's record and archive, with a fault proxy before each; it can be closed and started again over its folder. It
 * looks more often than the product, unless it is told otherwise.
 */
export type Rig = {
  readonly directory: string;
  readonly recordProxy: FaultProxy;
  readonly archiveProxy: FaultProxy;
  readonly host: TestHost;
  readonly ann: TestReader;
  readonly bob: TestReader;
  restart(changes?: Partial<Settings>): Promise<void>;
  stop(): Promise<void>;
};

export type SignAnswer = CallOutput<'sign'>;
export type Opened = { readonly detail: CaseDetail; readonly draft: Draft; readonly taskId: string };

/** Nobody answers: the connection is cut before the server sees anything. */
export const dead = [{ fault: { kind: 'drop-before' } }] as const;

export async function startRig(
  site: OtherSite,
  changes: Partial<Settings> = {},
  ports: Partial<Ports> = {},
): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-rig-'));
  await addPeople(directory, { ann: 'radiologist', bob: 'radiologist' });
  const recordProxy = await startFaultProxy({ target: site.recordUrl });
  const archiveProxy = await startFaultProxy({ target: site.archiveUrl });
  let given = changes;
  const start = async (): Promise<{ host: TestHost; ann: TestReader; bob: TestReader }> => {
    const host = await startTestHost({
      directory,
      ports: { pace: quickPace(), ...ports },
      settings: site.settings({
        record: { kind: 'remote', url: recordProxy.url, credentials: { kind: 'none' } },
        archive: { kind: 'remote', url: archiveProxy.url, credentials: { kind: 'none' } },
        ...given,
      }),
    });
    return { host, ann: await host.signIn('ann', testPassword), bob: await host.signIn('bob', testPassword) };
  };
  let now = await start();
  return {
    directory,
    recordProxy,
    archiveProxy,
    get host() {
      return now.host;
    },
    get ann() {
      return now.ann;
    },
    get bob() {
      return now.bob;
    },
    restart: async (next) => {
      given = next ?? given;
      await now.host.stop({ keep: true });
      now = await start();
    },
    stop: async () => {
      await now.host.stop();
      await recordProxy.stop();
      await archiveProxy.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Finds the order's row, reads it and writes a draft. */
export async function openOrder(
  reader: TestReader,
  order: Order,
  words = 'Words that must not be lost.',
  epoch = 1,
): Promise<Opened> {
  const row = await rowWhere(
    reader,
    `the order ${order.accession} with its images`,
    (one) => one.accession === order.accession && one.link === 'order-and-images',
  );
  const detail = await openForReading(reader, row.taskId, epoch);
  const draft = draftOf(detail, reader, words, 'Impression.');
  const saved = await reader.call('saveDraft', {
    params: { taskId: row.taskId },
    input: { context: detail.context, draft: draft as never },
  });
  if (!saved.ok) throw new Error(saved.error.message);
  return { detail, draft, taskId: row.taskId };
}

export async function signFinal(reader: TestReader, opened: Opened, kind: 'final' | 'preliminary' = 'final') {
  return reader.call('sign', {
    params: { taskId: opened.taskId },
    input: signCommand(opened.detail, opened.draft, kind, testPassword),
  });
}

export async function stateOf(reader: TestReader, taskId: string): Promise<string> {
  const found = await reader.call('report', { params: { taskId } });
  return found.ok ? found.value.report.state : found.error.code;
}

export function untilState(reader: TestReader, taskId: string, state: string, milliseconds = 90_000): Promise<true> {
  return eventually(
    `the report to be ${state}`,
    async () => ((await stateOf(reader, taskId)) === state ? true : null),
    milliseconds,
  );
}

/** Waits until the version that was signed is given back; answers the reason in words. */
export function untilReturned(reader: TestReader, taskId: string): Promise<string> {
  return eventually(
    'the version to be given back',
    async () => {
      const found = await reader.call('report', { params: { taskId } });
      return found.ok ? (found.value.report.versions.find((one) => one.returned !== null)?.returned ?? null) : null;
    },
    90_000,
  );
}

export function untilDelivered(reader: TestReader, taskId: string, channels = 3): Promise<true> {
  return eventually(
    'every channel',
    async () => {
      const found = await reader.call('deliveries', { params: { taskId } });
      return found.ok &&
        found.value.deliveries.length === channels &&
        found.value.deliveries.every((one) => one.state === (one.channel === 'hl7' ? 'accepted' : 'filed'))
        ? true
        : null;
    },
    90_000,
  );
}

export async function deliveryOn(reader: TestReader, taskId: string, channel: 'record' | 'archive' | 'pdf' | 'hl7') {
  const found = await reader.call('deliveries', { params: { taskId } });
  const delivery = found.ok ? found.value.deliveries.find((one) => one.channel === channel) : undefined;
  if (delivery === undefined) throw new Error(`no delivery on ${channel}`);
  return delivery;
}
