import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Manner, type RudeReceiver, startRudeReceiver } from '../../../test/faults/rude-receiver.ts';
import { commitWords } from './commit-words.ts';
import type { LaterAnswer } from './later-answer.ts';
import { createMllpLines } from './mllp-sender.ts';

const message = 'MSH|^~\\&|OVERREAD|NIGHT|RIS|L|20261122||ORU^R01^ORU_R01|OVR1|T|2.5.1|||AL|AL\r';
const from = { siteId: 'larkspur', by: 'from RIS' };

describe('what an answer over MLLP means', () => {
  let receiver: RudeReceiver;
  const heard: LaterAnswer[] = [];
  const lines = createMllpLines({
    answered: async (answer) => {
      heard.push(answer);
      return 'noted';
    },
    commit: (text, noted) => commitWords(text, noted, { now: () => 0 as never, newId: () => 'a-b' }),
  });
  beforeAll(async () => {
    receiver = await startRudeReceiver();
  });
  afterAll(async () => {
    lines.close();
    await receiver.stop();
  });
  const answerTo = (manner: Manner, later: typeof from | null = null) => {
    receiver.be(manner);
    return lines.send(message, 'OVR1', { host: '127.0.0.1', port: receiver.port }, 600, later);
  };

  it('AA accepts, AE and AR say what is wrong, CR reads as AR', async () => {
    expect(await answerTo('AA')).toEqual({ ok: true, value: { code: 'AA', words: '' } });
    expect(await answerTo('AE-words')).toEqual({ ok: true, value: { code: 'AE', words: 'Unknown order A&B' } });
    expect(await answerTo('CR')).toEqual({ ok: true, value: { code: 'AR', words: 'Unsupported version' } });
  });

  it.each(['CA', 'CA-then-close'] as const)('%s, a commit alone, is no acceptance', async (manner) => {
    const answer = await answerTo(manner);
    expect(answer.ok ? answer.value : answer.error).toMatchObject({
      code: 'committed',
      words: expect.stringContaining('a commit and no acceptance'),
    });
  });

  it('the application’s own answer after a commit is what counts', async () => {
    expect(await answerTo('CA-then-AA')).toEqual({ ok: true, value: { code: 'AA', words: '' } });
  });

  it('where the application’s own answer was asked for, a commit is told at once and the line stays open for it', async () => {
    expect(await answerTo('CA-then-speak', from)).toEqual({ ok: true, value: { code: 'CA', words: '' } });
    expect(heard).toEqual([]);
    expect(receiver.speak('AA')).toBe(true);
    await vi.waitFor(() => expect(heard).toEqual([{ code: 'AA', controlId: 'OVR1', words: '', ...from }]));
    // It asked to hear that its answer arrived.
    await vi.waitFor(() => expect(receiver.commits).toEqual(['CA']));
    lines.close();
    await vi.waitFor(() => expect(receiver.speak('AA')).toBe(false));
  });
});
