import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { emptyDesk, type ReadingTask, type TaskId } from '../../../shared/domain/reading/index.ts';
import { taskFromFhir, taskToFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { RecordClient } from '../record/types.ts';
import { createClaims } from './claims.ts';
import { moveTogether } from './move-together.ts';

const now = instant(1_000_000);
const ann = 'reader-ann' as ReaderId;
const bob = 'reader-bob' as ReaderId;

function held(place: number, by: ReaderId): ReadingTask {
  return {
    id: `rt-${place}` as TaskId,
    state: 'reading',
    orderId: null,
    archive: null,
    studyUid: null,
    requestedReport: 'final',
    claim: { reader: by, readerName: by, fencingToken: 4, leaseUntil: instant(now + 60_000) },
    lastFencingToken: 4,
    released: null,
    authoredOn: instant(1_000),
    desk: emptyDesk,
  };
}

/** A record of tasks that honours `If-Match`; `onPut` may refuse, or change something before it is written. */
function recordOf(tasks: readonly ReadingTask[], onPut: (id: string, count: number) => boolean = () => true) {
  const names = { patientReference: null, accession: null };
  const kept = new Map(tasks.map((task) => [task.id as string, { resource: taskToFhir(task, names), version: 1 }]));
  let puts = 0;
  const record = {
    recordNow: () => now,
    read: async (_type: string, id: string) => {
      const one = kept.get(id);
      return one === undefined
        ? err({ code: 'not-found', message: 'none' })
        : ok({ resource: one.resource, version: String(one.version), lastUpdated: null });
    },
    put: async (resource: Task & { id: string }, { ifMatch }: { ifMatch?: string } = {}) => {
      const one = kept.get(resource.id);
      if (one === undefined || String(one.version) !== ifMatch)
        return err({ code: 'version-conflict', message: 'race' });
      puts += 1;
      if (!onPut(resource.id, puts)) return err({ code: 'refused', message: 'The record refused it.' });
      const written = { resource, version: one.version + 1 };
      kept.set(resource.id, written);
      return ok({ resource, version: String(written.version), lastUpdated: null });
    },
  } as unknown as RecordClient;
  const taskOf = (place: number): ReadingTask => {
    const read = taskFromFhir(kept.get(`rt-${place}`)?.resource);
    if (!read.ok) throw new Error('no task');
    return read.value.task;
  };
  return { claims: createClaims(record, () => undefined), taskOf };
}

const passOf = (place: number) => ({
  taskId: `rt-${place}` as TaskId,
  name: `exam ${place}`,
  move: { kind: 'pass', reader: ann, fencingToken: 4, reason: 'wrong-subspecialty' } as const,
});
/** What a reader sees of a task: not its token, which a claim that was taken back has anew. */
const seen = ({ state, claim, desk }: ReadingTask) => ({ state, reader: claim?.reader ?? null, desk });

describe('exams of one combined claim', () => {
  it('move all or none, whichever of them the record refuses', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.option(fc.nat(5), { nil: null }), async (count, fails) => {
        const places = Array.from({ length: count }, (_one, place) => place);
        const tasks = places.map((place) => held(place, ann));
        const refuses = fails === null || fails >= count ? null : `rt-${fails}`;
        const { claims, taskOf } = recordOf(tasks, (id, puts) => !(id === refuses && puts <= count));
        const tokens = new Map<string, number>();
        const done = await moveTogether(claims, places.map(passOf), (id, token) => tokens.set(id, token));
        expect(done.ok).toBe(refuses === null);
        for (const place of places) {
          const task = taskOf(place);
          if (refuses === null) expect(seen(task)).toMatchObject({ state: 'queued', reader: null });
          else {
            expect(seen(task)).toEqual(seen(tasks[place] as ReadingTask));
            expect(task.claim?.fencingToken).toBe(tokens.get(task.id) ?? 4);
            expect(tokens.has(task.id)).toBe(place < (fails ?? 0));
          }
        }
        if (!done.ok && count > 1) expect(done.error.message).toMatch(/Nothing was moved\.$/);
      }),
    );
  });

  it('that a colleague took in between are hers, and it is said which could not be taken back', async () => {
    const tasks = [held(0, ann), held(1, bob)];
    const { claims, taskOf } = recordOf(tasks);
    const racing: typeof claims = {
      ...claims,
      change: async (taskId, step) => {
        // Bob claims the first one as soon as it is free, before the second is asked.
        if (taskId === 'rt-1')
          await claims.move('rt-0' as TaskId, { kind: 'claim', reader: bob, readerName: 'Dr bob' });
        return claims.change(taskId, step);
      },
    };
    const done = await moveTogether(racing, [passOf(0), passOf(1)], () => undefined);
    expect(done.ok ? null : done.error.message).toMatch(
      /^exam 1: .* exam 0 went already and could not be taken back\.$/,
    );
    expect(seen(taskOf(0))).toMatchObject({ reader: bob });
  });
});
