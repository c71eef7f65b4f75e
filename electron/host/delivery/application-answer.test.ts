import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commitWait, type Hl7Receipt } from '../../../shared/domain/delivery/index.ts';
import { parseAck } from '../../../shared/interop/hl7v2/index.ts';
import { instant, after as timeAfter } from '../../../shared/lib/instant.ts';
import { signedVersionOf } from '../../../test/builders/signed-version.ts';
import { applicationAnswer, type RudeReceiver, startRudeReceiver } from '../../../test/faults/rude-receiver.ts';
import { type GoldenKind, goldenQuestion } from '../../../test/golden/versions.ts';
import { controlIdOf } from '../../../test/servers/hl7-receiver.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { type Journal, openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { createSenders } from './channels.ts';
import { commitWords } from './commit-words.ts';
import { createMllpLines, type MllpLines } from './mllp-sender.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { openSignedStore, type SignedStore, type SignedVersion } from './signed-store.ts';

const made = new Map<string, Promise<SignedVersion>>();
/** Its PDF takes a while: each version is made once for all tests. */
function versionOf(kind: GoldenKind, hl7Receipt: Hl7Receipt): Promise<SignedVersion> {
  const question = goldenQuestion(kind);
  const key = `${kind} ${hl7Receipt}`;
  const version = made.get(key) ?? signedVersionOf({ ...question, rules: { ...question.rules, hl7Receipt } });
  made.set(key, version);
  return version;
}

/** An outbox over a journal on disk, and a receiver on a socket; only the clock is the test's. */
describe('what a site’s application says of an HL7 report', () => {
  let directory: string;
  let receiver: RudeReceiver;
  let journal: Journal;
  let signed: SignedStore;
  let lines: MllpLines;
  let outbox: Outbox;
  let steps: string[];
  let now = instant(Date.UTC(2026, 10, 30, 2));
  const ports = testPorts({ now: () => now });

  const open = async () => {
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    const opened = keyRing.ok ? await openJournal({ directory, keyRing: keyRing.value, ports }) : null;
    if (opened === null || !opened.ok) throw new Error('no journal');
    journal = opened.value;
    signed = await openSignedStore(journal);
    lines = createMllpLines({
      answered: (answer) => outbox.answered(answer),
      commit: (text, noted) => commitWords(text, noted, ports),
    });
    const nowhere = async () => ({ kind: 'refused', proof: 'not in this test' }) as const;
    const ris = { siteId: 'larkspur', host: '127.0.0.1', receivingApplication: 'RIS', receivingFacility: 'LARKSPUR' };
    const senders = createSenders({
      ...{ record: {} as never, archive: {} as never, signed, lines, ports },
      hl7: () => [{ ...ris, port: receiver.port }],
      imr: nowhere,
      gateways: { fax: nowhere, direct: nowhere },
    });
    outbox = await openOutbox({
      ...{ journal, signed, senders, ports },
      onStep: async ({ version, state }) => {
        steps.push(`${version} ${state}`);
      },
    });
  };
  const close = async () => {
    lines.close();
    await journal.close();
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-answers-'));
    receiver = await startRudeReceiver();
    steps = [];
    await open();
  });
  afterEach(async () => {
    await close();
    await receiver.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const sign = async (kind: GoldenKind, receipt: Hl7Receipt) => {
    const version = await versionOf(kind, receipt);
    const { content, digest } = version;
    const deliveries = outbox.newDeliveries(content.taskId, { ...content, digest }, [{ channel: 'hl7', name: 'RIS' }]);
    const phases = [{ phase: 'signed', version } as const, { phase: 'released', digest, at: now } as const];
    const kept = await journal.append([
      ...phases.map((body) => ({ kind: 'signed' as const, key: content.taskId, body })),
      ...deliveries.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
    ]);
    expect(kept.ok).toBe(true);
    for (const phase of phases) signed.took(content.taskId, phase);
    outbox.took(deliveries);
  };
  const of = (version: number) => outbox.all().find((one) => one.version === version);
  const answer = (
    code: 'AA' | 'AE' | 'AR',
    message = receiver.received.at(-1) ?? '',
    siteId: string | null = 'larkspur',
  ) => outbox.answered({ controlId: controlIdOf(message), code, words: '', siteId, by: 'received on 127.0.0.1:2576' });

  it('is filed where the site’s application answers itself, and accepted where only the hop does', async () => {
    await sign('final', 'filed');
    await outbox.cycle();
    expect(of(2)).toMatchObject({
      state: 'filed',
      proof: expect.stringMatching(/^AA of the application for message OVR/),
    });
    expect(receiver.received[0]).toMatch(/\|2\.5\.1\|{6}UNICODE UTF-8\r/);
    await sign('addendum', 'accepted');
    await outbox.cycle();
    expect(of(3)).toMatchObject({ state: 'accepted', nextAttemptAt: null });
    expect(steps).toEqual(['2 sent', '2 accepted', '2 filed', '3 sent', '3 accepted']);
  });

  it('is waited for after a commit, on the line that stays open, and files the report once however often it is said', async () => {
    receiver.be('CA-then-speak');
    await sign('final', 'enhanced');
    await outbox.cycle();
    expect(receiver.received[0]).toMatch(/\|2\.5\.1\|\|\|AL\|AL\|\|UNICODE UTF-8\r/);
    expect(of(2)).toMatchObject({
      state: 'sent',
      nextAttemptAt: timeAfter(now, commitWait),
      proof: expect.stringMatching(/^CA for message .* neither accepted nor filed/),
    });
    // Nothing goes again meanwhile.
    await outbox.cycle();
    expect(receiver.received).toHaveLength(1);
    for (const _ of [1, 2]) expect(receiver.speak('AA')).toBe(true);
    await vi.waitFor(() => expect(receiver.commits).toEqual(['CA', 'CA']));
    expect(of(2)?.state).toBe('filed');
    expect(steps).toEqual(['2 sent', '2 accepted', '2 filed']);
    await outbox.cycle();
    expect(receiver.received).toHaveLength(1);
  });

  it('comes by a line of its own, also after this host has been started again, and only from the site that has the report', async () => {
    receiver.be('CA-then-close');
    await sign('final', 'enhanced');
    await outbox.cycle();
    await close();
    await open();
    expect(of(2)?.state).toBe('sent');
    expect(await answer('AA', receiver.received[0], 'saltflat')).toBe('unknown');
    expect(await outbox.answered({ controlId: 'OVRNOT', code: 'AA', words: '', siteId: null, by: '' })).toBe('unknown');
    expect(of(2)?.state).toBe('sent');
    expect(await answer('AA')).toBe('noted');
    expect(of(2)).toMatchObject({
      state: 'filed',
      proof: expect.stringContaining('received on 127.0.0.1:2576'),
    });
    expect(await answer('AR')).toBe('noted');
    expect(of(2)?.state).toBe('filed');
  });

  it('that was lost is asked for with the same bytes, and files the report when the repeat is answered', async () => {
    receiver.be('CA-then-close');
    await sign('final', 'enhanced');
    await outbox.cycle();
    now = timeAfter(now, commitWait);
    receiver.be('CA-then-AA');
    await outbox.cycle();
    expect(of(2)).toMatchObject({ state: 'filed', attempts: 2 });
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.received).size).toBe(1);
  });

  it('AE sends the same bytes again by itself, AR needs a person, and neither is ever a receipt', async () => {
    receiver.be('CA-then-close');
    await sign('final', 'enhanced');
    await outbox.cycle();
    expect(await answer('AE')).toBe('noted');
    expect(of(2)).toMatchObject({ state: 'queued', proof: expect.stringMatching(/^AE of the application/) });
    now = of(2)?.nextAttemptAt ?? now;
    await outbox.cycle();
    expect(receiver.received).toHaveLength(2);
    expect(await answer('AR')).toBe('noted');
    expect(of(2)?.state).toBe('refused');
    await outbox.cycle();
    expect(receiver.received).toHaveLength(2);
    expect(steps).toEqual(['2 sent', '2 queued', '2 sent', '2 refused']);
  });

  it('that is slow holds up no later version, and the older one never goes again after that', async () => {
    receiver.be('CA-then-close');
    await sign('preliminary', 'enhanced');
    await outbox.cycle();
    await sign('final', 'enhanced');
    await outbox.cycle();
    expect(receiver.received).toHaveLength(2);
    expect([of(1)?.state, of(2)?.state]).toEqual(['sent', 'sent']);
    const [older = '', newer = ''] = receiver.received;
    expect(await answer('AA', newer)).toBe('noted');
    now = timeAfter(now, commitWait);
    await outbox.cycle();
    expect(receiver.received).toHaveLength(2);
    expect(await answer('AE', older)).toBe('noted');
    await outbox.cycle();
    expect(receiver.received).toHaveLength(2);
    expect(of(2)?.state).toBe('filed');
    expect(of(1)).toMatchObject({
      state: 'superseded',
      proof: expect.stringMatching(/^CA for message .*; version 2, which follows it, is filed there$/),
    });
  });

  it('that would not have an older version never sends it after the one that follows', async () => {
    receiver.be('CA-then-close');
    await sign('preliminary', 'enhanced');
    await outbox.cycle();
    await sign('final', 'enhanced');
    await outbox.cycle();
    expect(await answer('AE', receiver.received[0])).toBe('noted');
    expect(of(1)?.state).toBe('refused');
    for (const _ of [1, 2]) {
      now = timeAfter(now, commitWait);
      await outbox.cycle();
    }
    expect(receiver.received.filter((one) => one === receiver.received[0])).toHaveLength(1);
  });

  it('that was taken when this host died before it was filed is filed when it starts again', async () => {
    await sign('final', 'filed');
    const [delivery] = outbox.all();
    const accepted = { ...delivery, state: 'accepted', attempts: 1, proof: 'AA of the application for message X' };
    const kept = await journal.append([{ kind: 'outbox', key: delivery?.id ?? '', body: { delivery: accepted } }]);
    expect(kept.ok).toBe(true);
    await close();
    await open();
    await outbox.cycle();
    expect(of(2)).toMatchObject({ state: 'filed', proof: 'AA of the application for message X' });
    expect(receiver.received).toEqual([]);
  });

  it('is answered by a commit where it asks for one, and otherwise by nothing', () => {
    const text = applicationAnswer('AA', 'OVR1', 'RIS7');
    expect(parseAck(commitWords(text, 'noted', ports))).toMatchObject({ value: { code: 'CA', controlId: 'RIS7' } });
    const refused = commitWords(text, 'not-kept', ports);
    expect(refused).toContain('MSA|CE|RIS7|');
    expect(refused).toContain('ERR|||207^^HL70357|E||||The acknowledgement could not be stored here; send it again.');
  });
});
