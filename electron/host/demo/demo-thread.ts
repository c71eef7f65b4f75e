import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { serveThread } from '../threads/rpc.ts';
import { type DemoDayOptions, generateDemoDay } from './demo-day.ts';
import { demoInstances } from './demo-instances.ts';
import type { DemoDay } from './types.ts';

/** What the demo thread offers; see `createDemoSource`. */
export type DemoThread = {
  plan(): DemoDay;
  instances(studyUid: StudyUid, range?: { readonly from?: number; readonly to?: number }): Promise<Uint8Array[]>;
};

serveThread<DemoDayOptions>(
  (options) => {
    const day = generateDemoDay(options);
    const functions: DemoThread = {
      plan: () => day,
      async instances(studyUid, range) {
        const study = day.studies.find((one) => one.studyUid === studyUid);
        if (study === undefined) throw new Error('no such study in the demo day');
        const out: Uint8Array[] = [];
        // A copy of its own, so that its memory can be handed over instead of copied again.
        for await (const bytes of demoInstances(study, range)) out.push(Uint8Array.from(bytes));
        return out;
      },
    };
    return functions;
  },
  (value) =>
    Array.isArray(value)
      ? value.filter((item) => item instanceof Uint8Array).map((item) => item.buffer as ArrayBuffer)
      : [],
);
