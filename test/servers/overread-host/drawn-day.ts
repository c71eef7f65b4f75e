import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoDay, generateDemoDay } from '../../../electron/host/demo/index.ts';
import { uidFrom } from '../../../electron/host/demo/random.ts';
import type { WorklistRow } from '../../../shared/api/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { onceARun } from '../../once-a-run.ts';
import { signIn, startTestHost, type TestHost } from './start-host.ts';

/**
 * Puts a demo day of which everything due at launch has come into a data folder; a host over it goes on with that day, as after any
 * restart. Drawing a day takes longer than most tests of it, so one is drawn a run.
 */
export async function copyDrawnDay(directory: string): Promise<void> {
  const drawn = await onceARun('drawn-day', async (folder) => {
    const host = await startTestHost({ directory: folder });
    try {
      await untilDrawn(host.url);
    } finally {
      await host.stop({ keep: true });
    }
  });
  await cp(drawn, directory, { recursive: true });
}

/** A host over a drawn day of its own; `prepare` is done to its folder before the host opens it. */
export async function startDrawnDay(
  options: Omit<NonNullable<Parameters<typeof startTestHost>[0]>, 'directory'> = {},
  prepare: (directory: string) => Promise<void> = async () => undefined,
): Promise<TestHost> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-drawn-'));
  await copyDrawnDay(directory);
  await prepare(directory);
  const host = await startTestHost({ ...options, directory });
  return {
    ...host,
    stop: async ({ keep = false } = {}) => {
      await host.stop({ keep: true });
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function rowsOf(url: string, userName = 'reader'): Promise<readonly WorklistRow[]> {
  const reader = await signIn(url, userName, 'demo');
  const list = await reader.call('worklist', { input: {} });
  await reader.call('signOut');
  if (!list.ok) throw new Error(`the list was refused: ${list.error.message}`);
  return list.value.rows;
}

/** Waits until everything due at launch is in the archive of a host that plays a new day; answers that day as the generator means it. */
export async function untilDrawn(url: string, milliseconds = 300_000): Promise<DemoDay> {
  const until = Date.now() + milliseconds;
  let plan: DemoDay | null = null;
  for (;;) {
    const rows = await rowsOf(url);
    // The launch is found by the day's first studies, which need not be the first to be listed.
    plan ??= rows.some((row) => row.studyUid !== null) ? planOf(rows) : null;
    if (plan !== null && (await standing(url, plan, rows))) return plan;
    if (Date.now() > until) throw new Error(`the demo day did not come: ${rows.length} rows`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Whether all images that are due at launch are in the archive. The priors come last: with them the whole day stands. */
async function standing(url: string, plan: DemoDay, rows: readonly WorklistRow[]): Promise<boolean> {
  const due = plan.arrivals.filter((arrival) => arrival.kind === 'images' && arrival.after === 0);
  const current = new Map(plan.studies.map((study) => [study.studyUid as string, study]));
  const present = new Map(rows.map((row) => [row.studyUid as string, row.images.present]));
  for (const arrival of due) {
    if (arrival.kind !== 'images') continue;
    if (current.get(arrival.studyUid)?.role === 'prior') continue;
    if ((present.get(arrival.studyUid) ?? 0) < arrival.to) return false;
  }
  const reader = await signIn(url, 'reader', 'demo');
  const priors = due.filter((arrival) => arrival.kind === 'images' && current.get(arrival.studyUid)?.role === 'prior');
  try {
    const last = priors.at(-1);
    if (last?.kind !== 'images') return true;
    const withPrior = rows.find((row) => row.patient.id === current.get(last.studyUid)?.patient.id);
    if (withPrior === undefined) return true;
    const opened = await reader.call('openCase', {
      params: { taskId: withPrior.taskId },
      input: { mode: 'look', epoch: 1, lookReason: { kind: 'quality', words: '' } },
    });
    await reader.call('closeCase', { params: { taskId: withPrior.taskId }, input: { epoch: 1 } });
    return (
      opened.ok &&
      opened.value.priors.some(
        (prior) => prior.study.studyUid === last.studyUid && prior.study.instanceCount === last.to,
      )
    );
  } finally {
    await reader.call('signOut');
  }
}

/** How long before an answer of its host a new day can have been launched, in milliseconds. */
const searchBack = 5 * 60_000;

/**
 * The day that a running host plays. Its seed is 1 and its launch is a secret of its journal, but a study's UID is a digest of both:
 * the launch is found by trying the milliseconds before now. Null where none of the day's first studies is listed yet.
 */
function planOf(rows: readonly WorklistRow[], now: number = Date.now()): DemoDay | null {
  const known = new Set(rows.map((row) => row.studyUid as string | null).filter((uid) => uid !== null));
  for (let launch = now; launch > now - searchBack; launch -= 1) {
    for (const number of [1, 2, 3]) {
      if (!known.has(uidFrom(`1|${launch}|study|${number}`))) continue;
      return generateDemoDay({ now: instant(launch), seed: 1 });
    }
  }
  return null;
}
