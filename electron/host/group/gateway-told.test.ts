import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { aDigest, aSignedReport } from '../../../test/builders/signed-report.ts';
import { sharedRecord } from '../../../test/servers/overread-host/shared-record.ts';
import { nowhere, openSigned, openSignedOutbox } from '../../../test/servers/overread-host/signed-outbox.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import type { ChannelSender } from '../delivery/outbox.ts';
import type { SignedVersion } from '../delivery/signed-store.ts';
import { deliveryRound } from './delivery-round.ts';
import { createSharedSigned } from './shared-signed.ts';

/** Two hosts of a group that both believe that they deliver, each with another place for the same gateway. */
describe('a fax that two hosts would put to two places', () => {
  let record: ReturnType<typeof sharedRecord>;
  let put: string[];
  let hosts: readonly [Awaited<ReturnType<typeof open>>, Awaited<ReturnType<typeof open>>];
  let minutes = 0;
  /** Every pause between two tries is over in the next round. */
  const later = (): void => {
    minutes += 6;
  };
  const ports = testPorts({ now: () => instant(Date.UTC(2026, 10, 30, 2) + minutes * 60_000) });

  const open = async (place: string) => {
    const directory = await mkdtemp(join(tmpdir(), 'overread-told-'));
    const opened = await openSigned(directory, ports);
    const fax: ChannelSender = async (_held, delivery, note) => {
      if (delivery.job !== undefined && delivery.job.place !== place)
        return { kind: 'wait', proof: `followed at ${delivery.job.place}` };
      if (!(await note({ id: 'OVR1', place }))) return { kind: 'wait', proof: 'not told' };
      // A job that is known there is the same job.
      if (!put.includes(place)) put.push(place);
      return { kind: 'accepted', proof: `put to ${place}` };
    };
    const others = { record: nowhere, archive: nowhere, pdf: nowhere, hl7: nowhere, imr: nowhere, direct: nowhere };
    const { outbox, sign } = await openSignedOutbox(opened, { ...others, fax }, (held) =>
      shared.tell(held.signed.digest),
    );
    const shared = await createSharedSigned({
      ...{ items: record.items, signed: opened.signed, outbox, journal: opened.journal },
      events: { write: async () => true } as never,
      now: ports.now,
      onChange: () => undefined,
    });
    const releaser = { waiting: () => 0, cycle: async () => undefined };
    return {
      ...{ shared, outbox },
      job: () => outbox.all()[0]?.job,
      sign: async () => {
        const content = aSignedReport();
        await sign({ content, digest: aDigest } as unknown as SignedVersion, [{ channel: 'fax', name: 'Fax' }]);
        shared.add(content.taskId, aDigest, null);
      },
      round: () => deliveryRound({ shared, releaser, outbox, mayDeliver: () => true, channelsReady: async () => true }),
      close: async () => {
        await opened.journal.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  };
  beforeEach(async () => {
    record = sharedRecord();
    put = [];
    hosts = [await open('was'), await open('now')];
    const [one, other] = hosts;
    await one.sign();
    await one.shared.cycle();
    await other.shared.cycle();
  });
  afterEach(async () => {
    for (const host of hosts) await host.close();
  });

  it('goes to one of them: who could tell the record first', async () => {
    const [one, other] = hosts;
    await Promise.all([one.outbox.cycle(), other.outbox.cycle()]);
    expect(put).toHaveLength(1);
    later();
    await one.round();
    await other.round();
    await one.round();
    expect(put).toHaveLength(1);
    expect([one.job()?.place, other.job()?.place]).toEqual([put[0], put[0]]);
  });

  it('goes nowhere while the record does not answer, and to one of them when it does', async () => {
    const [one, other] = hosts;
    record.state.down = true;
    await Promise.all([one.outbox.cycle(), other.outbox.cycle()]);
    expect(put).toEqual([]);
    record.state.down = false;
    later();
    await one.round();
    await other.round();
    await one.round();
    expect(new Set(put).size).toBe(1);
  });

  it('is told to the record before it is put, whatever else another host tells of that report meanwhile', async () => {
    const [one, other] = hosts;
    // The record has moved on since the first host last read it.
    await other.outbox.adopt(other.outbox.all().map((each) => ({ ...each, proof: 'looked at', state: 'refused' })));
    await other.shared.cycle();
    await one.outbox.cycle();
    expect(put).toEqual([]);
    expect(one.outbox.all()[0]?.state).toBe('refused');
  });
});
