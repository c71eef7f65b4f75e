import type { HangingRuleSet } from '../../../shared/api/index.ts';
import { hangingProtocolSchema, ownFaults } from '../../../shared/api/index.ts';
import {
  changed,
  type HangingProtocol,
  type RuleOwner,
  type RuleSet,
  type RuleVersion,
  undone,
} from '../../../shared/domain/hanging/index.ts';
import { hangingRulesFromFhir, hangingRulesId, hangingRulesToFhir } from '../../../shared/interop/fhir/index.ts';
import { err, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import { keepInRecord, type RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';

/** What one owner's rules may take in the record, in characters; earlier versions go first. */
const longest = 800_000;

export type HangingFailure = {
  readonly code: 'stale' | 'too-long' | 'bad-rules' | 'nothing-to-undo' | 'not-saved';
  readonly message: string;
};

/** Rules by which studies hang, as the record holds them for readers, sites and the group: the same on every host of a group. */
export type HangingBook = {
  of(owner: RuleOwner): { readonly set: RuleSet; readonly version: string } | null;
  keep(
    owner: RuleOwner,
    version: string | null,
    protocols: readonly HangingProtocol[],
    by: string,
  ): Promise<Result<void, HangingFailure>>;
  undo(owner: RuleOwner, version: string, by: string): Promise<Result<void, HangingFailure>>;
};

const staleWords = 'Somebody changed these rules since you saw them. Look at them again; yours was not kept.';
const stale: HangingFailure = { code: 'stale', message: staleWords };

export function createHangingBook(parts: {
  readonly record: Pick<RecordClient, 'read' | 'put' | 'recordNow'>;
  readonly sync: Pick<RecordSync, 'get' | 'learn'>;
  readonly ports: Pick<Ports, 'log'>;
}): HangingBook {
  const { record, sync } = parts;

  const of: HangingBook['of'] = (owner) => {
    const id = hangingRulesId(owner);
    const found = id === null ? null : sync.get('Basic', id);
    if (found === null) return null;
    const text = hangingRulesFromFhir(found.resource);
    const set = text.ok ? readSet(owner, text.value) : null;
    if (set === null) {
      parts.ports.log.warn('hanging protocols in the record could not be read; they are left out', { id: id ?? '' });
      return null;
    }
    return { set, version: found.version };
  };

  const write = async (set: RuleSet, version: string | null): Promise<Result<void, HangingFailure>> => {
    const id = hangingRulesId(set.owner);
    if (id === null)
      return err({ code: 'not-saved', message: 'The record cannot hold rules under this account’s name.' });
    let kept = set;
    let text = JSON.stringify(kept);
    while (text.length > longest && kept.before.length > 0) {
      kept = { ...kept, before: kept.before.slice(1) };
      text = JSON.stringify(kept);
    }
    if (text.length > longest)
      return err({ code: 'too-long', message: 'These rules are more than the record takes for one owner.' });
    const resource = hangingRulesToFhir(id, text);
    return keepInRecord(parts, { resource, over: version, called: 'the rules', staleWords });
  };

  return {
    of,
    keep: async (owner, version, protocols, by) => {
      const faults = protocols.flatMap(ownFaults);
      if (faults.length > 0) return err({ code: 'bad-rules', message: faults.slice(0, 5).join(' ') });
      const there = of(owner);
      if ((there?.version ?? null) !== version) return err(stale);
      return write(changed(there?.set ?? null, owner, { protocols, by, at: record.recordNow() }), version);
    },
    undo: async (owner, version, by) => {
      const there = of(owner);
      if (there === null || there.version !== version) return err(stale);
      const before = undone(there.set, by, record.recordNow());
      if (before === null) return err({ code: 'nothing-to-undo', message: 'There is nothing left to undo.' });
      return write(before, version);
    },
  };
}

/** What the record holds, checked like a stranger's file; null where any of it is not of the form. */
function readSet(owner: RuleOwner, text: string): RuleSet | null {
  try {
    const value = JSON.parse(text, (key, found) => (key === '__proto__' ? undefined : found)) as {
      readonly now?: unknown;
      readonly before?: unknown;
    };
    const now = readVersion(value.now);
    const before = Array.isArray(value.before) ? value.before.map(readVersion) : [];
    return now === null || before.includes(null) ? null : { owner, now, before: before.flatMap((one) => one ?? []) };
  } catch {
    return null;
  }
}

function readVersion(value: unknown): RuleVersion | null {
  if (typeof value !== 'object' || value === null) return null;
  const { protocols, by, at } = value as { readonly [key: string]: unknown };
  if (!Array.isArray(protocols) || typeof by !== 'string' || typeof at !== 'number') return null;
  const read = protocols.map((one) => hangingProtocolSchema.safeParse(one));
  return read.every((one) => one.success) ? { protocols: read.flatMap((one) => one.data ?? []), by, at } : null;
}

/** A set as the page is told of it. */
export function shownSet(
  owner: RuleOwner,
  found: ReturnType<HangingBook['of']>,
  more: { readonly name: string; readonly mayChange: boolean },
): HangingRuleSet {
  return {
    owner,
    ...more,
    protocols: found?.set.now.protocols ?? [],
    version: found?.version ?? null,
    changed: found === null ? null : { by: found.set.now.by, at: found.set.now.at },
    undo: found?.set.before.length ?? 0,
  };
}
