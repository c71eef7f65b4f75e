import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CaseDetail, FromImageWindow, FromReadingWindow } from '../../../shared/api/index.ts';
import { type ImageMeasurement, noMarks } from '../../../shared/domain/measurement/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import { createCaseStore, createEpochs } from '../../case/index.ts';
import { createWindowsHub } from './windows-hub.ts';

const origin = 'https://overread.example';
const prior = '1.2.9';
/** As much of a case as the hub looks at; what the wire's schema asks is not its concern. */
const detailOf = (taskId: TaskId, epoch: number): CaseDetail =>
  ({
    context: { taskId, epoch },
    row: { taskId },
    draft: { words: 'secret' },
    priors: [{ study: { studyUid: prior } }],
  }) as unknown as CaseDetail;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function reading() {
  const page = new EventTarget();
  const run = vi.fn((command: string) => `did ${command}`);
  const activity = vi.fn();
  const caseStore = createCaseStore({
    epochs: createEpochs({ storage: { getItem: () => null, setItem: () => undefined }, now: () => 1 }),
    ports: { openCase: async (taskId, _mode, epoch) => ok(detailOf(taskId, epoch)), closeCase: () => undefined },
  });
  let token: string | null = 't'.repeat(24);
  const hub = createWindowsHub({
    page: page as unknown as Window,
    origin,
    caseStore,
    rows: { get: () => undefined, subscribe: () => () => undefined },
    session: { token: () => token, windowId: 'main-1' },
    reader: 'Dr M. Tandewright',
    noteActivity: activity,
    onPlace: () => undefined,
    now: () => performance.now(),
    newId: () => crypto.randomUUID(),
  });
  hub.setRun(run);
  stops.push(() => hub.stop());
  const connect = (from = origin, data: unknown = { overread: 'image-window', window: 'w1' }) => {
    const { port1, port2 } = new MessageChannel();
    const heard: FromReadingWindow[] = [];
    port1.onmessage = (event) => heard.push(event.data as FromReadingWindow);
    stops.push(() => port1.close());
    page.dispatchEvent(Object.assign(new Event('message'), { origin: from, data, ports: [port2], source: null }));
    const send = (message: unknown): void => port1.postMessage(message);
    const ask = (change: Partial<Extract<FromImageWindow, { type: 'ask' }>> = {}): void =>
      send({
        type: 'ask',
        question: 1,
        load: 'load-1',
        detail: 0,
        marks: 0,
        epoch: null,
        steps: [],
        compared: [],
        active: false,
        place: { left: 0, top: 0, width: 800, height: 600 },
        ...change,
      });
    return { heard, send, ask };
  };
  const tellings = (heard: readonly FromReadingWindow[]) =>
    heard.flatMap((one) => (one.type === 'telling' ? [one] : []));
  return { caseStore, hub, run, activity, connect, tellings, signOut: () => (token = null) };
}
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const made: ImageMeasurement = {
  id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  number: 1,
  kind: 'probe',
  place: { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: null },
  points: [[1, 1]],
  label: '',
  trackingUid: '2.25.1',
  spacing: { source: 'patient', row: 1, column: 1 },
  quantities: [],
};
const step = (number: number) => ({ step: number, change: { measurements: [made], keyImages: [], gone: [] } });

describe('the reading window and its image windows', () => {
  test('lends its session to a window of its own origin alone, and to none when nobody is signed in', async () => {
    const { connect, signOut } = await reading();
    const stranger = connect('https://evil.example');
    const other = connect(origin, { overread: 'image-window', window: '../x' });
    const own = connect();
    await until(() => expect(own.heard[0]).toMatchObject({ type: 'welcome', window: 'main-1' }));
    signOut();
    const late = connect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...stranger.heard, ...other.heard, ...late.heard]).toEqual([]);
  });

  test('answers with the case that it has, without the words of the draft; locked it names nothing', async () => {
    const { caseStore, hub, connect, tellings } = await reading();
    const { heard, ask } = connect();
    ask();
    await until(() => expect(tellings(heard).at(-1)).toMatchObject({ answers: 1, says: { kind: 'no-case' } }));
    await caseStore.open('task-a' as TaskId, 'read');
    ask({ question: 2 });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(2));
    const told = tellings(heard).at(-1)?.says;
    expect(told).toMatchObject({ kind: 'case', context: { taskId: 'task-a' }, detail: { whole: { draft: null } } });
    // What changed unasked is told at once, and carries no patient.
    const unasked = tellings(heard).filter((one) => one.answers === null);
    expect(unasked.length).toBeGreaterThan(0);
    for (const { says } of unasked) if (says.kind === 'case') expect([says.detail, says.marks]).toEqual([null, null]);
    hub.setAround({ locked: true, silent: null, asOf: null });
    await until(() =>
      expect(tellings(heard).at(-1)).toMatchObject({
        answers: null,
        says: { kind: 'locked', epoch: caseStore.marks.state.getState().epoch },
      }),
    );
  });

  test('takes marks of its present case alone, each step once and in order', async () => {
    const { caseStore, connect, tellings } = await reading();
    await caseStore.open('task-a' as TaskId, 'read');
    const epoch = caseStore.marks.state.getState().epoch ?? 0;
    const { heard, ask } = connect();
    ask({ question: 1, epoch: epoch + 1, steps: [step(1)] });
    ask({ question: 2, epoch, steps: [step(2)] });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(2));
    expect(caseStore.marks.state.getState().marks).toEqual(noMarks);
    ask({ question: 3, epoch, steps: [step(1)] });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(3));
    expect(caseStore.marks.state.getState()).toMatchObject({
      from: 'window',
      marks: { measurements: [{ id: made.id }] },
    });
    const before = caseStore.marks.state.getState().marks;
    ask({ question: 4, epoch, steps: [step(1)] });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(4));
    expect(caseStore.marks.state.getState().marks).toBe(before);
    expect(tellings(heard).at(-1)?.says).toMatchObject({ kind: 'case', marks: { taken: 1 } });
  });

  test('what is seen in image windows counts for the case on screen alone, together with what was kept, and each hears of it', async () => {
    const { caseStore, connect } = await reading();
    await caseStore.open('task-a' as TaskId, 'read');
    const epoch = caseStore.coverage.state.getState().epoch ?? 0;
    const seenBy = (...shown: readonly (readonly [number, number])[]) => ({
      '1.2.3': {
        ...{ studyUid: '1.2', seriesUid: '1.2.3', frames: ['a#1', 'b#1', 'c#1', 'd#1'], shown, full: [] },
        ...{ windows: [], planes: false, areas: {} },
      },
    });
    const studies = [
      { studyUid: '1.2', series: [{ studyUid: '1.2', seriesUid: '1.2.3', name: 'Axial' }], breasts: [], whole: true },
    ];
    const shown = () => caseStore.coverage.state.getState().coverage['1.2.3']?.shown ?? [];
    const told = (heard: readonly FromReadingWindow[]) => heard.flatMap((one) => (one.type === 'seen' ? [one] : []));
    caseStore.coverage.put(epoch, 'kept', seenBy([3, 4]));
    const left = connect(origin, { overread: 'image-window', window: 'left' });
    const right = connect(origin, { overread: 'image-window', window: 'right' });
    // What was kept before a reload is in an image window from its first question about this case on, and not before.
    left.ask({ question: 1 });
    left.ask({ question: 2, epoch });
    await until(() => expect(told(left.heard)).toHaveLength(1));
    expect(told(left.heard)[0]).toMatchObject({ epoch, coverage: seenBy([3, 4]) });
    left.send({ type: 'seen', epoch: epoch + 1, coverage: seenBy([0, 4]), studies });
    left.send({ type: 'seen', epoch, coverage: { '1.2.3': { shown: 'all' } }, studies });
    left.send({ type: 'seen', epoch, coverage: seenBy([0, 1]), studies });
    await until(() => expect(caseStore.coverage.state.getState().studies).toEqual(studies));
    expect(shown()).toEqual([
      [0, 1],
      [3, 4],
    ]);
    right.send({ type: 'seen', epoch, coverage: seenBy([1, 2]), studies });
    await until(() =>
      expect(shown()).toEqual([
        [0, 2],
        [3, 4],
      ]),
    );
    right.ask({ question: 1, epoch });
    await until(() => expect(told(right.heard)).toHaveLength(1));
    expect(told(right.heard)[0]?.coverage['1.2.3']?.shown).toEqual([
      [0, 2],
      [3, 4],
    ]);
    // Another case begins: what was seen of the one before counts no more, and is told to nobody.
    await caseStore.open('task-b' as TaskId, 'read');
    left.send({ type: 'seen', epoch, coverage: seenBy([2, 3]), studies });
    right.ask({ question: 2, epoch });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shown()).toEqual([]);
    expect(told(right.heard)).toHaveLength(1);
  });

  test('a prior counts as compared once, and only one of this case', async () => {
    const { caseStore, connect, tellings } = await reading();
    await caseStore.open('task-a' as TaskId, 'read');
    const epoch = caseStore.marks.state.getState().epoch ?? 0;
    const compared: string[] = [];
    caseStore.onEvent((event) => event.type === 'comparison-opened' && compared.push(event.studyUid));
    const { heard, ask } = connect();
    ask({ question: 1, epoch, compared: [prior, '1.2.8'] });
    ask({ question: 2, epoch, compared: [prior] });
    ask({ question: 3, epoch: epoch + 1, compared: [prior] });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(3));
    expect(compared).toEqual([prior]);
  });

  test('runs the few commands that belong to it, none while locked, and hears nothing of another form', async () => {
    const { hub, run, activity, connect, tellings } = await reading();
    const { heard, send, ask } = connect();
    send({ type: 'run', command: 'app.sign-out' });
    send({ type: 'run', command: 'report.sign-final', more: 1 });
    send({ type: 'welcome', token: 'x' });
    send('run');
    ask({ question: 5, active: true });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(5));
    expect(run.mock.calls).toEqual([['report.sign-final']]);
    expect(activity).toHaveBeenCalledTimes(2);
    expect(heard).toContainEqual(expect.objectContaining({ type: 'words', words: 'did report.sign-final' }));
    hub.setAround({ locked: true, silent: null, asOf: null });
    send({ type: 'run', command: 'report.sign-final' });
    ask({ question: 6, active: true });
    await until(() => expect(tellings(heard).at(-1)?.answers).toBe(6));
    expect(run).toHaveBeenCalledTimes(1);
    expect(activity).toHaveBeenCalledTimes(2);
  });
});
