import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import type { FoundMark } from '../../../electron/host/demo/mark.ts';

/** What a page says that it has painted in its first viewport; null while it says that of nothing. */
export type Named = { readonly studyUid: string | null; readonly instanceUid: string | null };
export type Sight = {
  /** Milliseconds since the start that was armed. */
  readonly at: number;
  readonly mark: FoundMark | null;
  readonly named: Named | null;
  /** Cases of other marks that were on the screen after the start. */
  readonly others: readonly number[];
};
export type Swept = {
  /** Milliseconds for all slices after the first. */
  readonly time: number;
  readonly slices: number;
  /** Turns of the wheel that showed nothing and were made again. */
  readonly repeated: number;
  /** Slices that came and were not the next one, or had another case's mark. */
  readonly wrong: readonly string[];
};

export type Probe = {
  /** The next key or click is the start. */
  arm(kind: 'keydown' | 'click'): void;
  /** The loading of this page is the start. */
  armAtLoad(): void;
  /** The first frame with a picture of that case (by its mark) or that study (by what the page says). */
  first(wanted: { readonly mark: number } | { readonly studyUid: string }): Promise<Sight>;
  /** Milliseconds since the start when all these instances were decoded and kept in the page. */
  ready(instances: readonly string[]): Promise<number>;
  /** A notch of the wheel as soon as the slice before stands in a frame, until all were seen. */
  sweep(slices: number, mark: number): Promise<Swept>;
  read(): { readonly mark: FoundMark | null; readonly named: Named | null };
};

/** What each page is asked differently. */
export type PageHooks = {
  /** Where the canvas of its first viewport is. */
  readonly canvas: string;
  /** In the page: `() => Named | null`. */
  readonly named: string;
  /** In the page: a function that gives when each instance was decoded, by its UID, and forgets at `forget`. */
  readonly decoded: string;
  /** Units of a made event that turn the wheel towards the reader by one notch. */
  readonly notch: number;
};

declare global {
  interface Window {
    viewerProbe: Probe;
    readMark: (pixels: ArrayLike<number>, width: number, height: number) => FoundMark | null;
  }
}

type Decoded = { readonly times: () => ReadonlyMap<string, number>; readonly forget: () => void };

/** Runs in the page, before any script of it. */
function installProbe(selector: string, named: () => Named | null, decoded: Decoded, turn: number): void {
  const patience = 120_000;
  const paper = (width: number, height: number): CanvasRenderingContext2D => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    return context;
  };
  let start = 0;
  let armed: ((event: Event) => void) | null = null;
  const canvasOf = (): HTMLCanvasElement | null => {
    const all = [...document.querySelectorAll<HTMLCanvasElement>(selector)];
    const [first] = all.filter((one) => one.width > 60 && one.height > 60 && one.getClientRects().length > 0);
    return first ?? null;
  };
  const pixelsOf = (canvas: HTMLCanvasElement, left: number, top: number, width: number, height: number): ImageData => {
    const context = paper(width, height);
    context.drawImage(canvas, left, top, width, height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  };
  const whole = (canvas: HTMLCanvasElement): FoundMark | null => {
    const { data, width, height } = pixelsOf(canvas, 0, 0, canvas.width, canvas.height);
    return window.readMark(data, width, height);
  };
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const channel = new MessageChannel();
  /** Once a frame is whole: what a page draws in it may be asked for after the probe's own callback. */
  const frameIsOver = async (): Promise<number> => {
    const at = await frame();
    await new Promise<void>((resolve) => {
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(null);
    });
    return at;
  };

  window.viewerProbe = {
    arm(kind) {
      if (armed !== null) removeEventListener('keydown', armed, true);
      if (armed !== null) removeEventListener('click', armed, true);
      decoded.forget();
      start = Number.NaN;
      armed = (event) => {
        start = event.timeStamp;
      };
      addEventListener(kind, armed, { capture: true, once: true });
    },
    armAtLoad() {
      start = 0;
    },
    async first(wanted) {
      const small = paper(48, 48);
      const others = new Set<number>();
      let last = '';
      let frames = 0;
      const until = performance.now() + patience;
      while (performance.now() < until) {
        await frame();
        if (Number.isNaN(start)) continue;
        frames += 1;
        // Reading a canvas back costs as much as drawing it: until the page names an image it is looked at now and then, for a wrong one.
        if (named() === null && frames % 15 !== 0) continue;
        const canvas = canvasOf();
        if (canvas === null) continue;
        small.clearRect(0, 0, 48, 48);
        small.drawImage(canvas, 0, 0, 48, 48);
        const { data } = small.getImageData(0, 0, 48, 48);
        let brightest = 0;
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) {
          brightest = Math.max(brightest, data[at] ?? 0);
          sum = (sum * 31 + (data[at] ?? 0)) >>> 0;
        }
        if (brightest < 40) continue;
        const at = performance.now() - start;
        if ('studyUid' in wanted) {
          const says = named();
          if (says?.studyUid === wanted.studyUid) return { at, mark: whole(canvas), named: says, others: [...others] };
          continue;
        }
        const print = `${canvas.width} ${canvas.height} ${sum}`;
        if (print === last) continue;
        last = print;
        const mark = whole(canvas);
        if (mark?.case === wanted.mark) {
          // Not part of the time: what the page says may come a moment after what it shows.
          while (named() === null && performance.now() < until) await frame();
          return { at, mark, named: named(), others: [...others] };
        }
        if (mark !== null) others.add(mark.case);
      }
      throw new Error(
        others.size > 0
          ? `wanted is ${JSON.stringify(wanted)}, but case ${[...others].join(', ')} stood on the screen`
          : `no picture of ${JSON.stringify(wanted)} came`,
      );
    },
    async ready(instances) {
      const until = performance.now() + patience;
      while (performance.now() < until) {
        const times = decoded.times();
        if (instances.every((one) => times.has(one)))
          return Math.max(...instances.map((one) => times.get(one) ?? Number.NaN)) - start;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const times = decoded.times();
      const missing = instances.filter((one) => !times.has(one));
      throw new Error(`${missing.length} of ${instances.length} images were never decoded`);
    },
    async sweep(slices, wanted) {
      const canvas = canvasOf();
      const found = canvas === null ? null : whole(canvas);
      if (canvas === null || found === null) throw new Error('no mark to begin at');
      // Viewers stack from either end.
      const [by, end] = found.slice === 1 ? [1, slices] : [-1, 1];
      if (found.slice !== 1 && found.slice !== slices) throw new Error(`no end of the stack: slice ${found.slice}`);
      const size = Math.ceil(found.cell * 14);
      const left = Math.max(0, Math.floor(found.left - found.cell * 2));
      const top = Math.max(0, Math.floor(found.top - found.cell * 2));
      const part = paper(size, size);
      const markNow = (): FoundMark | null => {
        part.drawImage(canvas, left, top, size, size, 0, 0, size, size);
        return window.readMark(part.getImageData(0, 0, size, size).data, size, size);
      };
      const box = canvas.getBoundingClientRect();
      const notch = (): void => {
        const place = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
        canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: turn, bubbles: true, cancelable: true, ...place }));
      };
      const wrong: string[] = [];
      let repeated = 0;
      const begun = performance.now();
      let now = found.slice;
      while (now !== end) {
        notch();
        let turned = performance.now();
        const until = turned + patience;
        for (;;) {
          const at = await frameIsOver();
          const mark = markNow();
          if (mark !== null && mark.slice !== now) {
            if (mark.case !== wanted || mark.slice !== now + by)
              wrong.push(`case ${mark.case}, slice ${mark.slice} after ${now}`);
            now = mark.slice;
            break;
          }
          if (at > until) throw new Error(`slice ${now} stays: ${JSON.stringify(mark)}`);
          if (at - turned > 5_000) {
            repeated += 1;
            turned = at;
            notch();
          }
        }
      }
      return { time: performance.now() - begun, slices, repeated, wrong };
    },
    read: () => {
      const canvas = canvasOf();
      return { mark: canvas === null ? null : whole(canvas), named: named() };
    },
  };
}

const markSource = readFileSync(new URL('../../../electron/host/demo/mark.ts', import.meta.url), 'utf8');

/** Gives every page of the context the probe, past its policy as a debugger goes. */
export async function installIn(context: BrowserContext, hooks: PageHooks): Promise<void> {
  const marks = stripTypeScriptTypes(markSource).replace(/^export /gm, '');
  const content = `(() => {
${marks}
window.readMark = readMark;
(${installProbe.toString()})(${JSON.stringify(hooks.canvas)}, ${hooks.named}, ${hooks.decoded}, ${hooks.notch});
})();`;
  await context.addInitScript({ content });
}

/** Begins to wait in the page before the start comes, so that nothing of the waiting is part of the time. */
export function firstIn(page: Page, wanted: Parameters<Probe['first']>[0]): Promise<Sight> {
  return page.evaluate((asked) => window.viewerProbe.first(asked), wanted);
}

export function readyIn(page: Page, instances: readonly string[]): Promise<number> {
  return page.evaluate((asked) => window.viewerProbe.ready(asked), instances);
}

/** A page that shows another case's image, or says another than it shows, ends the bench. */
export function mustBe(
  what: string,
  sight: Pick<Sight, 'mark' | 'named'>,
  wanted: { readonly mark: number | null; readonly studyUid: string; readonly instances: readonly string[] },
): void {
  const { mark, named } = sight;
  const said = `${what}: shown is ${mark === null ? 'no mark' : `case ${mark.case}, series ${mark.series}, slice ${mark.slice}`}, said is ${JSON.stringify(named)}`;
  if (wanted.mark !== null && mark?.case !== wanted.mark) throw new Error(`${said}; wanted is case ${wanted.mark}`);
  if (named === null || named.studyUid !== wanted.studyUid) throw new Error(`${said}; wanted is ${wanted.studyUid}`);
  if (named.instanceUid === null || !wanted.instances.includes(named.instanceUid))
    throw new Error(`${said}: no image of the wanted series`);
  if (mark !== null && !named.instanceUid.endsWith(`.1.${mark.slice}`))
    throw new Error(`${said}: another slice than it says`);
}
