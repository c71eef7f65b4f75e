import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DemoDay,
  type DemoInstance,
  type DemoSeries,
  type DemoStudy,
  generateDemoDay,
} from '../../electron/host/demo/index.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { onceIn } from '../once-a-run.ts';
import { rowsOf as rowsOfHost, untilDrawn } from '../servers/overread-host/drawn-day.ts';
import { type Shell, startShell } from './overread.ts';

/** A shell over a demo day of which everything due at launch has come. `plan` is the day as the generator means it. */
export type DayShell = Shell & { readonly plan: DemoDay };

/** Playwright empties its output folder at each run, so a day is never older than its run; while tests are written another folder saves the wait. */
const kept = process.env.OVERREAD_E2E_DAY ?? fileURLToPath(new URL('../../test-results/demo-day', import.meta.url));
const launchFile = 'launch-of-the-day.txt';

/**
 * Drawing the day takes longer than most tests of it. It is made once a run, by whichever worker needs it first; each file gets a copy of
 * the folder, and a shell of its own that goes on with that day, as after any restart.
 */
export async function startDay(options: Parameters<typeof startShell>[0] = {}): Promise<DayShell> {
  await onceIn(dirname(kept), basename(kept), makeDay);
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

export const rowsOf = (shell: Pick<Shell, 'url'>, userName?: string): Promise<readonly WorklistRow[]> =>
  rowsOfHost(shell.url, userName);

async function makeDay(folder: string): Promise<void> {
  const shell = await startShell({ directory: folder });
  try {
    await writeFile(join(folder, launchFile), String((await untilDrawn(shell.url)).now));
  } finally {
    await shell.stop();
  }
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
