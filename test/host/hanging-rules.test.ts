import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HangingRuleSet, readHangingFile, type WorklistRow } from '../../shared/api/index.ts';
import { type HangingProtocol, hang } from '../../shared/domain/hanging/index.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import { rowWhere, type TestHost, type TestReader } from './case-driver.ts';

const file = readFileSync(new URL('../../resources/hanging-protocols/ct-head.json', import.meta.url), 'utf8');
const read = readHangingFile(file);
const [shipped] = read.ok ? read.value : [];
if (shipped === undefined) throw new Error('no rule to begin with');
const named = (id: string): HangingProtocol => ({ ...shipped, id, hangingProtocolName: id });

type Keep = Parameters<typeof keep>[1];
const keep = (
  who: TestReader,
  owner: { readonly kind: 'own' } | { readonly kind: 'group' } | { readonly kind: 'site'; readonly id: string },
  version: string | null,
  protocols: readonly HangingProtocol[],
) => who.call('keepHangingRules', { input: { owner, version, protocols } });
const setOf = (
  answered: Awaited<ReturnType<typeof keep>>,
  kind: HangingRuleSet['owner']['kind'],
): HangingRuleSet | undefined => (answered.ok ? answered.value.sets.find((set) => set.owner.kind === kind) : undefined);
const idsOf = (set: HangingRuleSet | undefined): readonly string[] => set?.protocols.map((one) => one.id) ?? [];

describe('rules by which studies hang, kept at the host', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  beforeAll(async () => {
    host = await startTestHost();
    [reader, lead] = await Promise.all([host.signIn(), host.signIn('lead')]);
  });
  afterAll(async () => {
    await host?.stop();
  });

  it('are a reader’s own and nobody else’s; nobody’s change is lost, and undo goes back step by step', async () => {
    const first = await keep(reader, { kind: 'own' }, null, [named('mine')]);
    const one = setOf(first, 'user');
    expect(first.ok ? idsOf(one) : first.error).toEqual(['mine']);
    expect(one).toMatchObject({ undo: 1, mayChange: true, changed: { by: reader.name } });
    expect(setOf(await lead.call('hangingRules'), 'user')?.protocols).toEqual([]);

    // Another window of hers still has the version before.
    const late = await keep(reader, { kind: 'own' }, null, [named('lost')]);
    expect(late).toMatchObject({ ok: false, error: { code: 'not-a-legal-move' } });
    const second = setOf(
      await keep(reader, { kind: 'own' }, one?.version ?? null, [named('mine'), named('two')]),
      'user',
    );
    expect(idsOf(second)).toEqual(['mine', 'two']);
    const back = await reader.call('undoHangingRules', {
      input: { owner: { kind: 'own' }, version: second?.version ?? '' },
    });
    expect(idsOf(setOf(back, 'user'))).toEqual(['mine']);
    expect(idsOf(setOf(await reader.call('hangingRules'), 'user'))).toEqual(['mine']);
  });

  it('of the group and of a site are a lead’s to change and everybody’s to hang by', async () => {
    // What was agreed with the sites comes with the demo day.
    await expect.poll(async () => setOf(await lead.call('hangingRules'), 'site'), { timeout: 60_000 }).toBeDefined();
    const id = setOf(await lead.call('hangingRules'), 'site')?.owner;
    const owners: readonly Keep[] = [{ kind: 'group' }, ...(id?.kind === 'site' ? [id] : [])];
    expect(owners).toHaveLength(2);
    for (const owner of owners) {
      expect(await keep(reader, owner, null, [named('theirs')])).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
      const kept = await keep(lead, owner, null, [named(`of-${owner.kind}`)]);
      expect(kept.ok ? '' : kept.error).toBe('');
    }
    const seen = await reader.call('hangingRules');
    expect(idsOf(setOf(seen, 'group'))).toEqual(['of-group']);
    expect(setOf(seen, 'group')).toMatchObject({ mayChange: false });
    const unknown = await keep(lead, { kind: 'site', id: 'nowhere' }, null, [named('x')]);
    expect(unknown).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  it('are refused where they do not hold together', async () => {
    const broken = { ...named('broken'), imageSets: [] };
    const version = setOf(await reader.call('hangingRules'), 'user')?.version ?? null;
    const answered = await keep(reader, { kind: 'own' }, version, [broken]);
    expect(answered).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(answered.ok ? '' : answered.error.message).toContain('there is no image set');
  });

  it('are tried on the latest studies that she may read: their series as the rules see them, and no patient named', async () => {
    const whole = (one: WorklistRow): boolean => /CT head/i.test(one.procedure) && one.images.present > 1;
    await rowWhere(reader, 'a CT of a head with images', whole, 200_000);
    const recent = await reader.call('recentStudies');
    const studies = recent.ok ? recent.value.studies : [];
    expect(studies.length).toBeGreaterThan(0);
    expect(studies.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(studies)).not.toMatch(/\^/);
    const head = studies.find((one) => /CT head/i.test(one.exam) && (one.series?.length ?? 0) > 0);
    expect(head?.series?.[0]).toMatchObject({ modality: 'CT', plane: 'axial' });
    if (head === undefined || head.series === null) return;
    const current = { ...head, series: head.series };
    const hanging = hang([{ level: 'user', protocol: named('mine') }], { current, priors: [], screens: 1 });
    expect(hanging.rule?.protocol.id).toBe('mine');
  }, 240_000);

  it('are still there after a restart', async () => {
    await host.stop({ keep: true });
    host = await startTestHost({ directory: host.directory });
    [reader, lead] = await Promise.all([host.signIn(), host.signIn('lead')]);
    await expect
      .poll(async () => {
        const seen = await reader.call('hangingRules');
        return [...idsOf(setOf(seen, 'user')), ...idsOf(setOf(seen, 'group'))];
      })
      .toEqual(['mine', 'of-group']);
  }, 120_000);
});
