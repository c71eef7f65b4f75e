import type { Basic } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordSync } from './sync.ts';
import type { RecordClient } from './types.ts';

/** `stale`: it is another one by now, and nothing was changed. */
export type NotKept = { readonly code: 'stale' | 'not-saved'; readonly message: string };

/**
 * Keeps what a group agrees on in one resource, in place of the version that its author saw, or of none (null). What the record holds
 * instead is learnt on the way, so that the next look shows it.
 */
export async function keepInRecord(
  parts: {
    readonly record: Pick<RecordClient, 'read' | 'put'>;
    readonly sync: Pick<RecordSync, 'learn'>;
  },
  change: {
    readonly resource: Basic & { readonly id: string };
    readonly over: string | null;
    /** What it is, within a sentence. */
    readonly called: string;
    /** Said to whoever saw an older one. */
    readonly staleWords: string;
  },
): Promise<Result<void, NotKept>> {
  const { record, sync } = parts;
  const { resource, over } = change;
  const stale: NotKept = { code: 'stale', message: change.staleWords };
  if (over === null) {
    const there = await record.read('Basic', resource.id);
    if (there.ok) {
      sync.learn(there.value);
      return err(stale);
    }
    if (there.error.code !== 'not-found')
      return err({ code: 'not-saved', message: `The record did not answer: ${there.error.message}` });
  }
  const put = await record.put(resource, over === null ? {} : { ifMatch: over });
  if (put.ok) {
    sync.learn(put.value);
    return ok(undefined);
  }
  return err(
    put.error.code === 'version-conflict'
      ? stale
      : { code: 'not-saved', message: `The record did not take ${change.called}: ${put.error.message}` },
  );
}
