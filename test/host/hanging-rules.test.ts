import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type HangingRuleSet,
  readHangingFile,
  reportTemplateSchema,
  type TemplateSetView,
  type WorklistRow,
} from '../../shared/api/index.ts';
import { type HangingProtocol, hang } from '../../shared/domain/hanging/index.ts';
import type { ReportTemplate } from '../../shared/domain/template/index.ts';
import { writeMrrt } from '../../shared/interop/mrrt/index.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
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
    host = await startDrawnDay();
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

  const template = (id: string, title: string): ReportTemplate =>
    reportTemplateSchema.parse({
      id,
      title,
      fields: [{ id: 'liver', name: 'Liver', kind: 'text', required: false }],
      sections: [
        {
          code: '59776-5',
          statements: [{ element: 'Liver', parts: ['Liver: ', { field: 'liver', words: 'Normal.' }] }],
        },
      ],
    });
  const shelf = (...templates: readonly ReportTemplate[]) => ({ templates, macros: [], disabled: [] });
  const shelfOf = (answered: Awaited<ReturnType<typeof keepShelf>>, kind: TemplateSetView['owner']['kind']) =>
    answered.ok ? answered.value.sets.find((set) => set.owner.kind === kind) : undefined;
  const keepShelf = (
    who: TestReader,
    kind: 'own' | 'group',
    version: string | null,
    ...templates: readonly ReportTemplate[]
  ) => who.call('keepReportTemplates', { input: { owner: { kind }, version, shelf: shelf(...templates) } });

  it('report templates are kept the same way: a changed one is a new version, and nobody’s change is lost', async () => {
    const first = shelfOf(await keepShelf(reader, 'own', null, template('mine', 'Mine')), 'user');
    expect(first).toMatchObject({
      mayChange: true,
      changed: { by: reader.name },
      shelf: { templates: [{ version: 1 }] },
    });
    expect(await keepShelf(reader, 'own', null, template('lost', 'Lost'))).toMatchObject({
      ok: false,
      error: { code: 'not-a-legal-move' },
    });
    const version = first?.version ?? null;
    const second = shelfOf(
      await keepShelf(reader, 'own', version, template('mine', 'Mine, changed'), template('two', 'Two')),
      'user',
    );
    expect(second?.shelf.templates.map((one) => [one.id, one.version])).toEqual([
      ['mine', 2],
      ['two', 1],
    ]);
    expect(shelfOf(await lead.call('reportTemplates'), 'user')?.shelf.templates).toEqual([]);
    const broken = { ...template('mine', 'Mine'), fields: [] };
    expect(await keepShelf(reader, 'own', second?.version ?? null, broken)).toMatchObject({
      ok: false,
      error: { code: 'bad-request', message: expect.stringContaining('liver') },
    });
  });

  it('report templates of the group are a lead’s to change and everybody’s to use', async () => {
    expect(await keepShelf(reader, 'group', null, template('theirs', 'Theirs'))).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect((await keepShelf(lead, 'group', null, template('ours', 'Ours'))).ok).toBe(true);
    const seen = shelfOf(await reader.call('reportTemplates'), 'group');
    expect(seen).toMatchObject({ mayChange: false, shelf: { templates: [{ id: 'ours', version: 1 }] } });
  });

  it('words for the spelling check are kept beside them, and stay where whoever changes the templates knows nothing of them', async () => {
    const version = shelfOf(await reader.call('reportTemplates'), 'user')?.version ?? null;
    const add = (words: readonly string[], at: string | null, kind: 'own' | 'group' = 'own') =>
      reader.call('keepReportTemplates', {
        input: { owner: { kind }, version: at, shelf: { ...shelf(), words: [...words] } },
      });
    const added = shelfOf(await add(['Zephyrix', 'Zephyrix', 'pre-bolus'], version), 'user');
    expect(added?.shelf.words).toEqual(['Zephyrix', 'pre-bolus']);
    const later = shelfOf(await keepShelf(reader, 'own', added?.version ?? null, template('mine', 'Mine')), 'user');
    expect(later?.shelf).toMatchObject({ words: ['Zephyrix', 'pre-bolus'], templates: [{ id: 'mine' }] });
    expect((await add(['two words'], later?.version ?? null)).ok).toBe(false);
    expect((await add(['Zephyrix'], null, 'group')).ok).toBe(false);
  });

  it('a template file is read and nothing is kept; one that is none is refused with its reason', async () => {
    const before = shelfOf(await reader.call('reportTemplates'), 'user')?.version;
    const html = writeMrrt(template('from-file', 'From a file'));
    const read = await reader.call('importReportTemplate', { input: { name: 'a.html', text: html } });
    expect(read).toMatchObject({ ok: true, value: { form: 'mrrt', templates: [{ id: 'from-file' }], remarks: [] } });
    const refused = await reader.call('importReportTemplate', {
      input: {
        name: 'b.html',
        text: '<html><head><title>x</title></head><body><script>alert(1)</script></body></html>',
      },
    });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'bad-request', message: expect.stringContaining('dcterms') },
    });
    expect(shelfOf(await reader.call('reportTemplates'), 'user')?.version).toBe(before);
  });
});
