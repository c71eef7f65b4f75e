import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createWindowDesk, type DeskPage } from './window-desk.ts';

/** Storage of a browser; one for each test. */
function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const held = new Map<string, string>();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value) };
}
beforeEach(() => {
  vi.stubGlobal('localStorage', memory());
});

const screens = [
  { availLeft: 0, availTop: 0, availWidth: 1_920, availHeight: 1_040, devicePixelRatio: 1 },
  { availLeft: 1_920, availTop: 0, availWidth: 2_048, availHeight: 2_560, devicePixelRatio: 1 },
];

/** A desktop with two screens, of which the page is told as far as it may. */
function desktop(answers: {
  readonly standing: PermissionState;
  readonly onAsk?: 'granted' | 'denied';
  most?: number;
}) {
  const opened: { address: string; features: string; moved: unknown[] }[] = [];
  let asked = 0;
  const details = Object.assign(new EventTarget(), { screens });
  const page = {
    screenX: 0,
    screenY: 0,
    outerWidth: 1_920,
    outerHeight: 1_040,
    devicePixelRatio: 1,
    screen: { availWidth: 1_920, availHeight: 1_040, availLeft: 0, availTop: 0, isExtended: true },
    navigator: { permissions: { query: async () => ({ state: answers.standing }) } },
    getScreenDetails: async () => {
      asked += 1;
      if (answers.standing !== 'granted' && answers.onAsk !== 'granted') throw new Error('NotAllowedError');
      return details;
    },
    open: (address: string, _name: string, features: string) => {
      if (opened.length >= (answers.most ?? 9)) return null;
      const one = { address, features, moved: [] as unknown[] };
      opened.push(one);
      return {
        closed: false,
        moveTo: (...place: unknown[]) => one.moved.push(place),
        resizeTo: (...size: unknown[]) => one.moved.push(size),
      };
    },
  } as unknown as DeskPage;
  let ids = 0;
  return { desk: () => createWindowDesk(page, () => `w${++ids}`), page, opened, asked: () => asked };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('opening image windows', () => {
  test('the first press asks where the screens are, opens at once, and moves the window to the screen that has none', async () => {
    const { desk, opened, asked } = desktop({ standing: 'prompt', onAsk: 'granted' });
    const made = desk();
    await settled();
    expect(asked()).toBe(0);
    made.open([]);
    expect(opened[0]).toMatchObject({ address: '/window/w1', features: 'popup' });
    await settled();
    expect(opened[0]?.moved).toEqual([
      [1_920, 0],
      [2_048, 2_560],
    ]);
    made.open([{ id: 'w1', page: null }]);
    expect(asked()).toBe(1);
  });

  test('where the reader said no, she is told what to do, and is not asked again', async () => {
    const { desk, opened, asked } = desktop({ standing: 'prompt', onAsk: 'denied' });
    const made = desk();
    made.open([]);
    await settled();
    expect(opened.length).toBe(1);
    expect(made.state.getState().words?.title).toBe('The browser does not say where your screens are.');
    made.open([{ id: 'w1', page: null }]);
    expect(asked()).toBe(1);
  });

  test('a blocked pop-up is said, with what to do', async () => {
    const { desk } = desktop({ standing: 'granted', most: 0 });
    const made = desk();
    await settled();
    made.open([]);
    expect(made.state.getState().words).toMatchObject({ tone: 'ask', title: 'The browser blocked the window.' });
  });

  test('after a restart the windows of these screens go back to their places, one a press where the browser lets only one', async () => {
    const before = desktop({ standing: 'granted' });
    const first = before.desk();
    await settled();
    first.note('w1', { left: 1_920, top: 0, width: 1_024, height: 2_560 });
    first.note('w2', { left: 2_944, top: 0, width: 1_024, height: 2_560 });
    first.setImagesElsewhere(true);
    const after = desktop({ standing: 'granted', most: 1 });
    const second = after.desk();
    await settled();
    expect(second.state.getState().layout.imagesElsewhere).toBe(true);
    second.restore([]);
    expect(after.opened.map((one) => [one.address, one.features])).toEqual([
      ['/window/w1', 'popup,left=1920,top=0,width=1024,height=2560'],
    ]);
    expect(second.state.getState().words?.title).toBe('1 of 2 image windows opened.');
    // Where the screens are not told it is another desk: nothing of the first is put to places that may not be there.
    const unknown = desktop({ standing: 'denied' }).desk();
    await settled();
    unknown.restore([]);
    expect(unknown.state.getState().words?.title).toBe('No image window is missing.');
  });
});
