import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startOrthanc } from '../../servers/orthanc/index.ts';
import { chanceOf } from '../checks/chance.ts';
import { type FaultKind, startChanceMllp, startChanceProxy } from './chance-proxy.ts';
import { type Counted, count } from './count.ts';
import { livesOf } from './lives.ts';
import type { OutboxQuestion } from './outbox-child.ts';
import { archiveArrivals, hl7Arrivals, howMany, imrArrivals, recordArrivals, unsignedVersions } from './receivers.ts';

export type DeliveryFigures = Counted & {
  readonly reports: number;
  readonly versions: number;
  readonly kills: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Reports and signatures in the record beyond one for each. */
  readonly extra: number;
  readonly seconds: number;
};

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A child that says `ready …` once it stands. */
async function startChild(file: string, env: Record<string, string>): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [here(file)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('ready')) resolve(line.slice('ready'.length).trim());
    });
    child.once('exit', () => reject(new Error(`${file} ended before it was ready`)));
  });
  return { child, said };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

/** The host's delivery from where its journal stands to its own death or the end; answers whether it came to the end. */
async function runOutbox(question: OutboxQuestion, tell: (line: string) => void): Promise<boolean> {
  const child = spawn(process.execPath, [here('./outbox-child.ts')], {
    env: { ...process.env, OVERREAD_BENCH_OUTBOX: JSON.stringify(question) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let done = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'done') done = true;
    if (line.startsWith('refused')) tell(line);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, by) => resolve(by)));
  if (!done && signal !== 'SIGKILL') throw new Error('the host ended by itself');
  return done;
}

/**
 * Reports with all their versions through faults of every kind to receivers of other people's making, each a process with a store of
 * its own: Medplum's FHIR router, Orthanc, `node-hl7-server`. What they have in the end is counted there.
 */
export async function runDelivery(options: {
  readonly reports: number;
  readonly seed: number;
  readonly kills: number;
  readonly tell?: (line: string) => void;
}): Promise<DeliveryFigures> {
  const { reports, seed, kills, tell = () => undefined } = options;
  const began = Date.now();
  const lives = livesOf(seed, reports);
  const versions = lives.reduce((sum, life) => sum + life.versions.length, 0);
  const directory = await mkdtemp(join(tmpdir(), 'overread-delivery-'));
  const file = join(directory, 'hl7.jsonl');
  await writeFile(file, '');
  const ends: (() => Promise<void>)[] = [];
  try {
    const orthanc = await startOrthanc();
    ends.push(orthanc.stop);
    const fhir = await startChild('./fhir-child.ts', {});
    ends.push(() => stopChild(fhir.child));
    const hl7 = await startChild('./hl7-child.ts', { OVERREAD_BENCH_HL7: file });
    ends.push(() => stopChild(hl7.child));
    const imr = await startChild('./imr-child.ts', {});
    ends.push(() => stopChild(imr.child));
    const record = await startChanceProxy(new URL(fhir.said).origin, seed + 11);
    const archive = await startChanceProxy(new URL(orthanc.url).origin, seed + 12);
    const mllp = await startChanceMllp(Number(hl7.said), seed + 13);
    const site = await startChanceProxy(new URL(imr.said).origin, seed + 15);
    ends.push(record.stop, archive.stop, mllp.stop, site.stop);
    const through = (url: string, port: number): string => `http://127.0.0.1:${port}${new URL(url).pathname}`;
    const question = {
      directory,
      began,
      speed: 20,
      seed,
      reports,
      recordUrl: through(fhir.said, record.port),
      archiveUrl: through(orthanc.url, archive.port),
      hl7Port: mllp.port,
      imrUrl: through(imr.said, site.port),
    };
    // Some seven durable steps a version and channel; a start steps through none.
    const chance = chanceOf(seed + 14);
    const between = Math.max(20, Math.floor((versions * 20) / (kills + 1)));
    let killed = 0;
    for (;;) {
      const killAt = killed < kills ? Math.max(1, Math.floor(between * (0.5 + chance.next()))) : null;
      if (await runOutbox({ ...question, killAt }, tell)) break;
      killed += 1;
      tell(`killed ${killed} of ${kills} after ${Math.round((Date.now() - began) / 1_000)} s`);
    }
    const arrivals = [
      ...(await recordArrivals(fhir.said, lives)),
      ...(await archiveArrivals(orthanc.restUrl, lives)),
      ...hl7Arrivals(file, lives),
      ...(await imrArrivals(imr.said, lives)),
    ];
    const counted = count(lives, arrivals);
    const held = await Promise.all(
      ['DiagnosticReport', 'Composition', 'Provenance'].map((type) => howMany(fhir.said, type)),
    );
    // Less there may be: a version that was withdrawn on its way has no signature there. The others' are asked for one by one.
    const most = [reports, reports, versions];
    const extra = held.reduce((sum, one, place) => sum + Math.max(0, one - (most[place] ?? 0)), 0);
    const unsigned = await unsignedVersions(fhir.said, lives);
    const faults = { ...record.counts };
    for (const one of [archive.counts, mllp.counts, site.counts])
      for (const kind of Object.keys(faults) as FaultKind[]) faults[kind] += one[kind];
    return {
      ...counted,
      lost: counted.lost + unsigned,
      reports,
      versions,
      kills: killed,
      faults,
      extra,
      seconds: (Date.now() - began) / 1_000,
    };
  } finally {
    for (const end of ends.reverse()) await end();
    await rm(directory, { recursive: true, force: true });
  }
}
