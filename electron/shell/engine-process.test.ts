import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { expect, it } from 'vitest';
import { engineInUtilityProcess } from './engine-process.ts';

class FakeUtilityProcess extends EventEmitter {
  readonly posted: unknown[] = [];
  isKilled = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    this.isKilled = true;
    return true;
  }
}

it('the desktop runs the speech engine in a utility process: its file, its messages, its end', () => {
  const child = new FakeUtilityProcess();
  const forked: { file: string; options: Electron.ForkOptions | undefined }[] = [];
  const engine = engineInUtilityProcess(
    {
      fork: (file, _parameters, options) => {
        forked.push({ file, options });
        return child as unknown as Electron.UtilityProcess;
      },
    },
    new URL('file:///app/threads/dictation-engine.js'),
  );
  expect(forked).toMatchObject([{ file: '/app/threads/dictation-engine.js', options: { stdio: 'ignore' } }]);
  const heard: unknown[] = [];
  let ends = 0;
  engine.onMessage((message) => heard.push(message));
  engine.onEnd(() => {
    ends += 1;
  });
  engine.send({ type: 'finish' });
  child.emit('message', { type: 'finished' });
  engine.kill();
  child.emit('exit', 0);
  expect(child.posted).toEqual([{ type: 'finish' }]);
  expect(heard).toEqual([{ type: 'finished' }]);
  expect([child.isKilled, ends]).toEqual([true, 1]);
});
