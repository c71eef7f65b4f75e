import { templateShelfSchema } from '../../../shared/api/index.ts';
import {
  changedSet,
  macroFaults,
  numberKey,
  outgoingVersions,
  sameWords,
  type TemplateItem,
  type TemplateOwner,
  type TemplateSet,
  type TemplateShelf,
  templateFaults,
  type VersionStamp,
  withOne,
} from '../../../shared/domain/template/index.ts';
import {
  reportTemplatesFromFhir,
  reportTemplatesId,
  reportTemplatesToFhir,
} from '../../../shared/interop/fhir/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { type KeptVersion, keptVersions } from './kept-versions.ts';

/** What one owner's templates may take in the record, in characters. */
const longest = 800_000;

export type TemplateFailure = {
  readonly code: 'stale' | 'too-long' | 'bad-templates' | 'not-saved';
  readonly message: string;
};

/** Report templates as the record holds them for readers, sites and the group: the same on every host of a group. */
export type TemplateBook = {
  of(owner: TemplateOwner): { readonly set: TemplateSet; readonly version: string } | null;
  keep(
    owner: TemplateOwner,
    version: string | null,
    shelf: TemplateShelf,
    by: string,
  ): Promise<Result<void, TemplateFailure>>;
  /** One of them as the next version of what `replaces` names, whatever else was changed on the shelf; answers the version. */
  save(
    owner: TemplateOwner,
    replaces: number | null,
    item: TemplateItem,
    by: string,
  ): Promise<Result<number, TemplateFailure>>;
  /** All versions, the newest first. */
  versions(owner: TemplateOwner, kind: TemplateItem['kind'], id: string): Promise<readonly KeptVersion[]>;
};

const stale: TemplateFailure = {
  code: 'stale',
  message: 'Somebody changed these templates since you saw them. Look at them again; yours were not kept.',
};

export function createTemplateBook(parts: {
  readonly record: Pick<RecordClient, 'read' | 'put' | 'recordNow'>;
  readonly sync: Pick<RecordSync, 'get' | 'learn'>;
  readonly ports: Pick<Ports, 'log'>;
}): TemplateBook {
  const { record, sync } = parts;
  const versions = keptVersions(parts);

  const of: TemplateBook['of'] = (owner) => {
    const id = reportTemplatesId(owner);
    const found = id === null ? null : sync.get('Basic', id);
    if (found === null) return null;
    const text = reportTemplatesFromFhir(found.resource);
    const set = text.ok ? readSet(owner, text.value) : null;
    if (set === null) {
      parts.ports.log.warn('report templates in the record could not be read; they are left out', { id: id ?? '' });
      return null;
    }
    return { set, version: found.version };
  };

  const keep: TemplateBook['keep'] = async (owner, version, shelf, by) => {
    const faults = [...shelf.templates.flatMap(templateFaults), ...shelf.macros.flatMap(macroFaults), ...twice(shelf)];
    if (faults.length > 0) return err({ code: 'bad-templates', message: faults.slice(0, 5).join(' ') });
    const id = reportTemplatesId(owner);
    if (id === null)
      return err({ code: 'not-saved', message: 'The record cannot hold templates under this account’s name.' });
    const there = of(owner);
    if ((there?.version ?? null) !== version) return err(stale);
    // The record's clock is told to a few milliseconds: no version is saved before the one that it replaces.
    const at = Math.max(record.recordNow(), there?.set.at ?? 0);
    const { numbers, stamps, ...next } = changedSet(there?.set ?? null, owner, shelf, { by, at });
    const text = JSON.stringify({ ...next.shelf, by: next.by, at: next.at, numbers, stamps });
    if (text.length > longest)
      return err({ code: 'too-long', message: 'These templates are more than the record takes for one owner.' });
    if (version === null) {
      const before = await record.read('Basic', id);
      if (before.ok) {
        sync.learn(before.value);
        return err(stale);
      }
      if (before.error.code !== 'not-found')
        return err({ code: 'not-saved', message: `The record did not answer: ${before.error.message}` });
    }
    // What the next one takes the place of is kept before it does: it is true whether or not this change comes through.
    for (const outgoing of outgoingVersions(there?.set ?? null, shelf)) {
      const kept = await versions.keep(owner, outgoing);
      if (!kept.ok) return err({ code: 'not-saved', message: kept.error });
    }
    const put = await record.put(reportTemplatesToFhir(id, text), version === null ? {} : { ifMatch: version });
    if (put.ok) {
      sync.learn(put.value);
      return ok(undefined);
    }
    return err(
      put.error.code === 'version-conflict'
        ? stale
        : { code: 'not-saved', message: `The record did not take the templates: ${put.error.message}` },
    );
  };

  const current = (owner: TemplateOwner, item: Pick<TemplateItem, 'kind'>, id: string): TemplateItem | null => {
    const shelf = of(owner)?.set.shelf;
    if (item.kind === 'template') {
      const template = shelf?.templates.find((one) => one.id === id);
      return template === undefined ? null : { kind: 'template', template };
    }
    const macro = shelf?.macros.find((one) => one.id === id);
    return macro === undefined ? null : { kind: 'macro', macro };
  };

  return {
    of,
    keep,
    save: async (owner, replaces, item, by) => {
      for (let tries = 0; tries < 4; tries += 1) {
        const there = of(owner);
        const wanted = itemValue(item);
        const standing = current(owner, item, wanted.id);
        // An answer that was lost on its way: the words are there, and saving them again makes no second version.
        if (standing !== null && sameWords(itemValue(standing), wanted)) return ok(itemValue(standing).version);
        if ((standing === null ? null : itemValue(standing).version) !== replaces)
          return err({ code: 'stale', message: otherWords(item, standing, there?.set.stamps) });
        const shelf = there?.set.shelf ?? { templates: [], macros: [], disabled: [] };
        const kept = await keep(
          owner,
          there?.version ?? null,
          item.kind === 'template'
            ? { ...shelf, templates: withOne(shelf.templates, item.template) }
            : { ...shelf, macros: withOne(shelf.macros, item.macro) },
          by,
        );
        if (kept.ok) {
          const now = current(owner, item, wanted.id);
          return ok(now === null ? 1 : itemValue(now).version);
        }
        if (kept.error.code !== 'stale') return kept;
        // Something else of the shelf was changed meanwhile, or this very item: the record tells which.
        const id = reportTemplatesId(owner);
        const read = id === null ? null : await record.read('Basic', id);
        if (read?.ok) sync.learn(read.value);
      }
      return err(stale);
    },
    versions: async (owner, kind, id) => {
      const set = of(owner)?.set;
      if (set === undefined) return [];
      const key = numberKey(kind, id);
      const standing = current(owner, { kind }, id);
      const highest = set.numbers[key] ?? (standing === null ? 0 : itemValue(standing).version);
      const now =
        standing === null
          ? []
          : [{ version: itemValue(standing).version, saved: set.stamps[key] ?? null, item: standing }];
      const before = await versions.all(owner, kind, id, now[0] === undefined ? highest : now[0].version - 1);
      return [...now, ...before];
    },
  };
}

function itemValue(item: TemplateItem) {
  return item.kind === 'template' ? item.template : item.macro;
}

/** Why one was not saved over what stands there, with who made that. */
function otherWords(
  item: TemplateItem,
  standing: TemplateItem | null,
  stamps: TemplateSet['stamps'] | undefined,
): string {
  const [it, name] = item.kind === 'template' ? ['template', item.template.title] : ['macro', item.macro.name];
  if (standing === null)
    return `The ${it} “${name}” is not there any more. Yours was not saved; it can be kept as a new one.`;
  const { id, version } = itemValue(standing);
  const stamp = stamps?.[numberKey(item.kind, id)];
  return `${stamp === undefined ? 'Somebody' : stamp.by} saved version ${version} of this ${it} since you opened it. Yours was not saved, and theirs stands.`;
}

function twice(shelf: TemplateShelf): readonly string[] {
  return [shelf.templates, shelf.macros].flatMap((all) => {
    const ids = all.map(({ id }) => id);
    const found = ids.find((id, at) => ids.indexOf(id) !== at);
    return found === undefined ? [] : [`Two have the id “${found}”.`];
  });
}

/** What the record holds, checked like a stranger's file; null where any of it is not of the form. */
function readSet(owner: TemplateOwner, text: string): TemplateSet | null {
  try {
    const value = JSON.parse(text, (key, found) => (key === '__proto__' ? undefined : found)) as {
      readonly [key: string]: unknown;
    };
    const shelf = templateShelfSchema.safeParse(value);
    const { by, at, numbers, stamps } = value;
    if (!shelf.success || typeof by !== 'string' || typeof at !== 'number' || typeof numbers !== 'object') return null;
    const counted = Object.entries(numbers ?? {}).filter((entry): entry is [string, number] =>
      Number.isInteger(entry[1]),
    );
    return { owner, shelf: shelf.data, by, at, numbers: Object.fromEntries(counted), stamps: stampsIn(stamps) };
  } catch {
    return null;
  }
}

function stampsIn(value: unknown): Readonly<Record<string, VersionStamp>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const { by, at } = (one ?? {}) as { readonly by?: unknown; readonly at?: unknown };
      return typeof by === 'string' && typeof at === 'number' ? [[key, { by, at }]] : [];
    }),
  );
}
