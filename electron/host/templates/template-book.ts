import { templateShelfSchema } from '../../../shared/api/index.ts';
import {
  changedSet,
  macroFaults,
  type TemplateOwner,
  type TemplateSet,
  type TemplateShelf,
  templateFaults,
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

  return {
    of,
    keep: async (owner, version, shelf, by) => {
      const faults = [
        ...shelf.templates.flatMap(templateFaults),
        ...shelf.macros.flatMap(macroFaults),
        ...twice(shelf),
      ];
      if (faults.length > 0) return err({ code: 'bad-templates', message: faults.slice(0, 5).join(' ') });
      const id = reportTemplatesId(owner);
      if (id === null)
        return err({ code: 'not-saved', message: 'The record cannot hold templates under this account’s name.' });
      const there = of(owner);
      if ((there?.version ?? null) !== version) return err(stale);
      const { numbers, ...next } = changedSet(there?.set ?? null, owner, shelf, { by, at: record.recordNow() });
      const text = JSON.stringify({ ...next.shelf, by: next.by, at: next.at, numbers });
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
    },
  };
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
    const { by, at, numbers } = value;
    if (!shelf.success || typeof by !== 'string' || typeof at !== 'number' || typeof numbers !== 'object') return null;
    const counted = Object.entries(numbers ?? {}).filter((entry): entry is [string, number] =>
      Number.isInteger(entry[1]),
    );
    return { owner, shelf: shelf.data, by, at, numbers: Object.fromEntries(counted) };
  } catch {
    return null;
  }
}
