import type { Basic } from '@medplum/fhirtypes';
import type { RuleOwner } from '../../domain/hanging/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { at, codeIn, extensionOf, textAt } from './read.ts';
import { ours } from './systems.ts';

/** Logical id of an owner's rules: one of each, whoever writes them. Null for an owner whose id no FHIR id can hold (R4 datatypes, id). */
export function hangingRulesId(owner: RuleOwner): string | null {
  const id = owner.kind === 'group' ? 'hanging-group' : `hanging-${owner.kind}-${owner.id}`;
  return /^[A-Za-z0-9.-]{1,64}$/.test(id) ? id : null;
}

/**
 * An owner's rules as a Basic. R4 has no resource for a layout, so they stand as one JSON text in an extension: every R4 server keeps that
 * as it was, and what is read back is checked like a file that a stranger wrote.
 */
export function hangingRulesToFhir(id: string, text: string): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id,
    extension: [{ url: ours.hangingRules, valueString: text }],
    code: { coding: [{ system: ours.hangingRules, code: 'hanging-protocols' }] },
  };
}

export function hangingRulesFromFhir(resource: unknown): Result<string, 'not-hanging-rules'> {
  const text = textAt(extensionOf(resource, ours.hangingRules), 'valueString');
  const isOurs = at(resource, 'resourceType') === 'Basic' && codeIn(at(resource, 'code'), ours.hangingRules) !== null;
  return isOurs && text !== null ? ok(text) : err('not-hanging-rules');
}
