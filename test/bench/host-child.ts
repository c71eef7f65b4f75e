import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Settings } from '../../electron/host/settings/index.ts';
import { countOutsideMemory } from '../../electron/launch/outside-memory.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';

/** A host in a process of its own that measures its own thread: told by messages, answers with milliseconds. */
export type BenchAsk = 'start' | 'read' | 'collect' | 'cpu' | 'stop';
export type BenchAnswer =
  | { readonly kind: 'ready'; readonly url: string }
  | {
      readonly kind: 'figures';
      readonly p50: number;
      readonly p99: number;
      readonly max: number;
      readonly utilization: number;
    }
  | { readonly kind: 'collected' }
  /** CPU seconds of the whole process since its start, and its resident megabytes. */
  | { readonly kind: 'cpu'; readonly seconds: number; readonly megabytes: number };

// As the shells do.
countOutsideMemory();

/** The timer that measures fires every millisecond; what it measures beyond that is delay. */
const resolution = 1;
const question = JSON.parse(process.env.OVERREAD_BENCH_HOST ?? '{}') as {
  directory: string;
  settings: Partial<Settings>;
};
const host = await startTestHost({ directory: question.directory, settings: question.settings });
const delay = monitorEventLoopDelay({ resolution });
let before = performance.eventLoopUtilization();
const answer = (message: BenchAnswer): void => {
  process.send?.(message);
};
const milliseconds = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 10_000) / 100 - resolution);

process.on('message', (ask: BenchAsk) => {
  if (ask === 'start') {
    delay.reset();
    delay.enable();
    before = performance.eventLoopUtilization();
  } else if (ask === 'read') {
    delay.disable();
    answer({
      kind: 'figures',
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      max: milliseconds(delay.max),
      utilization: Math.round(performance.eventLoopUtilization(before).utilization * 100) / 100,
    });
  } else if (ask === 'collect') {
    // What the start left behind is its cost and not that of the changes that are measured next.
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect === 'function') collect();
    answer({ kind: 'collected' });
  } else if (ask === 'cpu') {
    const { user, system } = process.cpuUsage();
    answer({ kind: 'cpu', seconds: (user + system) / 1e6, megabytes: process.memoryUsage().rss / 1e6 });
  } else void host.stop({ keep: true }).then(() => process.exit(0));
});
answer({ kind: 'ready', url: host.url });
