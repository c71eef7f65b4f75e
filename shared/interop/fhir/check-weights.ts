import type { Basic } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../lib/result.ts';
import { at, codeIn, extensionOf, textAt } from './read.ts';
import { ours } from './systems.ts';

/** Logical id of what a group has turned the checks before signing down to: one, whoever writes it. */
export const checkWeightsId = 'checks-group';

/** As a Basic with one JSON text: what is read back is checked like a stranger's file. */
export function checkWeightsToFhir(text: string): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id: checkWeightsId,
    extension: [{ url: ours.checkWeights, valueString: text }],
    code: { coding: [{ system: ours.checkWeights, code: 'check-weights' }] },
  };
}

export function checkWeightsFromFhir(resource: unknown): Result<string, 'no-check-weights'> {
  const text = textAt(extensionOf(resource, ours.checkWeights), 'valueString');
  const isOurs = at(resource, 'resourceType') === 'Basic' && codeIn(at(resource, 'code'), ours.checkWeights) !== null;
  return isOurs && text !== null ? ok(text) : err('no-check-weights');
}
