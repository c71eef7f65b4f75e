import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dutyLeaseLength, dutyMargin } from '../../../shared/domain/duty/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { type FhirRouterServer, startFhirRouter } from '../../../test/servers/fhir-router/server.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { createRecordClient } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { createDuties, type Duties } from './duties.ts';

/** Somebody else's record; its clock as the hosts see it is moved by hand. */
describe('duties over somebody else’s record', () => {
  let router: FhirRouterServer;
  let ahead = 0;
  let down = false;
  const now = (): Instant => instant(Date.now() + ahead);
  const ports = testPorts();

  beforeAll(async () => {
    router = await startFhirRouter();
  });
  afterAll(() => router.close());

  function client(): RecordClient {
    const record = createRecordClient({
      name: 'router',
      baseUrl: router.url,
      credentials: { kind: 'none' },
      fetch: (request) => (down ? Promise.reject(new Error('cut')) : fetch(request)),
      ports,
    });
    return { ...record, recordNow: now };
  }
  function host(hostId: string, changes: string[] = []): Duties {
    return createDuties({
      record: client(),
      hostId,
      wanted: ['intake', 'deliver'],
      ports,
      onChange: (duty, held) => changes.push(`${duty} ${held ? 'taken' : 'lost'}`),
    });
  }

  it('each is held by one host; another goes on when it dies, at once when it ends in order, and the same host at once when it starts again', async () => {
    const told: string[] = [];
    const north = host('north', told);
    const south = host('south');
    // The first cycle of both makes the leases, the second takes them: whoever comes first.
    for (let round = 0; round < 3; round += 1) await Promise.all([north.cycle(), south.cycle()]);
    for (const duty of ['intake', 'deliver'] as const)
      expect(Number(north.holds(duty)) + Number(south.holds(duty))).toBe(1);

    await Promise.all([north.giveBack(), south.giveBack()]);
    await north.cycle();
    await south.cycle();
    expect([north.holds('deliver'), south.holds('deliver')]).toEqual([true, false]);
    expect(told).toContain('deliver taken');

    // North is killed and started again on its folder: it has its duties back without waiting.
    const again = host('north');
    await again.cycle();
    expect(again.holds('deliver')).toBe(true);
    await south.cycle();
    expect(south.holds('deliver')).toBe(false);
    // The process that was killed in truth was only asleep: its next renewal is read as a new taking, never beside the other for long.
    ahead += dutyLeaseLength + 1_000;
    expect([north.holds('deliver'), again.holds('deliver')]).toEqual([false, false]);
    await south.cycle();
    expect(south.holds('deliver')).toBe(true);
    await again.cycle();
    expect(again.holds('deliver')).toBe(false);
  });

  it('a host that is cut off from the record stops by itself before another may begin', async () => {
    const west = host('west');
    ahead += dutyLeaseLength + 1_000;
    await west.cycle();
    expect(west.holds('intake')).toBe(true);
    down = true;
    try {
      ahead += dutyLeaseLength - 3_000;
      await west.cycle();
      expect(west.holds('intake')).toBe(false);
    } finally {
      down = false;
    }
    const east = host('east');
    await east.cycle();
    expect(east.holds('intake')).toBe(false);
    ahead += 4_000;
    await east.cycle();
    expect(east.holds('intake')).toBe(true);
  });

  it('a host that leaves a duty to another begins nothing under it at once, gives it back when what it began is over, and has it again where nobody else is there', async () => {
    const clock = { now: now() as number };
    const leaves = createDuties({
      record: client(),
      hostId: 'leaves',
      wanted: ['deliver'],
      ports: testPorts({ now: () => instant(clock.now) }),
      onChange: () => undefined,
    });
    const other = host('other');
    ahead += dutyLeaseLength + 1_000;
    await leaves.cycle();
    expect(leaves.holds('deliver')).toBe(true);
    leaves.leave('deliver', 10_000);
    expect(leaves.holds('deliver')).toBe(false);
    await leaves.cycle();
    await other.cycle();
    expect([leaves.holds('deliver'), other.holds('deliver')]).toEqual([false, false]);
    clock.now += dutyMargin;
    await leaves.cycle();
    await other.cycle();
    expect(other.holds('deliver')).toBe(true);
    clock.now += 10_001;
    await leaves.cycle();
    expect(leaves.holds('deliver')).toBe(false);
    await other.giveBack();
    await leaves.cycle();
    expect(leaves.holds('deliver')).toBe(true);
    leaves.leave('deliver', 10_000);
    clock.now += dutyMargin + 10_001;
    await leaves.cycle();
    expect(leaves.holds('deliver')).toBe(true);
  });
});
