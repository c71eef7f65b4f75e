import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type DesktopScreen,
  freeScreen,
  layoutOf,
  mostWindows,
  type Place,
  screensKey,
  type WindowLayout,
  windowFeatures,
  withLayout,
  withPlace,
} from '../../../shared/domain/display/index.ts';
import { keepLayouts, readKeptLayouts } from './kept-layouts.ts';
import type { OpenWindow } from './windows-hub.ts';

/** As much of the Window Management API (W3C) as is used. */
type ScreenDetailed = {
  readonly availLeft: number;
  readonly availTop: number;
  readonly availWidth: number;
  readonly availHeight: number;
  readonly devicePixelRatio: number;
};
type ScreenDetails = EventTarget & { readonly screens: readonly ScreenDetailed[] };

export type DeskPage = Pick<
  Window,
  'open' | 'screenX' | 'screenY' | 'outerWidth' | 'outerHeight' | 'devicePixelRatio'
> & {
  readonly screen: Pick<Screen, 'availWidth' | 'availHeight'> & {
    readonly availLeft?: number;
    readonly availTop?: number;
    readonly isExtended?: boolean;
  };
  readonly getScreenDetails?: () => Promise<ScreenDetails>;
  readonly navigator: { readonly permissions?: Pick<Permissions, 'query'> };
};

/** `ask`: the reader has to do something. */
export type DeskWords = { readonly tone: 'tell' | 'ask'; readonly title: string; readonly words: string };

export type WindowDeskState = {
  readonly layout: WindowLayout;
  readonly words: DeskWords | null;
};

export type WindowDesk = {
  readonly state: StoreApi<WindowDeskState>;
  /** One more image window; to be called in the very event of a key or click, or the browser takes it for a pop-up. */
  open(opened: readonly OpenWindow[]): void;
  /** All windows of this set of screens that are not open, each where it lay. */
  restore(opened: readonly OpenWindow[]): void;
  /** Where a window lies now. */
  note(id: string, place: Place): void;
  setImagesElsewhere(elsewhere: boolean): void;
  forget(): void;
  clearWords(): void;
  stop(): void;
};

const blocked: DeskWords = {
  tone: 'ask',
  title: 'The browser blocked the window.',
  words: 'Allow pop-ups for this address (the sign in the address bar), then press the key again.',
};
const noScreens: DeskWords = {
  tone: 'tell',
  title: 'The browser does not say where your screens are.',
  words: 'Drag the image window to its screen and make it large; its place is kept.',
};

/** Opens image windows and remembers, for each set of screens, where they lay. */
export function createWindowDesk(page: DeskPage, newId: () => string): WindowDesk {
  let book = readKeptLayouts();
  let details: ScreenDetails | null = null;
  /** Asked once in the life of this window; the browser keeps the answer itself. */
  let isAsked = false;
  let stopped = false;

  const screensNow = (): readonly DesktopScreen[] => {
    if (details !== null)
      return details.screens.map((one) => ({
        left: one.availLeft,
        top: one.availTop,
        width: one.availWidth,
        height: one.availHeight,
        devicePixelRatio: one.devicePixelRatio,
      }));
    const { screen } = page;
    const { availLeft: left = 0, availTop: top = 0, availWidth: width, availHeight: height } = screen;
    return [{ left, top, width, height, devicePixelRatio: page.devicePixelRatio }];
  };
  /** Without the screens themselves: one set where there is one, another where there are more. */
  const keyNow = (): string =>
    details === null ? (page.screen.isExtended === true ? 'several' : 'one') : screensKey(screensNow());
  const state = createStore<WindowDeskState>(() => ({ layout: layoutOf(book, keyNow()), words: null }));
  const change = (next: WindowLayout): void => {
    if (next === state.getState().layout) return;
    book = withLayout(book, next);
    keepLayouts(book);
    state.setState({ layout: next });
  };
  const say = (words: DeskWords | null): void => state.setState({ words });
  const again = (): void => {
    const key = keyNow();
    if (key !== state.getState().layout.screens) state.setState({ layout: layoutOf(book, key) });
  };
  const take = (found: ScreenDetails): void => {
    if (stopped) return;
    details = found;
    found.addEventListener('screenschange', again);
    again();
  };

  const standing = async (): Promise<PermissionState | null> => {
    try {
      // Not yet among the names that TypeScript knows.
      const asked = await page.navigator.permissions?.query({ name: 'window-management' as PermissionName });
      return asked?.state ?? null;
    } catch {
      return null;
    }
  };
  void standing().then(async (allowed) => {
    if (allowed === 'granted') await page.getScreenDetails?.().then(take, () => undefined);
  });

  /** Puts a window that is open already to the screen that was not known when it was opened. */
  const moveTo = (opened: WindowProxy, place: Place): void => {
    try {
      opened.moveTo(place.left, place.top);
      opened.resizeTo(place.width, place.height);
    } catch {
      // It stays where the browser put it; the reader moves it.
    }
  };
  const places = (opened: readonly OpenWindow[]): readonly Place[] => {
    const { layout } = state.getState();
    const own = { left: page.screenX, top: page.screenY, width: page.outerWidth, height: page.outerHeight };
    return [own, ...opened.flatMap(({ id }) => layout.windows.find((one) => one.id === id)?.place ?? [])];
  };
  const openAt = (id: string, place: Place | null): WindowProxy | null =>
    page.open(`/window/${id}`, `overread-${id}`, windowFeatures(place));
  const missing = (opened: readonly OpenWindow[]) => {
    const here = new Set(opened.map((one) => one.id));
    return state.getState().layout.windows.filter((one) => !here.has(one.id));
  };

  return {
    state,
    open: (opened) => {
      say(null);
      const { layout } = state.getState();
      if (opened.length >= mostWindows) {
        say({ tone: 'tell', title: `${mostWindows} image windows are open.`, words: 'More are not opened.' });
        return;
      }
      const [known] = missing(opened);
      const free = details === null ? null : freeScreen(screensNow(), places(opened));
      // Asking comes before opening: the browser takes one key press for one of them, and asking does not use it up.
      const asked = details === null && !isAsked ? (page.getScreenDetails?.() ?? null) : null;
      isAsked = true;
      const id = known?.id ?? newId();
      const made = openAt(id, known?.place ?? free);
      if (made === null) {
        say(blocked);
        asked?.then(take, () => undefined);
        return;
      }
      if (asked === null) {
        if (details === null && page.screen.isExtended === true && known === undefined && layout.windows.length === 0)
          say(noScreens);
        return;
      }
      asked.then(
        (found) => {
          take(found);
          const place = layoutOf(book, keyNow()).windows.find((one) => one.id === id)?.place;
          const target = place ?? freeScreen(screensNow(), places(opened));
          if (target !== null && !made.closed) moveTo(made, target);
        },
        () => {
          if (page.screen.isExtended === true) say(noScreens);
        },
      );
    },
    restore: (opened) => {
      say(null);
      const wanted = missing(opened);
      if (wanted.length === 0) {
        say({
          tone: 'tell',
          title: 'No image window is missing.',
          words:
            state.getState().layout.windows.length === 0
              ? 'None was kept for these screens yet: open one and put it where it belongs.'
              : 'All that are kept for these screens are open.',
        });
        return;
      }
      const made = wanted.filter(({ id, place }) => openAt(id, place) !== null).length;
      if (made === 0) say(blocked);
      else if (made < wanted.length)
        say({
          tone: 'ask',
          title: `${made} of ${wanted.length} image windows opened.`,
          words:
            'The browser opens one for each press of a key until pop-ups are allowed for this address. Press it again.',
        });
    },
    note: (id, place) => change(withPlace(state.getState().layout, id, place)),
    setImagesElsewhere: (imagesElsewhere) => change({ ...state.getState().layout, imagesElsewhere }),
    forget: () => {
      change({ ...state.getState().layout, windows: [], imagesElsewhere: false });
      say({ tone: 'tell', title: 'The places of image windows on these screens are forgotten.', words: '' });
    },
    clearWords: () => say(null),
    stop: () => {
      stopped = true;
      details?.removeEventListener('screenschange', again);
    },
  };
}
