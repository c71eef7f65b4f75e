import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitWait, type Delivery } from '../../../shared/domain/delivery/index.ts';
import { type Instant, instant, after as timeAfter } from '../../../shared/lib/instant.ts';
import { signedVersionOf } from '../../../test/builders/signed-version.ts';
import { type RudeReceiver, startRudeReceiver } from '../../../test/faults/rude-receiver.ts';
import { goldenQuestion } from '../../../test/golden/versions.ts';
import { controlIdOf } from '../../../test/servers/hl7-receiver.ts';
import { sharedRecord } from '../../../test/servers/overread-host/shared-record.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { createSenders } from '../delivery/channels.ts';
import { commitWords } from '../delivery/commit-words.ts';
import { createMllpLines } from '../delivery/mllp-sender.ts';
import { openOutbox } from '../delivery/outbox.ts';
import { openSignedStore, type SignedVersion } from '../delivery/signed-store.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { answeredInGroup, deliveryRound } from './delivery-round.ts';
import { createSharedSigned } from './shared-signed.ts';

/** Two hosts of a group over one record, each with a journal and an outbox of its own; the first one delivers. */
describe('an HL7 answer that one host of a group takes while another delivers', () => {
  let now: Instant;
  let receiver: RudeReceiver;
  let record: ReturnType<typeof sharedRecord>;
  let hosts: Awaited<ReturnType<typeof open>>[];
  let version: SignedVersion;

  const open = async (delivers: boolean) => {
    const directory = await mkdtemp(join(tmpdir(), 'overread-elsewhere-'));
    const ports = testPorts({ now: () => now });
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    const opened = keyRing.ok ? await openJournal({ directory, keyRing: keyRing.value, ports }) : null;
    if (opened === null || !opened.ok) throw new Error('no journal');
    const journal = opened.value;
    const signed = await openSignedStore(journal);
    const lines = createMllpLines({
      answered: (answer) => outbox.answered(answer),
      commit: (text, noted) => commitWords(text, noted, ports),
    });
    const nowhere = async () => ({ kind: 'refused', proof: 'not in this test' }) as const;
    const ris = { siteId: 'larkspur', host: '127.0.0.1', receivingApplication: 'RIS', receivingFacility: 'LARKSPUR' };
    const outbox = await openOutbox({
      ...{ journal, signed, ports },
      senders: createSenders({
        ...{ record: {} as never, archive: {} as never, signed, lines, ports },
        hl7: () => [{ ...ris, port: receiver.port }],
        imr: nowhere,
        gateways: { fax: nowhere, direct: nowhere },
      }),
      may: () => delivers,
      onStep: async () => undefined,
    });
    const shared = await createSharedSigned({
      ...{ items: record.items, signed, outbox, journal },
      events: { write: async () => true } as never,
      now: () => now,
      onChange: () => undefined,
    });
    const waiting = () => signed.all().filter((one) => one.standing.kind === 'waiting');
    const round = () =>
      deliveryRound({
        shared,
        outbox,
        mayDeliver: () => delivers,
        channelsReady: async () => true,
        releaser: {
          waiting: () => waiting().length,
          cycle: async () => {
            for (const { taskId, signed: one } of waiting()) await signed.release(taskId, one.digest, now);
          },
        },
      });
    const answer = (code: 'AA' | 'AE' | 'AR') =>
      answeredInGroup(
        { shared, outbox },
        {
          controlId: controlIdOf(receiver.received[0] ?? ''),
          code,
          words: '',
          siteId: 'larkspur',
          by: 'received on 127.0.0.1:2576',
        },
      );
    const sign = async () => {
      const { content, digest } = version;
      const deliveries = outbox.newDeliveries(content.taskId, { ...content, digest }, [
        { channel: 'hl7', name: 'RIS' },
        { channel: 'fax', name: 'Fax' },
      ]);
      await journal.append([
        { kind: 'signed', key: content.taskId, body: { phase: 'signed', version } },
        ...deliveries.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
      ]);
      signed.took(content.taskId, { phase: 'signed', version });
      outbox.took(deliveries);
      shared.add(content.taskId, digest, null);
    };
    const hl7 = (): Delivery | undefined => outbox.all().find((one) => one.channel === 'hl7');
    const close = async () => {
      lines.close();
      await journal.close();
      await rm(directory, { recursive: true, force: true });
    };
    const retryFax = async () => {
      const fax = outbox.all().find((one) => one.channel === 'fax');
      expect((await outbox.retry(fax?.id ?? '', 'the desk')).ok).toBe(true);
    };
    return { round, answer, sign, hl7, retryFax, close };
  };

  beforeEach(async () => {
    now = instant(Date.UTC(2026, 10, 30, 2));
    record = sharedRecord();
    receiver = await startRudeReceiver();
    receiver.be('CA-then-close');
    const question = goldenQuestion('final');
    version ??= await signedVersionOf({ ...question, rules: { ...question.rules, hl7Receipt: 'enhanced' } });
    hosts = [await open(true), await open(false)];
  });
  afterEach(async () => {
    for (const host of hosts) await host.close();
    await receiver.stop();
  });
  const both = () => hosts as [(typeof hosts)[number], (typeof hosts)[number]];

  it('files the report at both, though it comes before the host that takes it had heard of the release', async () => {
    const [delivers, takes] = both();
    await delivers.sign();
    receiver.be('silence');
    const round = delivers.round();
    await expect.poll(() => receiver.received.length).toBe(1);
    // The host that sends still waits for an answer on its own line.
    expect(await takes.answer('AA')).toBe('noted');
    expect(takes.hl7()?.state).toBe('filed');
    await receiver.stop();
    await round;
    receiver = await startRudeReceiver(receiver.port);
    await delivers.round();
    expect(delivers.hl7()).toMatchObject({ state: 'filed', proof: expect.stringContaining('127.0.0.1:2576') });
    now = timeAfter(now, commitWait);
    await delivers.round();
    expect(receiver.received).toEqual([]);
  });

  it('AE sends the same bytes again soon, and not only when the wait for an answer is over', async () => {
    const [delivers, takes] = both();
    await delivers.sign();
    await delivers.round();
    expect(delivers.hl7()?.state).toBe('sent');
    expect(await takes.answer('AE')).toBe('noted');
    now = instant(now + 3_000);
    await delivers.round();
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.received).size).toBe(1);
    // The repeat is answered once more, and both go by that.
    expect(await takes.answer('AA')).toBe('noted');
    await delivers.round();
    await takes.round();
    expect([delivers.hl7()?.state, takes.hl7()?.state]).toEqual(['filed', 'filed']);
  });

  it('AR needs a person at every host, also where the other one has told of another channel meanwhile', async () => {
    const [delivers, takes] = both();
    await delivers.sign();
    await delivers.round();
    await takes.round();
    // The host that delivers tells the record something between the answer and the telling of it.
    record.state.down = true;
    expect(await takes.answer('AR')).toBe('not-kept');
    expect(takes.hl7()?.state).toBe('refused');
    record.state.down = false;
    await delivers.retryFax();
    await delivers.round();
    await takes.round();
    await takes.round();
    await delivers.round();
    expect([delivers.hl7()?.state, takes.hl7()?.state]).toEqual(['refused', 'refused']);
    expect(await takes.answer('AR')).toBe('noted');
    expect(receiver.received).toHaveLength(1);
  });

  it('to a message of nobody is unknown, and while the record does not answer it is to be said again', async () => {
    const [, takes] = both();
    expect(await takes.answer('AA')).toBe('unknown');
    record.state.down = true;
    expect(await takes.answer('AA')).toBe('not-kept');
  });
});
