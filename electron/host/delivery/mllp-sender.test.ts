import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manner, type RudeReceiver, startRudeReceiver } from '../../../test/faults/rude-receiver.ts';
import { sendOverMllp } from './mllp-sender.ts';

const message = 'MSH|^~\\&|OVERREAD|NIGHT|RIS|L|20261122||ORU^R01^ORU_R01|OVR1|T|2.5.1\r';

describe('what an answer over MLLP means', () => {
  let receiver: RudeReceiver;
  beforeAll(async () => {
    receiver = await startRudeReceiver();
  });
  afterAll(() => receiver.stop());
  const answerTo = (manner: Manner) => {
    receiver.be(manner);
    return sendOverMllp(message, 'OVR1', { host: '127.0.0.1', port: receiver.port }, 600);
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
});
