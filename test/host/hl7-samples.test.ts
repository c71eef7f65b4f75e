import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../servers/free-port.ts';
import { connectMllp, type MllpSender } from '../servers/mllp-sender.ts';
import { startTestHost, type TestHost } from '../servers/overread-host/start-host.ts';
import { filesBelow, hasSharedData, sharedData } from '../servers/shared-data.ts';

/** RIS logs hold messages between marks: `<SB>` and `<EB>` for the frame, `<R>` for the carriage return. */
function messagesOf(path: string, text: string): readonly string[] {
  if (!path.endsWith('.log')) return [text];
  return text
    .split('<SB>')
    .slice(1)
    .map((part) => (part.split('<EB>')[0] ?? '').replace(/<R>\r?\n?/g, '\r').replace(/^[\r\n]+/, ''));
}

describe.skipIf(!hasSharedData)('every HL7 v2 sample from real systems, through the door', { timeout: 300_000 }, () => {
  let host: TestHost;
  let sender: MllpSender;
  beforeAll(async () => {
    const port = await freePort();
    host = await startTestHost({
      settings: {
        demo: false,
        hl7Listen: [
          { host: '127.0.0.1', port, siteId: null, zone: 'America/Chicago', characterSet: null, accession: 'auto' },
        ],
      },
    });
    sender = await connectMllp(port);
  }, 60_000);
  afterAll(async () => {
    sender.close();
    await host.stop();
  });

  it('is taken in whole or refused with a reason, and none ends the connection', async () => {
    const tally = new Map<string, number>();
    const reasons = new Map<string, number>();
    const bad: string[] = [];
    let messages = 0;
    for (const path of filesBelow(join(sharedData, 'hl7v2'))) {
      const bytes = await readFile(path);
      for (const message of messagesOf(path, bytes.toString('latin1'))) {
        messages += 1;
        const ack = await sender.send(Buffer.from(message, 'latin1'));
        const kind = relative(join(sharedData, 'hl7v2'), path).split('/')[0] ?? '';
        tally.set(`${kind} ${ack.code}`, (tally.get(`${kind} ${ack.code}`) ?? 0) + 1);
        if (ack.words === '') bad.push(`${path}: no words`);
        if (/made a mistake/.test(ack.words)) bad.push(`${path}: ${ack.words}`);
        if (ack.code !== 'AA') {
          const words = ack.words.replace(/\b\S*\d\S*\b/g, '#');
          reasons.set(words, (reasons.get(words) ?? 0) + 1);
        }
      }
    }
    console.log(
      `HL7 v2 samples: ${messages} messages`,
      Object.fromEntries([...tally].sort()),
      Object.fromEntries(reasons),
    );
    expect(bad).toEqual([]);
    expect(messages).toBeGreaterThan(199);
  });
});
