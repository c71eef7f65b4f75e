/**
 * Reading what a server sent. Its types are promises of somebody else, so every step is checked: a wrong shape reads as absent,
 * and members that an object merely inherits are never seen.
 */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as { readonly [key: string | number]: unknown })[step];
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : null;
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The first extension of that url; undefined when there is none. */
export function extensionOf(value: unknown, url: string): unknown {
  return listAt(value, 'extension').find((one) => at(one, 'url') === url);
}

/** The last two segments of a reference without its version: relative and absolute references of one target read alike. */
export function plainReference(reference: string): string {
  return (reference.split('/_history/')[0] ?? '').split('/').slice(-2).join('/');
}

/** Logical id in a reference to `type`; null when it names something else. */
export function referenceId(reference: string | null, type: string): string | null {
  if (reference === null) return null;
  const [found, id] = plainReference(reference).split('/');
  return found === type && id !== undefined && id !== '' ? id : null;
}

/** R4 `id`: what may stand in a URL. */
export function isFhirId(text: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(text);
}

/** The value of the first coding of `system` in a CodeableConcept. */
export function codeIn(concept: unknown, system: string): string | null {
  return textAt(
    listAt(concept, 'coding').find((one) => at(one, 'system') === system),
    'code',
  );
}

/** A value of a union, or null. */
export function oneOf<Member extends string>(members: readonly Member[], value: unknown): Member | null {
  return members.find((member) => member === value) ?? null;
}
