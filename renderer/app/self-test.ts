import type { CallInput } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';

export type SelfTestResult = CallInput<'selfTest'>['results'][number];

type Probe = { readonly name: string; run(): Promise<string> };

/** `(module)`: the smallest WebAssembly there is, magic and version alone. */
const emptyModule = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing in ${milliseconds / 1000} s`)), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function indexedDbWorks(): Promise<string> {
  return new Promise((resolve, reject) => {
    const name = `overread-self-test-${crypto.randomUUID()}`;
    const opening = indexedDB.open(name, 1);
    opening.onerror = () => reject(opening.error ?? new Error('refused'));
    opening.onupgradeneeded = () => opening.result.createObjectStore('probe');
    opening.onsuccess = () => {
      const database = opening.result;
      const writing = database.transaction('probe', 'readwrite', { durability: 'strict' });
      writing.objectStore('probe').put(1, 'one');
      writing.onerror = () => reject(writing.error ?? new Error('the write was refused'));
      writing.oncomplete = () => {
        database.close();
        indexedDB.deleteDatabase(name);
        resolve('written with strict durability');
      };
    };
  });
}

async function streamWorks(): Promise<string> {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new Uint8Array([1, 2]));
      controller.enqueue(new Uint8Array([3]));
      controller.close();
    },
  });
  let bytes = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  if (bytes !== 3) throw new Error(`${bytes} of 3 bytes came`);
  return 'read part by part';
}

function workerWorks(): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./self-test-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (event: MessageEvent) => {
      worker.terminate();
      event.data === 42 ? resolve('module worker answered') : reject(new Error('wrong answer'));
    };
    worker.onerror = () => {
      worker.terminate();
      reject(new Error('the worker did not start'));
    };
    worker.postMessage(41);
  });
}

/**
 * What the page needs of its shell, tried at start: shown in Help and told to the host's log, since neither Electron's scheme nor every
 * browser could be tried where this was written.
 */
export async function runSelfTest(host: HostClient): Promise<readonly SelfTestResult[]> {
  const probes: readonly Probe[] = [
    {
      name: 'isolation',
      run: async () =>
        globalThis.crossOriginIsolated
          ? 'cross-origin isolated'
          : 'not isolated; images are decoded without shared memory',
    },
    {
      name: 'secure context',
      run: async () => {
        if (!globalThis.isSecureContext) throw new Error('keys cannot be used: the address is not a secure one');
        return 'yes';
      },
    },
    { name: 'IndexedDB', run: indexedDbWorks },
    {
      name: 'WebAssembly streaming',
      run: async () => {
        const answer = new Response(emptyModule, { headers: { 'Content-Type': 'application/wasm' } });
        await WebAssembly.compileStreaming(answer);
        return 'compiled from a stream';
      },
    },
    { name: 'worker', run: workerWorks },
    { name: 'stream', run: streamWorks },
    {
      name: 'abort',
      run: async () => {
        const aborter = new AbortController();
        const asked = host.call('capabilities', { signal: aborter.signal });
        aborter.abort();
        const answered = await asked;
        if (answered.ok) throw new Error('a request went on after it was ended');
        return 'a request ends when it is told to';
      },
    },
  ];
  return Promise.all(
    probes.map(async (probe): Promise<SelfTestResult> => {
      try {
        return { name: probe.name, passed: true, detail: await within(5_000, probe.run()) };
      } catch (reason) {
        return {
          name: probe.name,
          passed: false,
          detail: reason instanceof Error ? reason.message.slice(0, 300) : 'failed',
        };
      }
    }),
  );
}
