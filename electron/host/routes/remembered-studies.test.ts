import { describe, expect, it } from 'vitest';
import type { Sessions } from '../identity/types.ts';
import { createRememberedStudies } from './remembered-studies.ts';

type Listener = Parameters<Sessions['onChange']>[0];

function books() {
  const clock = { now: 0 };
  const listeners = new Set<Listener>();
  const remembered = createRememberedStudies(
    {
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    () => clock.now,
  );
  const end = (token: string): void => {
    for (const listener of listeners) listener(token, 'ended');
  };
  return { clock, listeners, remembered, end };
}

const study = { taskId: 't1', studyUid: '2.25.1', patient: '4471' };

describe('what a window may take into its memory', () => {
  it('is the study that it was allowed, of that case, in that session, and for a minute', () => {
    const { remembered, clock } = books();
    remembered.allow('mine', study);
    remembered.allow('mine', { ...study, taskId: 't2', studyUid: '2.25.2' });
    expect(remembered.find('mine', 't1', '2.25.1')).toEqual(study);
    expect(remembered.find('mine', 't2', '2.25.1')).toBeNull();
    expect(remembered.find('mine', 't1', '2.25.3')).toBeNull();
    expect(remembered.find('another', 't1', '2.25.1')).toBeNull();
    clock.now = 60_000;
    expect(remembered.find('mine', 't1', '2.25.1')).toBeNull();
  });

  it('is nothing any more once its session is locked or has ended, and what runs for it is ended', () => {
    const { remembered, end } = books();
    remembered.allow('mine', study);
    const [mine, done, another] = [new AbortController(), new AbortController(), new AbortController()];
    remembered.hold('mine', mine);
    remembered.hold('mine', done)();
    remembered.hold('another', another);
    end('mine');
    expect(remembered.find('mine', 't1', '2.25.1')).toBeNull();
    expect([mine.signal.aborted, done.signal.aborted, another.signal.aborted]).toEqual([true, false, false]);
  });

  it('ends with the host', () => {
    const { remembered, listeners } = books();
    const running = new AbortController();
    remembered.hold('mine', running);
    remembered.stop();
    expect([running.signal.aborted, listeners.size]).toEqual([true, 0]);
  });
});
