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

  it('know the same links to the physician’s page: a code opens at either, once; wrong codes are counted over both; what one host died over, the other tells', async () => {
    const origin = 'https://reports.test';
    const listen = {
      address: '127.0.0.1',
      port: 0,
      tls: null,
      origins: [],
      groupKey: 'a key that both hosts have, long enough',
    };
    const group = { listen, physicianPage: { address: '127.0.0.1', port: 0, tls: null, origin } };
    const dies = { now: false };
    const step = (name: string): void => {
      if (name === 'physician-opened' && dies.now) throw new Error('the host dies here');
    };
    const pace = (work: string, usual: number): number => (work === 'physician-refusal' ? 0 : Math.min(usual, 1_000));
    const [north, south] = [await startRig(site, group, { step, pace }), await startRig(site, group, { pace })];
    const press = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
    const ask = async (rig: Rig, path: string, code: string, mine = press(), from = '203.0.113.5') => {
      const form = new URLSearchParams({ code, press: mine }).toString();
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin };
      const asked = new Request(`${origin}${path}`, { method: 'POST', headers, body: form });
      return (await rig.host.host.physicianPage?.(asked, from))?.status;
    };
    try {
      const [order] = await site.add(1);
      if (order === undefined) throw new Error('no order');
      const opened = await openOrder(north.ann, order, 'Words for the physician.');
      await signFinal(north.ann, opened);
      const { taskId } = opened;
      await untilState(north.ann, taskId, 'final');
      await untilState(south.bob, taskId, 'final');
      const make = async () => {
        // The list learns of the release a moment after the report.
        const made = await eventually('a link', async () => {
          const asked = await north.ann.call('makePhysicianLink', { params: { taskId }, input: { recipient: 'Dr Q' } });
          return asked.ok ? asked : null;
        });
        return {
          path: new URL(made.value.address).pathname,
          code: made.value.code.replace(' ', ''),
          id: made.value.link.id,
        };
      };
      const openings = async (rig: Rig) => {
        const told = await (rig === north ? north.ann : south.bob).call('timeline', { params: { taskId } });
        return told.ok ? told.value.events.filter((event) => event.type === 'report.opened').length : -1;
      };

      /** "Not now" asks for the same press once more: the record is silent, or does not hold yet what its task names. */
      const openAt = (rig: Rig, link: { readonly path: string; readonly code: string }, mine = press()) =>
        eventually('an answer that stands', async () => {
          const status = await ask(rig, link.path, link.code, mine);
          return status === 503 ? null : status;
        });

      const both = await make();
      // Pressed at both hosts at one moment by two people who have the code: one of them opens it.
      const at = await Promise.all([openAt(north, both), openAt(south, both)]);
      expect(at.toSorted()).toEqual([200, 410]);

      const guessed = await make();
      const wrong = (by: number): string => String((Number(guessed.code) + by) % 10 ** 8).padStart(8, '0');
      const guesses = [1, 2, 3, 4, 5, 6, 7, 8].map((by) =>
        ask(by % 2 === 0 ? north : south, guessed.path, wrong(by), press(), `198.51.100.${by}`),
      );
      for (const status of await Promise.all(guesses)) expect([403, 503]).toContain(status);
      const links = await south.bob.call('physicianLinks', { params: { taskId } });
      expect(links.ok && links.value.links.find((one) => one.id === guessed.id)?.standing).toBe('locked');
      expect(await ask(south, guessed.path, guessed.code)).toBe(403);

      const lost = await make();
      const mine = press();
      dies.now = true;
      expect(await ask(north, lost.path, lost.code, mine)).toBe(503);
      // It was kept that it is opened, and nothing was shown: the other host tells the timeline, and the same press shows it.
      await eventually('the opening on the other host’s timeline', async () =>
        (await openings(south)) === 2 ? true : null,
      );
      expect(await openAt(south, lost, mine)).toBe(200);
      dies.now = false;
      await eventually('both to tell the same', async () => ((await openings(north)) === 2 ? true : null));
      expect(await openings(south)).toBe(2);
    } finally {
      await north.stop();
      await south.stop();
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
