import { evalFhirPathTyped, getSearchParameterDetails, type TypedValue, toTypedValue } from '@medplum/core';
import type { CodeableConcept, Coding, ContactPoint, Identifier, Reference, Resource } from '@medplum/fhirtypes';
import { hashedParameters } from './definitions.ts';

/** One thing a resource can be found by: parameter and value in the form in which a search names it. */
export type SearchKey = { readonly parameter: string; readonly value: string };

/** A key that every resource with a value for the parameter has, so that `:missing` can be answered. */
export const present = '\u0000present';

/** Everything that a resource can be found by with equality: tokens, references and URIs (FHIR R4 search.html 3.1.1.4). */
export function searchKeys(resource: Resource): SearchKey[] {
  const keys: SearchKey[] = [];
  for (const parameter of hashedParameters(resource.resourceType)) {
    const code = parameter.code ?? '';
    const details = getSearchParameterDetails(resource.resourceType, parameter);
    const values = evalFhirPathTyped(details.parsedExpression, [toTypedValue(resource)]) as TypedValue[];
    const texts = new Set(values.flatMap((value) => textsOf(parameter.type ?? '', value)));
    for (const value of texts) keys.push({ parameter: code, value });
    if (texts.size > 0) keys.push({ parameter: code, value: present });
  }
  return keys;
}

function textsOf(kind: string, { type, value }: TypedValue): string[] {
  if (value === undefined || value === null) return [];
  if (kind === 'reference') return referenceTexts(value);
  if (kind === 'uri') return typeof value === 'string' ? [value] : [];
  switch (type) {
    case 'Identifier':
      return tokenTexts((value as Identifier).system, (value as Identifier).value);
    case 'Coding':
      return tokenTexts((value as Coding).system, (value as Coding).code);
    case 'CodeableConcept':
      return ((value as CodeableConcept).coding ?? []).flatMap((one) => tokenTexts(one.system, one.code));
    case 'ContactPoint':
      return tokenTexts((value as ContactPoint).system, (value as ContactPoint).value);
    default:
      return ['string', 'number', 'boolean'].includes(typeof value) ? tokenTexts(undefined, String(value)) : [];
  }
}

/** The four ways to ask for a token: `value`, `system|value`, `|value` (no system), `system|` (any value of it). */
function tokenTexts(system: string | undefined, value: string | undefined): string[] {
  const texts: string[] = [];
  if (value !== undefined) texts.push(value, `${system ?? ''}|${value}`);
  if (system !== undefined) texts.push(`${system}|`);
  return texts;
}

function referenceTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const { reference, identifier } = value as Reference;
  const texts: string[] = [];
  if (typeof reference === 'string' && reference !== '') {
    texts.push(reference);
    const relative = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.+)?$/.exec(reference);
    if (relative?.[2] !== undefined) texts.push(`${relative[1]}/${relative[2]}`, relative[2]);
  }
  if (identifier !== undefined)
    for (const text of tokenTexts(identifier.system, identifier.value)) texts.push(`${identifierMark}${text}`);
  return texts;
}

/** Before a token that stands in a reference's `identifier` (modifier `:identifier`); no reference begins so. */
export const identifierMark = '\u0000identifier:';
