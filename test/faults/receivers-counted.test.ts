import { describe, expect, it } from 'vitest';
import { runDelivery } from '../bench/delivery/run.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';

/** The same run as `npm run bench:delivery`, three hundred reports long. */
const seed = Number(process.env.SEED ?? '7');

describe.skipIf(orthancMissing !== null)(
  'reports through dropped requests and answers, duplicates, 5xx, resets and kills',
  () => {
    it(`are each at their receivers once, the newest version last, of the right patient and physician (seed ${seed})`, async () => {
      const { lost, doubled, reordered, notCurrent, preliminaryAfterFinal, wrongPeople, extra, ...ran } =
        await runDelivery({ reports: 300, seed, kills: 4 });
      expect({ lost, doubled, reordered, notCurrent, preliminaryAfterFinal, wrongPeople, extra }).toEqual({
        lost: 0,
        doubled: 0,
        reordered: 0,
        notCurrent: 0,
        preliminaryAfterFinal: 0,
        wrongPeople: 0,
        extra: 0,
      });
      // Nothing was tried where nothing went wrong.
      expect(ran.kills).toBe(4);
      for (const [kind, times] of Object.entries(ran.faults)) expect(times, kind).toBeGreaterThan(20);
    }, 600_000);
  },
);
