import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DemoDay,
  type DemoInstance,
  type DemoSeries,
  type DemoStudy,
  generateDemoDay,
} from '../../electron/host/demo/index.ts';
import { uidFrom } from '../../electron/host/demo/random.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { signIn } from '../servers/overread-host/start-host.ts';
import { type Shell, startShell } from './overread.ts';

/** A shell over a demo day of which everything due at launch has come. `plan` is the day as the generator means it. */
export type DayShell = Shell & { readonly plan: DemoDay };

/** Playwright empties its output folder at each run, so a day is never older than its run; while tests are written another folder saves the wait. */
const kept = process.env.OVERREAD_E2E_DAY ?? fileURLToPath(new URL('../../test-results/demo-day', import.meta.url));
const launchFile = 'launch-of-the-day.txt';

/**
 * Drawing the day takes longer than most tests of it. It is made once a run; each file gets a copy of the folder, and a shell of its own
 * that goes on with that day, as after any restart.
 */
export async function startDay(options: Parameters<typeof startShell>[0] = {}): Promise<DayShell> {
  if (!existsSync(kept)) await makeDay();
  const directory = await mkdtemp(join(tmpdir(), 'overread-day-'));
  await cp(kept, directory, { recursive: true });
  const shell = await startShell({ ...options, directory });
  const plan = generateDemoDay({ now: instant(Number(await readFile(join(directory, launchFile), 'utf8'))), seed: 1 });
  // A restarted host reads its record and asks its archive first.
  const until = Date.now() + 60_000;
  while ((await rowsOf(shell)).filter((row) => row.images.present > 0).length < 24) {
    if (Date.now() > until) throw new Error('the day did not come back after the restart');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return {
    ...shell,
    plan,
    stop: async () => {
      await shell.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function rowsOf(shell: Pick<Shell, 'url'>, userName = 'reader'): Promise<readonly WorklistRow[]> {
  const reader = await signIn(shell.url, userName, 'demo');
  const list = await reader.call('worklist', { input: {} });
  await reader.call('signOut');
  if (!list.ok) throw new Error(`the list was refused: ${list.error.message}`);
  return list.value.rows;
}

async function makeDay(): Promise<void> {
  const making = `${kept}-${process.pid}`;
  await mkdir(making, { recursive: true });
  const shell = await startShell({ directory: making });
  try {
    const until = Date.now() + 170_000;
    for (;;) {
      const rows = await rowsOf(shell);
      // The launch is found by the day's first studies, which need not be the first to be listed. The priors come last of all that is
      // there at launch: with them the whole day stands.
      const plan = rows.some((row) => row.studyUid !== null) ? planOf(rows) : null;
      if (plan !== null && (await standing(shell, plan, rows))) {
        await writeFile(join(making, launchFile), String(plan.now));
        break;
      }
      if (Date.now() > until) throw new Error(`the demo day did not come: ${rows.length} rows`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  } finally {
    await shell.stop();
  }
  await rename(making, kept);
}

/** Whether all images that are due at launch are in the archive, priors included. */
async function standing(shell: Shell, plan: DemoDay, rows: readonly WorklistRow[]): Promise<boolean> {
  const due = plan.arrivals.filter((arrival) => arrival.kind === 'images' && arrival.after === 0);
  const current = new Map(plan.studies.map((study) => [study.studyUid as string, study]));
  const present = new Map(rows.map((row) => [row.studyUid as string, row.images.present]));
  for (const arrival of due) {
    if (arrival.kind !== 'images') continue;
    if (current.get(arrival.studyUid)?.role === 'prior') continue;
    if ((present.get(arrival.studyUid) ?? 0) < arrival.to) return false;
  }
  const reader = await signIn(shell.url, 'reader', 'demo');
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
 * The day that a running shell plays. Its seed is 1 and its launch is a secret of its journal, but a study's UID is a digest of both:
 * the launch is found by trying the milliseconds before now. Null where none of the day's first studies is listed yet.
 */
export function planOf(rows: readonly WorklistRow[], now: number = Date.now()): DemoDay | null {
  const known = new Set(rows.map((row) => row.studyUid as string | null).filter((uid) => uid !== null));
  for (let launch = now; launch > now - searchBack; launch -= 1) {
    for (const number of [1, 2, 3]) {
      if (!known.has(uidFrom(`1|${launch}|study|${number}`))) continue;
      return generateDemoDay({ now: instant(launch), seed: 1 });
    }
  }
  return null;
}

export type Planned = { readonly study: DemoStudy; readonly series: DemoSeries; readonly instance: DemoInstance };

/** What the generator means by an instance, by its UID. */
export function plannedInstances(plans: readonly DemoDay[]): ReadonlyMap<string, Planned> {
  const all = new Map<string, Planned>();
  for (const plan of plans)
    for (const study of plan.studies)
      for (const series of study.series)
        for (const instance of series.instances) all.set(instance.instanceUid, { study, series, instance });
  return all;
}
