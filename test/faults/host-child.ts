import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createLog, openLogFile } from '../../electron/host/log/index.ts';
import type { Settings } from '../../electron/host/settings/index.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';

/**
 * A host in a process of its own, told by the environment; it kills itself hard at the n-th durable step when asked to. It looks more
 * often than the product, and tells when it has looked.
 */
export type ChildQuestion = {
  readonly directory: string;
  readonly settings: Partial<Settings>;
  readonly killAt: number | null;
  /** Kills itself at the n-th step of this name instead. */
  readonly killAtStep?: { readonly name: string; readonly nth: number };
  /** Keeps the log under the data folder, as the shells do. */
  readonly logToFolder?: boolean;
};

const question = JSON.parse(process.env.OVERREAD_TEST_HOST ?? '{}') as ChildQuestion;
let steps = 0;
let named = 0;
let { killAtStep } = question;
process.on('message', (step) => {
  killAtStep = step as ChildQuestion['killAtStep'];
  named = 0;
  writeSync(1, 'armed\n');
});
const host = await startTestHost({
  directory: question.directory,
  settings: question.settings,
  ports: {
    ...(question.logToFolder === true ? { log: createLog(openLogFile({ directory: question.directory })) } : {}),
    pace: quickPace((work) => writeSync(1, `look ${work}\n`)),
    step: (name) => {
      steps += 1;
      writeSync(1, `step ${steps} ${name}\n`);
      if (name === killAtStep?.name) named += 1;
      const there = killAtStep !== undefined && named === killAtStep.nth;
      if (steps === question.killAt || there) process.kill(process.pid, 'SIGKILL');
    },
  },
});
// Node keeps what it compiled at its exit, and this one may be killed.
flushCompileCache();
writeSync(1, `ready ${host.url}\n`);
process.on('SIGTERM', () => {
  void host.stop({ keep: true }).then(() => process.exit(0));
});
