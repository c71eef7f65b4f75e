import { describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { SoleDuty } from '../../../shared/domain/duty/index.ts';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, instant, minutes, after as timeAfter } from '../../../shared/lib/instant.ts';
import type { CaseFacts } from './case-book.ts';
import { createCodeWatch } from './code-watch.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const person = (id: string, role: Reader['role'] = 'radiologist', states: Reader['states'] = 'all'): Reader => ({
  ...{ id: id as ReaderId, userName: id, name: `Dr ${id}`, role, npi: null, states },
});
const ann = person('ann');
const bob = person('bob');
const lea = person('lea', 'lead');
const out = person('out', 'radiologist', ['CA']);

const stroke = {
  ...{ taskId: 'stroke' as TaskId, state: 'queued', codeStudy: 'stroke', link: 'order-and-images', reader: null },
  ...{ leaseUntil: null, site: { name: 'Larkspur', state: 'WA' }, modality: 'CT', procedure: 'Head' },
} as unknown as Omit<WorklistRow, 'mayRead'>;

/** Two hosts may stand over one record: each has a watch of its own, and they share the events. */
function aNight(rows: Map<string, Omit<WorklistRow, 'mayRead'>>) {
  let now: Instant = nine;
  const written = new Map<string, ReadingEvent>();
  const present = new Set<ReaderId>();
  const watch = (without: readonly SoleDuty[] = []) =>
    createCodeWatch({
      book: {
        facts: (id) =>
          rows.has(id)
            ? ({ task: { id, orderId: null, studyUid: null }, order: null, seen: null } as unknown as CaseFacts)
            : null,
        row: (facts) => rows.get(facts.task.id) as never,
        follow: () => () => ({ tasks: new Set(rows.keys()), orders: new Set(), studies: new Set() }),
      },
      events: {
        write: async (events) => {
          for (const event of events) if (!written.has(event.id)) written.set(event.id, event);
          return true;
        },
        of: (taskId) => [...written.values()].filter((event) => event.subject.taskId === taskId),
      },
      rights: {
        mayRead: ({ reader }) =>
          reader.states === 'all' ? { allowed: true } : { allowed: false, reason: 'No licence for WA', reasons: [] },
        shift: () => ({ kind: 'unsaid' }),
      } as Parameters<typeof createCodeWatch>[0]['rights'],
      duties: { holds: (duty) => !without.includes(duty) },
      accounts: { list: async () => [ann, bob, lea, out] },
      present: () => present,
      recordNow: () => now,
      escalateAfter: minutes(2),
    });
  return {
    watch,
    present,
    pass: (count: number) => {
      now = timeAfter(now, minutes(count));
    },
    types: () => [...written.values()].map((event) => event.type),
  };
}

describe('a code', () => {
  it('is told to one reader who is there, then to the next and the lead, and ends for all hosts with one acknowledgement', async () => {
    const night = aNight(new Map([['stroke', stroke]]));
    for (const one of [ann, bob, lea]) night.present.add(one.id);
    const [here, there] = [night.watch(), night.watch()];
    await here.round();
    await there.round();
    const told = async (watch = here) => {
      const found = await Promise.all(
        [ann, bob, lea, out].map(async (one) => ((await watch.alertsFor(one)).length > 0 ? one.id : null)),
      );
      return found.filter((id) => id !== null);
    };
    expect(await told()).toEqual(['ann']);
    expect(await told(there)).toEqual(['ann']);
    night.pass(2);
    await here.round();
    await there.round();
    expect(await told()).toEqual(['ann', 'bob', 'lea']);
    expect(night.types()).toEqual(['code.raised', 'code.escalated']);
    expect(await there.acknowledge(bob, 'stroke' as TaskId)).toBe(true);
    expect([await told(), await told(there)]).toEqual([[], []]);
    night.pass(10);
    await here.round();
    expect(night.types()).toEqual(['code.raised', 'code.escalated', 'code.acknowledged']);
  });

  it('is never told only to somebody who is away: who may not read it is told why, to find one who may', async () => {
    const night = aNight(new Map([['stroke', stroke]]));
    night.present.add(out.id);
    const watch = night.watch();
    await watch.round();
    expect((await watch.alertsFor(out))[0]?.refusal).toContain('No licence for WA');
    expect(await watch.alertsFor(ann)).toHaveLength(1);
  });

  it('says nothing about a patient, and ends when somebody has claimed the study', async () => {
    const rows = new Map([['stroke', stroke]]);
    const night = aNight(rows);
    night.present.add(ann.id);
    const watch = night.watch();
    await watch.round();
    const alerts = await watch.alertsFor(ann);
    expect(Object.keys(alerts[0] ?? {}).sort()).toEqual([
      'condition',
      'exam',
      'level',
      'raisedAt',
      'refusal',
      'site',
      'taskId',
    ]);
    rows.set('stroke', {
      ...stroke,
      state: 'claimed',
      reader: { id: bob.id, name: 'Dr bob' },
      leaseUntil: timeAfter(nine, minutes(5)),
    });
    expect(await watch.alertsFor(ann)).toEqual([]);
    night.pass(5);
    expect(await watch.alertsFor(ann)).toHaveLength(1);
  });

  it('is raised and escalated by the host that has the duty alone; another that takes it over makes up for what was missed', async () => {
    const night = aNight(new Map([['stroke', stroke]]));
    for (const one of [ann, bob, lea]) night.present.add(one.id);
    const idle = night.watch(['page', 'escalate']);
    const busy = night.watch();
    const toldBy = async (watch: typeof idle) =>
      (await Promise.all([ann, bob, lea].map(async (one) => [one.id, (await watch.alertsFor(one)).length] as const)))
        .filter(([, count]) => count > 0)
        .map(([id]) => id);
    await idle.round();
    expect(night.types()).toEqual([]);
    await busy.round();
    expect(night.types()).toEqual(['code.raised']);
    night.pass(2);
    await idle.round();
    expect(night.types()).toEqual(['code.raised']);
    expect(await toldBy(idle)).toEqual(['ann']);
    // The one with the duty is dead: after one more span the code grows all the same, on every screen.
    night.pass(2);
    await idle.round();
    expect(night.types()).toEqual(['code.raised']);
    expect(await toldBy(idle)).toEqual(['ann', 'bob', 'lea']);
    await night.watch().round();
    expect(night.types()).toEqual(['code.raised', 'code.escalated', 'code.escalated']);
  });
});
