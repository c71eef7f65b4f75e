import { beforeEach, describe, expect, it } from 'vitest';
import { windowOfDevice } from '../../../shared/domain/devices/index.ts';
import type { LiveSession } from '../identity/types.ts';
import { createDesktopDoor, type DesktopDoor } from './desktop-door.ts';

const desktop = windowOfDevice('0123456789abcdef0123456789abcdef', 'nonce');
const ann = (window = desktop, role = 'radiologist') =>
  ({ token: 'ann', window, reader: { id: 'ann', role } }) as unknown as LiveSession;
type Task = { state: string; claim: { reader: string; leaseUntil: number } | null };

describe('the door for desktops that fetch images ahead', () => {
  let door: DesktopDoor;
  let tell: (token: string) => void;
  const tasks = new Map<string, Task>();
  const forbidden = new Set<string>();
  beforeEach(() => {
    tasks.clear();
    forbidden.clear();
    for (const taskId of ['t1', 't2']) tasks.set(taskId, { state: 'queued', claim: null });
    door = createDesktopDoor({
      archive: { name: 'far' },
      wanted: async () => [
        { taskId: 't1', studyUid: '1', role: 'current', place: 0, patient: 'P1' },
        { taskId: 't1', studyUid: '9', role: 'prior', place: 0, patient: 'P1' },
        { taskId: 't2', studyUid: '2', role: 'current', place: 1, patient: 'P2' },
      ],
      lists: {
        of: async () => [
          { seriesUid: '1.1', modality: 'CT', instances: 3, set: false },
          { seriesUid: '1.2', modality: 'CT', instances: 3, set: true },
        ],
        known: (studyUid) => (studyUid === '9' ? null : []),
      },
      book: { facts: (taskId) => (tasks.has(taskId) ? ({ task: tasks.get(taskId) } as never) : null) },
      rights: {
        judge: () => (taskId) => (forbidden.has(taskId) ? ({ allowed: false } as never) : { allowed: true }),
        shift: () => ({ kind: 'on' }) as never,
      },
      sessions: {
        onChange: (listener) => {
          tell = (token) => listener(token, 'locked');
          return () => undefined;
        },
      },
      recordNow: () => 1_000 as never,
    });
  });
  const code = async (session: LiveSession, taskId: string, studyUid: string, seriesUid: string | null = null) => {
    const judged = await door.judge(session, { taskId, studyUid, seriesUid });
    return judged.ok ? judged.value.patient : judged.error.code;
  };

  it('opens for a study that she is likely to get, and for its priors, and names the patient for the access log', async () => {
    expect(await code(ann(), 't1', '1', '1.1')).toBe('P1');
    expect(await code(ann(), 't1', '9')).toBe('P1');
  });

  it('stays shut for a browser’s page, for another role, for another study and for one under another task', async () => {
    expect(await code(ann('main'), 't1', '1')).toBe('forbidden');
    expect(await code(ann(desktop, 'qa'), 't1', '1')).toBe('forbidden');
    expect(await code(ann(), 't1', '7')).toBe('forbidden');
    expect(await code(ann(), 't2', '1')).toBe('forbidden');
  });

  it('shuts as soon as a study is read, is another’s, or is no more hers to read', async () => {
    tasks.set('t1', { state: 'completed', claim: null });
    expect(await code(ann(), 't1', '1')).toBe('forbidden');
    tasks.set('t1', { state: 'reading', claim: { reader: 'bob', leaseUntil: 2_000 } });
    expect(await code(ann(), 't1', '9')).toBe('forbidden');
    tasks.set('t1', { state: 'reading', claim: { reader: 'bob', leaseUntil: 999 } });
    expect(await code(ann(), 't1', '1')).toBe('P1');
    forbidden.add('t1');
    expect(await code(ann(), 't1', '1')).toBe('forbidden');
  });

  it('gives no series of which a rejection note names an image', async () => {
    expect(await code(ann(), 't1', '1', '1.2')).toBe('not-found');
  });

  it('lets few things run for one desktop at a time, and ends them when its session is locked', async () => {
    const aborters = [1, 2, 3].map(() => new AbortController());
    const forget = aborters.map((one) => door.hold('ann', one));
    expect(await code(ann(), 't1', '1')).toBe('not-known');
    forget[0]?.();
    expect(await code(ann(), 't1', '1')).toBe('P1');
    tell('ann');
    expect(aborters.map((one) => one.signal.aborted)).toEqual([false, true, true]);
  });

  it('tells what may be fetched with its series, and what of all that is held has to go', async () => {
    tasks.set('t2', { state: 'completed', claim: null });
    const held = [
      { taskId: 't1', studyUid: '9' },
      { taskId: 't2', studyUid: '2' },
      { taskId: 'gone', studyUid: '3' },
    ];
    const { studies, over, offShift } = await door.studies(ann(), held);
    expect(studies.map((one) => [one.archive, one.studyUid, one.series === null])).toEqual([
      ['far', '1', false],
      ['far', '9', true],
    ]);
    expect(over).toEqual(held.slice(1));
    expect(offShift).toBe(false);
  });
});
