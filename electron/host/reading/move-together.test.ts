import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import {
  emptyDesk,
  moveOfShare,
  otherHostsWait,
  type PendingMove,
  type ReadingTask,
  stepTask,
  type TaskId,
} from '../../../shared/domain/reading/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { taskFromFhir, taskToFhir } from '../../../shared/interop/fhir/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { RecordClient } from '../record/types.ts';
import type { CaseFacts } from './case-book.ts';
import { createClaims } from './claims.ts';
import { createExamMoves } from './exam-moves.ts';
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

const idOf = (place: number) => `rt-${place}` as TaskId;
const passOf = (count: number): PendingMove => ({
  by: ann,
  byName: 'Dr ann',
  host: 'host-1',
  since: now,
  how: { kind: 'pass', reason: 'wrong-subspecialty', words: '' },
  shares: Array.from({ length: count }, (_one, place) => ({ taskId: idOf(place), fencingToken: 4 })),
});
const nameOf = (id: string): string => `exam ${id.slice(3)}`;
/** What a reader sees of a task: not its token, which a claim that was taken back has anew. */
const seen = ({ state, claim, desk }: ReadingTask) => ({ state, reader: claim?.reader ?? null, desk });

describe('exams of one combined claim', () => {
  it('move all or none, whichever write of them the record refuses', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.option(fc.nat(6), { nil: null }), async (count, fails) => {
        const places = Array.from({ length: count }, (_one, place) => place);
        const tasks = places.map((place) => held(place, ann));
        // Of several, the note of the move is written before the first of them.
        const first = count === 1 ? 1 : 2;
        const writes = count + first - 1;
        const refused = fails === null || fails >= writes ? null : fails + 1;
        const { claims, taskOf } = recordOf(tasks, (_id, puts) => puts !== refused);
        const tokens = new Map<string, number>();
        const done = await moveTogether(claims, passOf(count), { nameOf, onTakenBack: (id, to) => tokens.set(id, to) });
        expect(done.ok).toBe(refused === null);
        for (const place of places) {
          const task = taskOf(place);
          if (refused === null) expect(seen(task)).toMatchObject({ state: 'queued', reader: null });
          else {
            expect(task.moving).toBeUndefined();
            expect(seen(task)).toEqual(seen(tasks[place] as ReadingTask));
            expect(task.claim?.fencingToken).toBe(tokens.get(task.id) ?? 4);
            expect(tokens.has(task.id)).toBe(place < refused - first);
          }
        }
        if (!done.ok && count > 1) expect(done.error.message).toMatch(/Nothing was moved\.$/);
      }),
    );
  });

  it('are all moved and each told once when the host dies between any two writes, and starts again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.nat(8), fc.boolean(), async (count, dies, sameHost) => {
        const tasks = Array.from({ length: count }, (_one, place) => held(place, ann));
        let dead = false;
        const { claims, taskOf } = recordOf(tasks, (_id, puts) => {
          if (puts === dies + 1) dead = true;
          if (dead) throw new Error('killed');
          return true;
        });
        const told = new Map<string, ReadingEvent>();
        const host = (hostId: string, at: Instant) => {
          const moves = createExamMoves({
            book: {
              facts: (id) => ({ task: taskOf(Number(id.slice(3))), order: null, seen: null }) as unknown as CaseFacts,
              follow: () => () => ({
                tasks: new Set(tasks.map((one) => one.id)),
                orders: new Set(),
                studies: new Set(),
              }),
            },
            claims,
            events: {
              write: async (written) => {
                if (dead) throw new Error('killed');
                for (const event of written) told.set(event.id, event);
                return true;
              },
            },
            recordNow: () => at,
            linked: {
              partners: () => tasks.slice(0, -1).map((task) => ({ facts: { task } as unknown as CaseFacts, token: 4 })),
              forget: () => undefined,
              retaken: () => undefined,
            },
            hostId,
          });
          return moves;
        };
        const reader = { id: ann, name: 'Dr ann' } as Reader;
        const pass = { kind: 'pass', reason: 'wrong-subspecialty', words: '' } as const;
        await host('host-1', now)
          .make(reader, idOf(count - 1), 4, pass)
          .catch(() => null);
        dead = false;
        const noted = tasks.some((task) => taskOf(Number(task.id.slice(3))).moving !== undefined);
        // Another host leaves it to this one's next start for a while.
        if (!sameHost) {
          const before = tasks.map((_task, place) => taskOf(place));
          await host('host-2', now).round();
          expect(tasks.map((_task, place) => taskOf(place))).toEqual(before);
        }
        await host(sameHost ? 'host-1' : 'host-2', sameHost ? now : instant(now + otherHostsWait)).round();
        const moved = tasks.map((_task, place) => seen(taskOf(place)).reader === null);
        expect(new Set(moved).size).toBe(1);
        expect(moved[0]).toBe(noted || dies > 0);
        expect([...told.values()].map((event) => [event.type, event.subject.taskId]).sort()).toEqual(
          moved[0] === true ? tasks.map((task) => ['task.released', task.id]) : [],
        );
        for (const place of tasks.keys()) expect(taskOf(place).moving).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('of which one report is given to be signed are given all or none, whenever the host dies, and after her claim ran out too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 5 }),
        fc.nat(8),
        fc.constantFrom('nothing', 'lapsed', 'taken') as fc.Arbitrary<'nothing' | 'lapsed' | 'taken'>,
        async (count, dies, since) => {
          const tasks = Array.from({ length: count }, (_one, place) => held(place, ann));
          let dead = false;
          const { claims, taskOf } = recordOf(tasks, (_id, puts) => {
            if (puts === dies + 1) dead = true;
            if (dead) throw new Error('killed');
            return true;
          });
          const later = since === 'nothing' ? now : instant(now + 120_000);
          let clock = now;
          const told: ReadingEvent[] = [];
          const host = () =>
            createExamMoves({
              book: {
                facts: (id) => ({ task: taskOf(Number(id.slice(3))), order: null, seen: null }) as unknown as CaseFacts,
                follow: () => () => ({
                  tasks: new Set(tasks.map((one) => one.id)),
                  orders: new Set(),
                  studies: new Set(),
                }),
              },
              claims: {
                change: (taskId, step) => claims.change(taskId, (task) => step(task, clock)),
              },
              events: { write: async (written) => told.push(...written) > -1 },
              recordNow: () => clock,
              linked: { partners: () => [], forget: () => undefined, retaken: () => undefined },
              hostId: 'host-1',
            });
          const shares = tasks.map((task, place) => ({
            taskId: task.id,
            fencingToken: 4,
            digest: String(place).padStart(64, 'a'),
          }));
          await host()
            .makeGiven({ id: ann, name: 'Dr ann' } as Reader, shares, { kind: 'giveToSign', press: 'p', words: '' })
            .catch(() => null);
          dead = false;
          clock = later;
          const [pressed] = [...tasks].reverse();
          const free = pressed !== undefined && taskOf(count - 1).desk.pending === undefined;
          // A colleague takes the exam that was pressed, whose claim has run out: then nothing is given of any.
          if (since === 'taken' && free)
            await claims.change(idOf(count - 1), (task) =>
              ok({
                ...task,
                lastFencingToken: 5,
                claim: { reader: bob, readerName: 'Dr bob', fencingToken: 5, leaseUntil: instant(later + 60_000) },
              }),
            );
          await host().round();
          const given = tasks.map((_task, place) => taskOf(place).desk.pending);
          expect(new Set(given.map((one) => one?.press)).size).toBe(1);
          expect(given.map((one) => one?.digest)).toEqual(
            shares.map((share) => (given[0] === undefined ? undefined : share.digest)),
          );
          if (given[0] !== undefined)
            expect(given.map((one) => one?.together)).toEqual(shares.map(() => shares.map((one) => one.taskId)));
          for (const place of tasks.keys()) expect(taskOf(place).moving).toBeUndefined();
          // By their ids: whoever tells it tells the same.
          const types = new Map(told.map((event) => [event.id, event.type]));
          if (given[0] !== undefined) expect([...types.values()]).toEqual(tasks.map(() => 'report.givenToSign'));
          else expect([...types.values()]).toEqual([...types].map(() => 'report.takenBack'));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are moved by one of two presses, all or none, when the same is pressed again beside the round that finishes the first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('giveToSign', 'takeBack') as fc.Arbitrary<'giveToSign' | 'takeBack'>,
        fc.nat(2),
        fc.scheduler(),
        async (kind, moved, scheduler) => {
          const digest = 'a'.repeat(64);
          const how = { kind, press: 'p', words: '' } as const;
          const { claims, taskOf } = recordOf([held(0, ann), held(1, ann)]);
          const shares = [0, 1].map((place) => ({ taskId: idOf(place), fencingToken: 4, digest }));
          const noteOf = (of: PendingMove['how']): PendingMove => ({ ...passOf(2), how: of, shares });
          const given = noteOf({ kind: 'giveToSign', press: 'p', words: '' });
          const move = (pending: PendingMove, share: (typeof shares)[number]) =>
            claims.change(share.taskId, (task, at) => stepTask(task, moveOfShare(pending, share), at));
          if (kind === 'takeBack') for (const share of shares) expect((await move(given, share)).ok).toBe(true);
          // As a host left it that died after so many of its writes.
          const left = noteOf(how);
          await claims.change(idOf(1), (task) => ok({ ...task, moving: left }));
          for (const share of shares.slice(0, moved)) expect((await move(left, share)).ok).toBe(true);
          const moves = createExamMoves({
            book: {
              facts: (id) => ({ task: taskOf(Number(id.slice(3))), order: null, seen: null }) as unknown as CaseFacts,
              follow: () => () => ({ tasks: new Set([idOf(0), idOf(1)]), orders: new Set(), studies: new Set() }),
            },
            claims: {
              change: (taskId, step) =>
                scheduler.schedule(Promise.resolve(taskId)).then(() => claims.change(taskId, step)),
            },
            events: { write: async () => true },
            recordNow: () => now,
            linked: { partners: () => [], forget: () => undefined, retaken: () => undefined },
            hostId: 'host-1',
          });
          const reader = { id: ann, name: 'Dr ann' } as Reader;
          const again = shares.map((share) => ({ ...share, digest: 'b'.repeat(64) }));
          await scheduler.waitFor(Promise.all([moves.round(), moves.makeGiven(reader, again, how)]));
          await scheduler.waitFor(moves.round());
          const presses = [0, 1].map((place) => taskOf(place).desk.pending?.press);
          expect(presses).toEqual(kind === 'giveToSign' ? ['p', 'p'] : [undefined, undefined]);
          expect(new Set([0, 1].map((place) => taskOf(place).desk.pending?.digest)).size).toBe(1);
          for (const place of [0, 1]) expect(taskOf(place).moving).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that she took again after the host died stay hers, and nothing more is moved', async () => {
    const { claims, taskOf } = recordOf([held(0, ann), held(1, ann)]);
    await claims.change(idOf(1), (task) => ok({ ...task, moving: passOf(2) }));
    await claims.move(idOf(0), { kind: 'pass', reader: ann, fencingToken: 4, reason: 'wrong-subspecialty' });
    await claims.move(idOf(0), { kind: 'claim', reader: ann, readerName: 'Dr ann' });
    const moves = createExamMoves({
      book: {
        facts: (id) => ({ task: taskOf(Number(id.slice(3))), order: null, seen: null }) as unknown as CaseFacts,
        follow: () => () => ({ tasks: new Set([idOf(1)]), orders: new Set(), studies: new Set() }),
      },
      claims,
      events: {
        write: async () => {
          throw new Error('nothing was moved');
        },
      },
      recordNow: () => now,
      linked: { partners: () => [], forget: () => undefined, retaken: () => undefined },
      hostId: 'host-1',
    });
    await moves.round();
    expect([seen(taskOf(0)).reader, seen(taskOf(1)).reader]).toEqual([ann, ann]);
    expect(taskOf(1).moving).toBeUndefined();
  });

  it('that a colleague took in between are hers, and it is said which could not be taken back', async () => {
    const tasks = [held(0, ann), held(1, ann)];
    const { claims, taskOf } = recordOf(tasks);
    let asked = 0;
    const racing: typeof claims = {
      ...claims,
      change: async (taskId, step) => {
        // Bob claims the first one as soon as it is free, before the second is moved; and the second's claim ends.
        if (taskId === 'rt-1') asked += 1;
        if (asked === 2 && taskId === 'rt-1') {
          await claims.move(idOf(0), { kind: 'claim', reader: bob, readerName: 'Dr bob' });
          await claims.change(idOf(1), (task) => ok({ ...task, claim: null, state: 'held' }));
        }
        return claims.change(taskId, step);
      },
    };
    const done = await moveTogether(racing, passOf(2), { nameOf, onTakenBack: () => undefined });
    expect(done.ok ? null : done.error.message).toMatch(
      /^exam 1: .* exam 0 went already and could not be taken back\.$/,
    );
    expect(seen(taskOf(0))).toMatchObject({ reader: bob });
  });
});
