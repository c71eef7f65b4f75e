import { mostTemplateWorks, type TemplateWorkView, writtenSchema } from '../../../shared/api/index.ts';
import type { Written } from '../../../shared/domain/template/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedJournal } from '../journal/index.ts';
import type { Ports } from '../ports.ts';

export type WorkFailure = { readonly code: 'stale-draft' | 'not-saved' | 'too-many'; readonly message: string };

/** Templates and macros that readers have begun to write and not saved: in the journal, sealed, each reader's her own. */
export type TemplateWorks = {
  of(readerId: string): Promise<readonly TemplateWorkView[]>;
  /** On disk before it answers. Null ends the work and lets its words go. */
  keep(
    readerId: string,
    key: string,
    revision: number,
    written: Written | null,
  ): Promise<Result<{ readonly revision: number; readonly at: number }, WorkFailure>>;
};

const kind = 'template-work';

export function createTemplateWorks(parts: {
  readonly journal: Pick<OpenedJournal, 'append' | 'latest' | 'letGo'>;
  readonly ports: Pick<Ports, 'now'>;
}): TemplateWorks {
  const { journal, ports } = parts;
  const running = new Map<string, Promise<unknown>>();
  const listKey = (readerId: string): string => `${readerId}|`;
  const workKey = (readerId: string, key: string): string => `${readerId}|${key}`;
  const keysOf = async (readerId: string): Promise<readonly string[]> => {
    const body = (await journal.latest(kind, listKey(readerId)))?.body;
    return Array.isArray(body) ? body.filter((one) => typeof one === 'string') : [];
  };
  const workOf = async (readerId: string, key: string): Promise<TemplateWorkView | null> => {
    const body = (await journal.latest(kind, workKey(readerId, key)))?.body as
      | { readonly revision?: unknown; readonly at?: unknown; readonly written?: unknown }
      | undefined;
    const written = writtenSchema.safeParse(body?.written);
    if (!written.success || typeof body?.revision !== 'number' || typeof body.at !== 'number') return null;
    return { key, revision: body.revision, at: body.at, written: written.data };
  };

  const keep: TemplateWorks['keep'] = async (readerId, key, revision, written) => {
    const keys = await keysOf(readerId);
    const before = keys.includes(key) ? await workOf(readerId, key) : null;
    if (before !== null && revision <= before.revision)
      return err({
        code: 'stale-draft',
        message: 'Another window has newer words of this. Nothing of it was overwritten.',
      });
    const at = ports.now();
    if (written === null) {
      const kept = await journal.append([{ kind, key: listKey(readerId), body: keys.filter((one) => one !== key) }]);
      if (!kept.ok) return err({ code: 'not-saved', message: kept.error.message });
      await journal.letGo(kind, [workKey(readerId, key)]);
      return ok({ revision, at });
    }
    if (!keys.includes(key) && keys.length >= mostTemplateWorks)
      return err({ code: 'too-many', message: 'Too many are begun and not saved. Save or discard one of them first.' });
    const kept = await journal.append([
      ...(keys.includes(key) ? [] : [{ kind, key: listKey(readerId), body: [...keys, key] } as const]),
      { kind, key: workKey(readerId, key), body: { revision, at, written } },
    ]);
    return kept.ok ? ok({ revision, at }) : err({ code: 'not-saved', message: kept.error.message });
  };

  return {
    of: async (readerId) => {
      const works = await Promise.all((await keysOf(readerId)).map((key) => workOf(readerId, key)));
      return works.filter((one) => one !== null);
    },
    keep: (readerId, key, revision, written) => {
      // One at a time for each reader: two that cross would both pass the check of the revision.
      const turn = (running.get(readerId) ?? Promise.resolve()).then(() => keep(readerId, key, revision, written));
      running.set(
        readerId,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}
