import { afterEach, describe, expect, it } from 'vitest';
import type { FixtureFunctions } from './rpc.fixture.ts';
import { startThread, threadEntry } from './rpc.ts';

const started: { stop(): Promise<void> }[] = [];
function start() {
  const entry = threadEntry(new URL('./rpc.fixture.ts', import.meta.url), 'rpc-fixture');
  const thread = startThread<FixtureFunctions>(entry, { greeting: 'Good night' });
  started.push(thread);
  return thread;
}
afterEach(async () => {
  for (const thread of started.splice(0)) await thread.stop();
});

describe('a thread of the host', () => {
  it('answers what its functions answer, bytes included', async () => {
    const thread = start();
    expect(await thread.greet('Dr Tandewright')).toBe('Good night, Dr Tandewright');
    expect(await thread.bytes(3)).toEqual(new Uint8Array([7, 7, 7]));
  });

  it('gives each caller her own answer when a later one is ready first', async () => {
    const thread = start();
    expect(await Promise.all([thread.order(60), thread.order(1), thread.order(30)])).toEqual([1, 2, 3]);
  });

  it('passes a throw on to its caller and goes on serving', async () => {
    const thread = start();
    await expect(thread.fail()).rejects.toThrow(/the disk said no/);
    expect(await thread.greet('you')).toBe('Good night, you');
  });

  it('fails all who wait, and all who come later, once it has died or was stopped', async () => {
    const thread = start();
    const waiting = thread.hang();
    const dying = thread.die();
    await expect(waiting).rejects.toThrow(/the thread ended \(3\)/);
    await expect(dying).rejects.toThrow(/the thread ended/);
    await expect(thread.greet('you')).rejects.toThrow(/the thread ended/);
    const stopped = start();
    const asked = stopped.hang();
    const failing = expect(asked).rejects.toThrow(/the thread ended/);
    await stopped.stop();
    await failing;
  });

  it('ends only when what it was asked before has been answered, and takes nothing new meanwhile', async () => {
    const thread = start();
    const asked = thread.order(300);
    const stopping = thread.stop();
    await expect(thread.greet('you')).rejects.toThrow(/the thread was stopped/);
    expect(await asked).toBe(1);
    await stopping;
  });

  it('refuses what cannot be sent to a thread, and serves the next call', async () => {
    const thread = start();
    await expect(thread.greet((() => 'a function') as never)).rejects.toThrow(/could not be cloned/);
    expect(await thread.greet('you')).toBe('Good night, you');
  });

  it('fails its callers when its entry file cannot be loaded', async () => {
    const thread = startThread<FixtureFunctions>(new URL('./not-there.ts', import.meta.url), null);
    await expect(thread.greet('you')).rejects.toThrow();
  });
});
