import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import type { FoundMark } from '../../electron/host/demo/index.ts';

/** What a viewport says and what its canvas holds, taken in one step of the page: nothing can come between. */
export type Reading = {
  readonly painted: boolean;
  readonly studyUid: string | null;
  readonly instanceUid: string | null;
  /** 1-based. */
  readonly slice: number;
  readonly slices: number;
  readonly mark: FoundMark | null;
  readonly canvas: {
    readonly width: number;
    readonly height: number;
    readonly left: number;
    readonly top: number;
    readonly shownWidth: number;
  };
};

declare global {
  interface Window {
    readPixels?: (group: Element) => Reading;
    readings?: Reading[];
    stopReadings?: () => void;
  }
}

const source = readFileSync(new URL('../../electron/host/demo/mark.ts', import.meta.url), 'utf8');
const reader = `(() => {
${stripTypeScriptTypes(source).replace(/^export /gm, '')}
window.readPixels = (group) => {
  const canvas = group.querySelector('canvas');
  const box = canvas.getBoundingClientRect();
  const { data } = canvas.width * canvas.height === 0 ? { data: [] } : canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const { painted, studyUid = null, instanceUid = null, slice, slices } = group.dataset;
  return {
    painted: painted === 'true', studyUid, instanceUid, slice: Number(slice ?? 0), slices: Number(slices ?? 0),
    mark: data.length === 0 ? null : readMark(data, canvas.width, canvas.height),
    canvas: { width: canvas.width, height: canvas.height, left: box.left, top: box.top, shownWidth: box.width },
  };
};
})();`;

/** Gives every page of the context the reader of marks, past the page's policy as a debugger goes, and before any script of it. */
export async function readPixelsIn(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: reader });
}

export const viewport = (page: Page, number = 1): Locator =>
  page.getByRole('region', { name: 'Images' }).getByRole('group', { name: `Viewport ${number}`, exact: true });

export function readViewport(group: Locator): Promise<Reading> {
  return group.evaluate((element) => {
    if (window.readPixels === undefined) throw new Error('the reader of marks is not in this page');
    return window.readPixels(element);
  });
}

/** Waits until the viewport is painted with what `wanted` asks, and reads it. */
export async function paintedReading(
  group: Locator,
  wanted: (now: { readonly slice: number; readonly studyUid: string | null }) => boolean,
  patience = 30_000,
): Promise<Reading> {
  const until = Date.now() + patience;
  for (;;) {
    const said = await group.evaluate(async (element) => {
      // A slice that is decoded already comes with the next frame, and until then the one before is what is painted.
      await new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
        setTimeout(resolve, 250);
      });
      return { ...(element as HTMLElement).dataset };
    });
    if (said.painted === 'true' && wanted({ slice: Number(said.slice), studyUid: said.studyUid ?? null }))
      return readViewport(group);
    if (Date.now() > until) throw new Error(`not painted in ${patience} ms: ${JSON.stringify(said)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/**
 * From now on every viewport that says it is painted is read: each time that it says so anew, and again and again while it does.
 * Readings gather in the page until `takeReadings`.
 */
export async function watchPixels(page: Page, every = 120): Promise<void> {
  await page.evaluate((pause) => {
    window.readings = [];
    const read = (group: Element): void => {
      if ((group as HTMLElement).dataset.painted !== 'true' || window.readPixels === undefined) return;
      window.readings?.push(window.readPixels(group));
    };
    const observer = new MutationObserver((changes) => {
      for (const group of new Set(changes.map((change) => change.target as Element))) read(group);
    });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-painted'] });
    const timer = setInterval(() => {
      for (const group of document.querySelectorAll('[role=group][data-painted=true]')) read(group);
    }, pause);
    window.stopReadings = () => {
      observer.disconnect();
      clearInterval(timer);
    };
  }, every);
}

export async function takeReadings(page: Page): Promise<readonly Reading[]> {
  return page.evaluate(() => {
    const taken = window.readings ?? [];
    window.readings = [];
    return taken;
  });
}

/** The mark that a person before this screen would see, overlays and covers included; null where none can be read. */
export async function markOnScreen(page: Page): Promise<FoundMark | null> {
  const picture = (await page.screenshot()).toString('base64');
  const darkroom = await page.context().newPage();
  try {
    await darkroom.goto('about:blank');
    return await darkroom.evaluate(async (encoded) => {
      const image = new Image();
      image.src = `data:image/png;base64,${encoded}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      const group = document.createElement('div');
      group.append(canvas);
      return window.readPixels?.(group).mark ?? null;
    }, picture);
  } finally {
    await darkroom.close();
  }
}
