import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import type { DemoDayOptions } from './demo-day.ts';
import type { DemoThread } from './demo-thread.ts';
import type { DemoDay } from './types.ts';

/** The demo day, made in a thread of its own so that the host's thread stays free. */
export type DemoSource = {
  plan(): Promise<DemoDay>;
  /** Part 10 bytes of a study, or of its instances `from` (0-based) up to, not with, `to`: what an `images` arrival names. */
  instances(studyUid: StudyUid, range?: { readonly from?: number; readonly to?: number }): Promise<Uint8Array[]>;
  stop(): Promise<void>;
};

export function createDemoSource(options: DemoDayOptions): DemoSource {
  const thread = startThread<DemoThread>(
    threadEntry(new URL('./demo-thread.ts', import.meta.url), 'demo-thread'),
    options,
  );
  return {
    plan: () => thread.plan(),
    instances: (studyUid, range) => thread.instances(studyUid, range),
    stop: () => thread.stop(),
  };
}
