import { writeSync } from 'node:fs';
import type { Settings } from '../../electron/host/settings/index.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';

/** A host in a process of its own, told by the environment; it kills itself hard at the n-th durable step when asked to. */
export type ChildQuestion = {
  readonly directory: string;
  readonly settings: Partial<Settings>;
  readonly killAt: number | null;
};

const question = JSON.parse(process.env.OVERREAD_TEST_HOST ?? '{}') as ChildQuestion;
let steps = 0;
const host = await startTestHost({
  directory: question.directory,
  settings: question.settings,
  ports: {
    step: (name) => {
      steps += 1;
      writeSync(1, `step ${steps} ${name}\n`);
      if (steps === question.killAt) process.kill(process.pid, 'SIGKILL');
    },
  },
});
writeSync(1, `ready ${host.url}\n`);
process.on('SIGTERM', () => {
  void host.stop({ keep: true }).then(() => process.exit(0));
});
