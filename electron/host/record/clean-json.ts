import { err, ok, type Result } from '../../../shared/lib/result.ts';

/** A text that might spell one of the refused names, plainly or by `\u` escapes; reading with a reviver costs three times as much. */
const suspicious = /__proto__|constructor|prototype|\\u/;

/** Names that reach an object's prototype when a careless copy assigns them. No element of FHIR R4 is called so. */
const refusedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads JSON from a stranger and leaves out members that could choose an object's prototype. */
export function cleanJson(text: string): Result<unknown, 'not-json'> {
  try {
    const reviver = (name: string, value: unknown): unknown => (refusedNames.has(name) ? undefined : value);
    return ok(suspicious.test(text) ? JSON.parse(text, reviver) : JSON.parse(text));
  } catch {
    return err('not-json');
  }
}
