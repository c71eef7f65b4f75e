import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallInput, reportTemplateSchema, type TemplateVersionView } from '../../shared/api/index.ts';
import {
  blankWritten,
  type ReportMacro,
  type ReportTemplate,
  type Written,
} from '../../shared/domain/template/index.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';
import { addPeople, testPassword } from './people.ts';

const named = (id: string, words: string): ReportTemplate =>
  reportTemplateSchema.parse({
    ...{ id, title: `CT ${id}` },
    sections: [{ code: '59776-5', statements: [{ parts: [words] }] }],
  });
const macroNamed = (words: string): ReportMacro => ({
  ...{ id: 'no-stone', version: 1, name: 'no stone', also: [], section: null, when: null, fields: [] },
  statements: [{ parts: [words] }],
});
const wordsOf = ({ item }: Pick<TemplateVersionView, 'item'>): unknown =>
  item === null
    ? null
    : (item.kind === 'template' ? item.template.sections[0]?.statements : item.macro.statements)?.[0]?.parts[0];
const titled = (title: string): Written => ({ ...blankWritten('template'), title });

type Owner = CallInput<'saveReportTemplate'>['owner'];
const own: Owner = { kind: 'own' };
const group: Owner = { kind: 'group' };

describe('templates that are written in the program', () => {
  let folder: string;
  let host: TestHost;
  let reader: TestReader;
  let other: TestReader;
  let lead: TestReader;
  let qa: TestReader;
  const start = async (): Promise<void> => {
    host = await startTestHost({ directory: folder, settings: { demo: false } });
    [reader, other, lead, qa] = await Promise.all(
      ['ada', 'bea', 'lin', 'quinn'].map((name) => host.signIn(name, testPassword)) as [
        Promise<TestReader>,
        Promise<TestReader>,
        Promise<TestReader>,
        Promise<TestReader>,
      ],
    );
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-templates-'));
    await addPeople(folder, { ada: 'radiologist', bea: 'radiologist', lin: 'lead', quinn: 'qa' });
    await start();
  });
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const save = (who: TestReader, owner: Owner, replaces: number | null, template: ReportTemplate) =>
    who.call('saveReportTemplate', { input: { owner, replaces, item: { kind: 'template', template } } });
  const versions = async (
    who: TestReader,
    owner: 'own' | 'group',
    id: string,
    kind: 'template' | 'macro' = 'template',
  ) => {
    const answered = await who.call('reportTemplateVersions', { input: { owner, kind, id } });
    if (!answered.ok) throw new Error(answered.error.message);
    return answered.value.versions;
  };

  it('are saved as versions that stay as they were, each with who and when; an older one comes back as a new one', async () => {
    expect(await save(reader, own, null, named('mine', 'One.'))).toMatchObject({ ok: true, value: { version: 1 } });
    expect(await save(reader, own, 1, named('mine', 'Two.'))).toMatchObject({ ok: true, value: { version: 2 } });
    // The same words once more, as after an answer that was lost: no third version.
    expect(await save(reader, own, 1, named('mine', 'Two.'))).toMatchObject({ ok: true, value: { version: 2 } });
    const [second, first, ...none] = await versions(reader, 'own', 'mine');
    expect([second, first].map((one) => one && [one.version, wordsOf(one), one.saved?.by])).toEqual([
      [2, 'Two.', reader.name],
      [1, 'One.', reader.name],
    ]);
    expect(none).toEqual([]);
    expect(first?.saved?.at).toBeLessThanOrEqual(second?.saved?.at ?? 0);
    if (first?.item?.kind !== 'template') throw new Error('the first version is gone');
    expect(await save(reader, own, 2, first.item.template)).toMatchObject({ ok: true, value: { version: 3 } });
    expect((await versions(reader, 'own', 'mine')).map((one) => [one.version, wordsOf(one)])).toEqual([
      [3, 'One.'],
      [2, 'Two.'],
      [1, 'One.'],
    ]);
  });

  it('are never overwritten unseen: the second of two is told by whom, and nothing of hers replaces it', async () => {
    expect(await save(lead, group, null, named('ours', 'One.'))).toMatchObject({ ok: true, value: { version: 1 } });
    const both = await Promise.all([
      save(lead, group, 1, named('ours', 'Left.')),
      save(lead, group, 1, named('ours', 'Right.')),
    ]);
    const lost = both.filter((one) => !one.ok);
    expect(lost).toMatchObject([{ error: { code: 'not-a-legal-move' } }]);
    expect(lost[0]?.ok === false ? lost[0].error.message : '').toContain(`${lead.name} saved version 2`);
    const kept = (await versions(lead, 'group', 'ours')).map(wordsOf);
    expect(kept).toHaveLength(2);
    expect(['Left.', 'Right.']).toContain(kept[0]);
    // A new one does not take the place of one that is there.
    expect(await save(lead, group, null, named('ours', 'New.'))).toMatchObject({ ok: false });
    // What else is changed on the shelf is in nobody's way.
    const all = await Promise.all(['a', 'b', 'c'].map((id) => save(lead, group, null, named(id, id))));
    expect(all.map((one) => (one.ok ? one.value.version : one.error.message))).toEqual([1, 1, 1]);
  });

  it('of the group are a lead’s to write and everybody’s to see with their versions; a reader’s own are hers alone', async () => {
    expect(await save(reader, group, 2, named('ours', 'Mine.'))).toMatchObject({ error: { code: 'forbidden' } });
    expect(await save(lead, { kind: 'site', id: 'nowhere' }, null, named('x', 'X.'))).toMatchObject({
      error: { code: 'forbidden' },
    });
    expect(await save(qa, own, null, named('x', 'X.'))).toMatchObject({ error: { code: 'forbidden' } });
    expect(await versions(qa, 'group', 'ours')).toHaveLength(2);
    expect(await versions(other, 'own', 'mine')).toEqual([]);
    expect(
      await save(reader, own, null, { ...named('bad', 'X.'), requiredElements: { complete: ['Liver'], limited: [] } }),
    ).toMatchObject({ error: { code: 'bad-request' } });
  });

  it('macros have versions of their own', async () => {
    const keep = (replaces: number | null, words: string) =>
      reader.call('saveReportTemplate', {
        input: { owner: own, replaces, item: { kind: 'macro', macro: macroNamed(words) } },
      });
    expect(await keep(null, 'No stone.')).toMatchObject({ value: { version: 1 } });
    expect(await keep(1, 'No stone seen.')).toMatchObject({ value: { version: 2 } });
    expect((await versions(reader, 'own', 'no-stone', 'macro')).map(wordsOf)).toEqual(['No stone seen.', 'No stone.']);
    expect(await versions(reader, 'own', 'no-stone')).toEqual([]);
  });

  it('are kept while they are written: each reader’s own, never over newer words, and there after a restart', async () => {
    const keep = (who: TestReader, revision: number, written: Written | null) =>
      who.call('keepTemplateWork', { input: { key: 'new one', revision, written } });
    const works = async (who: TestReader) => {
      const answered = await who.call('templateWorks');
      return answered.ok
        ? answered.value.works.map((one) => [one.key, one.revision, one.written.title])
        : answered.error;
    };
    expect(await keep(reader, 1, titled('Thy'))).toMatchObject({ ok: true });
    expect(await keep(reader, 2, titled('Thyroid, mine'))).toMatchObject({ ok: true });
    expect(await keep(reader, 2, titled('Other window'))).toMatchObject({ error: { code: 'stale-draft' } });
    expect(await works(other)).toEqual([]);
    expect(await qa.call('templateWorks')).toMatchObject({ error: { code: 'forbidden' } });
    await host.stop({ keep: true });
    await start();
    expect(await works(reader)).toEqual([['new one', 2, 'Thyroid, mine']]);
    expect((await versions(reader, 'own', 'mine')).map((one) => one.version)).toEqual([3, 2, 1]);
    expect(await keep(reader, 3, null)).toMatchObject({ ok: true });
    expect(await works(reader)).toEqual([]);
  });
});
