import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { testPassword } from '../host/people.ts';
import { startContraryProxy } from '../servers/contrary-proxy/server.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { openOrder, type Rig, signFinal, startRig, untilDelivered, untilState } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('two hosts over one record and one archive', () => {
  let site: OtherSite;
  let here: Rig;
  let there: Rig;
  beforeAll(async () => {
    site = await startOtherSite(4);
    here = await startRig(site);
    there = await startRig(site);
  }, 240_000);
  afterAll(async () => {
    await there?.stop();
    await here?.stop();
    await site?.stop();
  });

  it('make one task of an order; of two readers who claim at once exactly one has it, and the other cannot sign', async () => {
    for (const order of site.orders.slice(0, 3)) {
      const fits = (one: { accession: string | null; link: string }) =>
        one.accession === order.accession && one.link === 'order-and-images';
      const rows = await Promise.all([
        rowWhere(here.ann, 'the row here', fits),
        rowWhere(there.bob, 'the row there', fits),
      ]);
      expect(rows[0].taskId).toBe(rows[1].taskId);
      const { taskId } = rows[0];
      const ask = { params: { taskId }, input: { mode: 'read', epoch: 1 } } as const;
      const claims = await Promise.all([here.ann.call('openCase', ask), there.bob.call('openCase', ask)]);
      expect(claims.filter((one) => one.ok).length).toBe(1);
      const lost = claims.find((one) => !one.ok);
      expect(lost?.ok === false && lost.error.code).toBe('held-by-another');
      const [winner, loser] = claims[0].ok ? [here.ann, there.bob] : [there.bob, here.ann];
      // The loser looks, and signs all the same, with the winner's token.
      const look = await loser.call('openCase', { params: { taskId }, input: { mode: 'look', epoch: 2 } });
      if (!look.ok) throw new Error(look.error.message);
      const won = await openOrder(winner, order, 'The winner’s words.', 3);
      const theft = await loser.call('sign', {
        params: { taskId },
        input: {
          ...signCommand(look.value, { ...won.draft, readerId: loser.id as never }, 'final', testPassword),
          fencingToken: won.detail.claim?.fencingToken ?? null,
        },
      });
      expect(theft.ok ? 'signed' : theft.error.code).toMatch(/held-by-another|lease-lapsed/);
      const signed = await signFinal(winner, won);
      expect(signed.ok ? signed.value.report.state : signed.error).toBe('final');
      await untilDelivered(winner, taskId);

      // On the other host the study is done: a second final is refused there.
      await eventually('the other host to see it done', async () => {
        const list = await loser.call('worklist', { input: {} });
        return list.ok && list.value.rows.find((one) => one.taskId === taskId)?.state === 'completed' ? true : null;
      });
      const again = await openForReading(loser, taskId, 4);
      expect(again.report.versions.map((one) => [one.version, one.state])).toEqual([[1, 'final']]);
      const second = await loser.call('sign', {
        params: { taskId },
        input: signCommand(again, { ...won.draft, readerId: loser.id as never, baseVersion: 1 }, 'final', testPassword),
      });
      expect(second.ok ? 'signed' : second.error.code).toBe('not-a-legal-move');

      // And both tell the same story.
      await eventually('the same timeline on both hosts', async () => {
        const [one, other] = await Promise.all(
          [winner, loser].map((reader) => reader.call('timeline', { params: { taskId } })),
        );
        if (one?.ok !== true || other?.ok !== true) return null;
        const told = (events: typeof one.value.events) =>
          JSON.stringify(events.map(({ id, type, occurredAt }) => [id, type, occurredAt]));
        return one.value.events.some((event) => event.type === 'report.accepted') &&
          told(one.value.events) === told(other.value.events)
          ? true
          : null;
      });
    }
  }, 240_000);

  it('the whole way goes also with a record that contradicts wherever the standard lets it', async () => {
    const contrary = await startContraryProxy({ upstream: site.recordUrl, seed: 20261122, visibilityMs: 2_000 });
    const rig = await startRig(site, { record: { kind: 'remote', url: contrary.url, credentials: { kind: 'none' } } });
    try {
      const order = site.orders[3];
      if (order === undefined) throw new Error('no order left');
      const opened = await openOrder(rig.ann, order);
      const signed = await signFinal(rig.ann, opened);
      expect(signed.ok ? null : signed.error).toBe(null);
      await untilState(rig.ann, opened.taskId, 'final');
      await untilDelivered(rig.ann, opened.taskId);
      const verified = await eventually('the signature to be shown', async () => {
        const found = await rig.ann.call('verifyReport', { params: { taskId: opened.taskId } });
        return found.ok &&
          found.value.versions.every((one) => one.verdict === 'verified') &&
          found.value.versions.length === 1
          ? found.value
          : null;
      });
      expect(verified.versions.length).toBe(1);
    } finally {
      await rig.stop();
      await contrary.close();
    }
  }, 240_000);
});
