import { mostVersions, reportMacroSchema, reportTemplateSchema } from '../../../shared/api/index.ts';
import type {
  OutgoingVersion,
  TemplateItem,
  TemplateOwner,
  VersionStamp,
} from '../../../shared/domain/template/index.ts';
import { reportTemplatesFromFhir, templateVersionToFhir } from '../../../shared/interop/fhir/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';

export type KeptVersion = {
  readonly version: number;
  readonly saved: VersionStamp | null;
  /** Null where the record has none of its words. */
  readonly item: TemplateItem | null;
};

/** A resource of its own for each version: from whose it is, what and which number, so that every host finds it and none makes two. */
function versionId(owner: TemplateOwner, kind: TemplateItem['kind'], id: string, version: number): string {
  const whose = owner.kind === 'group' ? 'group' : `${owner.kind} ${owner.id}`;
  return `template-version-${sha256(JSON.stringify([whose, kind, id, version])).slice(0, 40)}`;
}

/** Versions of templates and macros that others took the place of. Each is written once and never changed. */
export function keptVersions(parts: {
  readonly record: Pick<RecordClient, 'read' | 'put'>;
  readonly sync: Pick<RecordSync, 'get' | 'learn'>;
}) {
  const { record, sync } = parts;
  const found = async (id: string): Promise<unknown> => {
    const here = sync.get('Basic', id);
    if (here !== null) return here.resource;
    const read = await record.read('Basic', id);
    return read.ok ? read.value.resource : null;
  };
  return {
    keep: async (owner: TemplateOwner, { item, stamp }: OutgoingVersion): Promise<Result<void, string>> => {
      const { id: of, version } = item.kind === 'template' ? item.template : item.macro;
      const id = versionId(owner, item.kind, of, version);
      if (sync.get('Basic', id) !== null) return ok(undefined);
      const there = await record.read('Basic', id);
      if (there.ok) {
        sync.learn(there.value);
        return ok(undefined);
      }
      if (there.error.code !== 'not-found')
        return err(`The record did not keep the version before, so nothing was changed: ${there.error.message}`);
      const put = await record.put(templateVersionToFhir(id, JSON.stringify({ item, saved: stamp })));
      if (!put.ok)
        return err(`The record did not keep the version before, so nothing was changed: ${put.error.message}`);
      sync.learn(put.value);
      return ok(undefined);
    },
    /** From `highest` down. */
    all: async (
      owner: TemplateOwner,
      kind: TemplateItem['kind'],
      id: string,
      highest: number,
    ): Promise<readonly KeptVersion[]> => {
      const numbers = Array.from({ length: Math.min(Math.max(highest, 0), mostVersions - 1) }, (_, at) => highest - at);
      return Promise.all(
        numbers.map(async (version): Promise<KeptVersion> => {
          const resource = await found(versionId(owner, kind, id, version));
          const text = reportTemplatesFromFhir(resource);
          return { version, ...(text.ok ? readVersion(text.value) : { saved: null, item: null }) };
        }),
      );
    },
  };
}

/** What the record holds, checked like a stranger's file. */
function readVersion(text: string): Omit<KeptVersion, 'version'> {
  try {
    const { item, saved } = JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)) as {
      readonly item?: { readonly kind?: unknown; readonly template?: unknown; readonly macro?: unknown };
      readonly saved?: { readonly by?: unknown; readonly at?: unknown } | null;
    };
    const stamp = typeof saved?.by === 'string' && typeof saved.at === 'number' ? { by: saved.by, at: saved.at } : null;
    if (item?.kind === 'template') {
      const template = reportTemplateSchema.safeParse(item.template);
      return { saved: stamp, item: template.success ? { kind: 'template', template: template.data } : null };
    }
    const macro = reportMacroSchema.safeParse(item?.macro);
    return { saved: stamp, item: macro.success ? { kind: 'macro', macro: macro.data } : null };
  } catch {
    return { saved: null, item: null };
  }
}
