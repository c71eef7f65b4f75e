import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAdviceBook } from './advice-book.ts';

const shipped = fileURLToPath(new URL('../../../resources/appropriateness', import.meta.url));

describe('the rules of appropriateness', () => {
  let own: string;
  const warnings: unknown[] = [];
  const ports = {
    log: {
      info: () => undefined,
      warn: (_: string, fields?: object) => void warnings.push(fields),
      error: () => undefined,
    },
  };
  beforeEach(async () => {
    warnings.length = 0;
    own = await mkdtemp(join(tmpdir(), 'overread-rules-'));
  });
  afterEach(() => rm(own, { recursive: true, force: true }));
  const file = (rules: readonly object[]): string => JSON.stringify({ schema: 'overread-appropriateness-1', rules });
  const rule = (change: object = {}) => ({
    id: 'own-rule',
    title: 'Own',
    advice: 'Talk to us first.',
    citation: 'Our own committee, 2026',
    when: { modalities: ['CT'] },
    ...change,
  });

  it('that come with Overread are all read, and each has its citation', async () => {
    const book = await openAdviceBook([shipped], ports);
    expect(warnings).toEqual([]);
    expect(book.rules().map((one) => one.id)).toContain('acr-covid-19-first-line');
    expect(book.rules().length).toBeGreaterThanOrEqual(6);
    for (const one of book.rules()) expect(one.citation).toMatch(/20\d\d/);
  });

  it('of the group’s own folder are read when they come, and replace ours of the same id', async () => {
    const book = await openAdviceBook([shipped, own], ports);
    const before = book.rules().length;
    expect(await book.refresh()).toBe(false);
    await writeFile(
      join(own, 'ours.json'),
      file([rule(), rule({ id: 'acr-covid-19-first-line', advice: 'Ask the lead first.' })]),
    );
    expect(await book.refresh()).toBe(true);
    expect(book.rules().length).toBe(before + 1);
    expect(book.rules().find((one) => one.id === 'acr-covid-19-first-line')?.advice).toBe('Ask the lead first.');
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'rules', /not JSON/],
    ['a rule without a citation', file([rule({ citation: '' })]), /citation/],
    ['a rule that would speak of every order', file([rule({ when: {} })]), /every order/],
    ['a condition that we do not know', file([rule({ when: { weight: 3 } })]), /weight/],
    ['another schema', '{"schema":"x","rules":[]}', /schema/],
  ])('leave out a file with %s, and say why', async (_, text, why) => {
    await writeFile(join(own, 'bad.json'), text);
    const book = await openAdviceBook([own], ports);
    expect(book.rules()).toEqual([]);
    expect(JSON.stringify(warnings)).toMatch(why);
  });
});
