import { readdirSync, readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A Chromium with a process tree of its own, so that its memory and processor time can be told. */
export type MeasuredBrowser = {
  readonly browser: Browser;
  /** A page of a fresh profile, after `prepare` has had its context. */
  open(prepare?: (context: BrowserContext) => Promise<void>): Promise<Page>;
  /** Seconds of processor time of all its processes so far. */
  cpuSeconds(): number;
  /** Proportional set size of all its processes, in megabytes. */
  memory(): number;
  close(): Promise<void>;
};

export const screen = { width: 1280, height: 800 };
/** Ticks of processor time a second, as Linux tells them to programs. */
const ticks = 100;

export async function launchMeasured(): Promise<MeasuredBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env.OVERREAD_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
  const { pid: root, transport } = insideOf(browser);
  keepNoAnswers(transport);
  /** What ended still counts. */
  const spent = new Map<number, number>();
  return {
    browser,
    open: async (prepare) => {
      const context = await browser.newContext({ viewport: screen });
      context.setDefaultTimeout(120_000);
      await prepare?.(context);
      return context.newPage();
    },
    cpuSeconds: () => {
      for (const pid of treeOf(root)) spent.set(pid, cpuOf(pid) ?? spent.get(pid) ?? 0);
      return [...spent.values()].reduce((sum, one) => sum + one, 0);
    },
    memory: () => treeOf(root).reduce((sum, pid) => sum + pssOf(pid), 0),
    close: async () => {
      await browser.close();
    },
  };
}

type Message = { readonly method: string; readonly params?: object };
type Transport = { send(message: Message): void };

/** The process that Playwright (of the pinned version) started, and what it says to it. */
function insideOf(browser: Browser): { readonly pid: number; readonly transport: Transport } {
  const connection = Reflect.get(browser, '_connection') as { toImpl(of: Browser): unknown };
  const inside = connection.toImpl(browser) as {
    readonly options?: { readonly browserProcess?: { readonly process?: { readonly pid?: number } } };
    readonly _connection?: { readonly _transport?: Transport };
  };
  const pid = inside.options?.browserProcess?.process?.pid;
  const transport = inside._connection?._transport;
  if (pid === undefined || transport === undefined) throw new Error('the browser has no process');
  return { pid, transport };
}

/**
 * Playwright turns on the recording of answers, up to 200 MB of bodies in each page's process, that is for a developer's network
 * panel. No reader's browser has that: it is left on, for Playwright needs its events, with no room for a body.
 */
function keepNoAnswers(transport: Transport): void {
  const send = transport.send.bind(transport);
  transport.send = (message) =>
    send(
      message.method === 'Network.enable'
        ? { ...message, params: { ...message.params, maxTotalBufferSize: 0, maxResourceBufferSize: 0 } }
        : message,
    );
}

/** Asks a page and its workers to forget what nobody holds, as far as a debugger may. */
export async function collectGarbage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.add(sessionId);
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  for (let id = 1; id <= 2; id += 1) {
    await session.send('HeapProfiler.collectGarbage');
    const message = JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' });
    for (const sessionId of workers) await session.send('Target.sendMessageToTarget', { sessionId, message });
  }
  await page.waitForTimeout(1_500);
  await session.detach();
  if (workers.size !== page.workers().length)
    throw new Error(`${workers.size} of ${page.workers().length} workers were asked to collect their garbage`);
}

/** Listeners of events that the page holds, and its workers. */
export async function heldBy(page: Page): Promise<{ readonly listeners: number; readonly workers: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const listeners = metrics.find((one) => one.name === 'JSEventListeners')?.value;
  if (listeners === undefined) throw new Error('the browser tells no listeners');
  return { listeners, workers: page.workers().length };
}

function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    found.push(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return found;
}

/** Fields of /proc/PID/stat from the state on (proc(5)): its second is the parent, its 12th and 13th the ticks of user and system. */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function cpuOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) / ticks;
}

function pssOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
