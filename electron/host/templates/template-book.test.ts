import { describe, expect, it } from 'vitest';
import { reportTemplateSchema } from '../../../shared/api/index.ts';
import { emptyShelf, type ReportTemplate } from '../../../shared/domain/template/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { createTemplateBook } from './template-book.ts';

type Stored = { readonly resource: { readonly id: string }; readonly version: string };

/** A record that holds what it is given, as versions; `failing` ids are not taken. */
function record() {
  const held = new Map<string, Stored>();
  const failing = new Set<string>();
  let now = 1_000;
  return {
    held,
    move: (milliseconds: number): void => {
      now += milliseconds;
    },
    failing,
    client: {
      read: async (_type: string, id: string) => {
        const found = held.get(id);
        return found === undefined
          ? { ok: false, error: { code: 'not-found', message: 'none' } }
          : { ok: true, value: found };
      },
      put: async (resource: { readonly id: string }, options: { readonly ifMatch?: string } = {}) => {
        const before = held.get(resource.id);
        if ([...failing].some((one) => resource.id.startsWith(one)))
          return { ok: false, error: { code: 'unreachable', message: 'The record is away.' } };
        if (options.ifMatch !== undefined && before?.version !== options.ifMatch)
          return { ok: false, error: { code: 'version-conflict', message: 'stale' } };
        const next = { resource, version: String(Number(before?.version ?? 0) + 1) };
        held.set(resource.id, next);
        return { ok: true, value: next };
      },
      recordNow: () => {
        now += 1;
        return instant(now);
      },
    },
  };
}

/** One host's view of it: what it has heard of. */
function host(from: ReturnType<typeof record>) {
  const known = new Map<string, Stored>();
  const sync = {
    get: (_type: string, id: string) => known.get(id) ?? null,
    learn: (item: Stored) => void known.set(item.resource.id, item),
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return createTemplateBook({ record: from.client, sync, ports: { log } } as never);
}

const group = { kind: 'group' } as const;
const named = (words: string): ReportTemplate =>
  reportTemplateSchema.parse({
    ...{ id: 'ours', title: 'CT ours' },
    sections: [{ code: '59776-5', statements: [{ parts: [words] }] }],
  });
const item = (words: string) => ({ kind: 'template', template: named(words) }) as const;

describe('the book of templates', () => {
  it('keeps a version before another takes its place, and takes none where it cannot', async () => {
    const its = record();
    const book = host(its);
    expect(await book.save(group, null, item('One.'), 'Ada')).toEqual({ ok: true, value: 1 });
    its.failing.add('template-version-');
    expect(await book.save(group, 1, item('Two.'), 'Bea')).toMatchObject({ error: { code: 'not-saved' } });
    expect(book.of(group)?.set.shelf.templates).toEqual([named('One.')]);
    its.failing.clear();
    expect(await book.save(group, 1, item('Two.'), 'Bea')).toEqual({ ok: true, value: 2 });
    expect((await book.versions(group, 'template', 'ours')).map((one) => [one.version, one.saved?.by])).toEqual([
      [2, 'Bea'],
      [1, 'Ada'],
    ]);
    // Each is a resource of its own that was written once.
    const kept = [...its.held.entries()].filter(([id]) => id.startsWith('template-version-'));
    expect(kept.map(([, { version }]) => version)).toEqual(['1']);
  });

  it('dates no version before the one that it replaces, though the record’s clock is told a little earlier', async () => {
    const its = record();
    const book = host(its);
    await book.save(group, null, item('One.'), 'Ada');
    its.move(-50);
    await book.save(group, 1, item('Two.'), 'Ada');
    const [second, first] = await book.versions(group, 'template', 'ours');
    expect(second?.saved?.at).toBe(first?.saved?.at);
  });

  it('of two hosts, the one that had not heard of the other’s version is told, and overwrites nothing', async () => {
    const its = record();
    const [here, there] = [host(its), host(its)];
    await here.save(group, null, item('One.'), 'Ada');
    // The other host has heard of the first version, and not of the second.
    await there.save(group, 1, item('One.'), 'Bea');
    expect(await there.save(group, null, item('Mine.'), 'Bea')).toMatchObject({ error: { code: 'stale' } });
    await here.save(group, 1, item('Two.'), 'Ada');
    const refused = await there.save(group, 1, item('Mine.'), 'Bea');
    expect(refused).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(refused.ok ? '' : refused.error.message).toContain('Ada saved version 2');
    expect(await there.save(group, 2, item('Mine.'), 'Bea')).toEqual({ ok: true, value: 3 });
    expect((await there.versions(group, 'template', 'ours')).map((one) => one.saved?.by)).toEqual([
      'Bea',
      'Ada',
      'Ada',
    ]);
  });

  it('keeps what a whole shelf takes away, and tells of versions older than the keeping that their words are gone', async () => {
    const its = record();
    const book = host(its);
    await book.keep(group, null, { ...emptyShelf, templates: [named('One.')] }, 'Ada');
    await book.keep(group, book.of(group)?.version ?? null, emptyShelf, 'Ada');
    expect(await book.versions(group, 'template', 'ours')).toMatchObject([{ version: 1, saved: { by: 'Ada' } }]);
    expect(await book.save(group, null, item('Again.'), 'Ada')).toEqual({ ok: true, value: 2 });
    for (const id of its.held.keys()) if (id.startsWith('template-version-')) its.held.delete(id);
    const other = host(its);
    await other.save(group, null, item('x'), 'Bea');
    expect(await other.versions(group, 'template', 'ours')).toMatchObject([{ version: 2 }, { version: 1, item: null }]);
  });
});
