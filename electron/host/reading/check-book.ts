import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checksFileSchema, keptChecksSchema } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import { checkWeightsFromFhir, checkWeightsId, checkWeightsToFhir } from '../../../shared/interop/fhir/index.ts';
import { err, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import { keepInRecord, type RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';

/** What the group has turned the checks before signing down to: the same on every host, in the record. */
export type CheckBook = {
  /** Nothing is turned down where nothing was kept, or it cannot be understood. */
  weights(): Promise<CheckWeights>;
  standing(): Promise<CheckStanding>;
  /** In place of what `version` names; a host with a file of its own takes no change. */
  keep(version: string | null, weights: CheckWeights, by: string): Promise<Result<void, CheckBookFailure>>;
};

export type CheckStanding = {
  readonly weights: CheckWeights;
  /** `file`: `checks.json` in the data folder of this host, which goes before the record. Read again where it has changed. */
  readonly kept: 'record' | 'file';
  readonly version: string | null;
  readonly changed: { readonly by: string; readonly at: number } | null;
};

export type CheckBookFailure = { readonly code: 'stale' | 'file' | 'not-saved'; readonly message: string };

const largestFile = 64 * 1024;
const asShipped: CheckWeights = {};
const staleWords = 'Somebody changed the checks since you saw them. Look at them again; yours were not kept.';

export function openCheckBook(parts: {
  readonly directory: string;
  readonly record: Pick<RecordClient, 'read' | 'put' | 'recordNow'>;
  readonly sync: Pick<RecordSync, 'get' | 'learn'>;
  readonly ports: Pick<Ports, 'log'>;
}): CheckBook {
  const { record, sync, ports } = parts;
  const file = join(parts.directory, 'checks.json');
  let seen = '';
  let ofFile: CheckWeights | null = null;

  /** Null where there is no file. */
  const fileNow = async (): Promise<CheckWeights | null> => {
    const state = await stat(file).catch(() => null);
    const now = state === null ? 'none' : `${state.size}|${state.mtimeMs}`;
    if (now === seen) return ofFile;
    seen = now;
    const read = state === null ? null : state.size > largestFile ? 'larger than 64 kB' : await readWeights(file);
    ofFile = typeof read === 'string' ? asShipped : read;
    if (typeof read === 'string')
      ports.log.warn('the file of checks was left out: every rule is as shipped', { why: read });
    return ofFile;
  };

  const ofRecord = (): CheckStanding => {
    const found = sync.get('Basic', checkWeightsId);
    const text = found === null ? null : checkWeightsFromFhir(found.resource);
    const read = text?.ok ? parsed(text.value) : null;
    if (found !== null && read === null)
      ports.log.warn('the checks in the record could not be read: all are as shipped');
    return {
      weights: read?.rules ?? asShipped,
      kept: 'record',
      version: found?.version ?? null,
      changed: read === null ? null : { by: read.by, at: read.at },
    };
  };

  const standing = async (): Promise<CheckStanding> => {
    const weights = await fileNow();
    return weights === null ? ofRecord() : { weights, kept: 'file', version: null, changed: null };
  };

  return {
    standing,
    weights: async () => (await standing()).weights,
    keep: async (version, weights, by) => {
      const now = await standing();
      if (now.kept === 'file')
        return err({
          code: 'file',
          message:
            'This host takes its checks from the file checks.json in its data folder. Change it there, or take it away.',
        });
      if (now.version !== version) return err({ code: 'stale', message: staleWords });
      const kept = { schema: 'overread-checks-1', rules: weights, by, at: record.recordNow() };
      const resource = checkWeightsToFhir(JSON.stringify(kept));
      return keepInRecord(parts, { resource, over: version, called: 'the checks', staleWords });
    },
  };
}

function parsed(text: string) {
  try {
    const read = keptChecksSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

async function readWeights(file: string): Promise<CheckWeights | string> {
  try {
    const parsed = checksFileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data.rules;
    const first = parsed.error.issues[0];
    return first === undefined ? 'no file of checks' : `${first.path.join('.')}: ${first.message}`;
  } catch (reason) {
    return reason instanceof SyntaxError ? 'not JSON' : 'cannot be read';
  }
}
