/** A place in a file that somebody wrote, and the list of what is wrong in it. */
export type Field = { readonly value: unknown; readonly path: string; readonly faults: string[] };

const shown = (path: string): string => (path === '' ? 'The file' : path);

export function fault(field: Field, words: string): void {
  field.faults.push(`${shown(field.path)} ${words}`);
}

/** The members of an object, each with its path; a member that nobody reads is named, because it is mostly a slip of the pen. */
export function members<Name extends string>(field: Field, names: readonly Name[]): Readonly<Record<Name, Field>> {
  const { value, path, faults } = field;
  const whole = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  if (whole === null) fault(field, 'must be an object with { }.');
  const prefix = path === '' ? '' : `${path}.`;
  for (const name of Object.keys(whole ?? {})) {
    if (!(names as readonly string[]).includes(name)) faults.push(`${prefix}${name} is none of: ${names.join(', ')}.`);
  }
  const found = names.map((name) => {
    const own = whole !== null && Object.hasOwn(whole, name) ? (whole as Record<string, unknown>)[name] : undefined;
    // A missing object is said once, not again for each of its members.
    return [name, { value: own, path: `${prefix}${name}`, faults: whole === null ? [] : faults }];
  });
  return Object.fromEntries(found) as Readonly<Record<Name, Field>>;
}

export function items(field: Field): readonly Field[] {
  if (!Array.isArray(field.value)) {
    fault(field, 'must be a list with [ ].');
    return [];
  }
  return field.value.map((value: unknown, at) => ({ value, path: `${field.path}[${at}]`, faults: field.faults }));
}

/** Names with values, as in { "CT": ... }; names are the writer's own. */
export function entries(field: Field): readonly (readonly [string, Field])[] {
  if (typeof field.value !== 'object' || field.value === null || Array.isArray(field.value)) {
    fault(field, 'must be an object with { }.');
    return [];
  }
  return Object.entries(field.value).map(([name, value]) => [
    name,
    { value, path: `${field.path}.${name}`, faults: field.faults },
  ]);
}

export function words(field: Field, most = 200): string {
  const { value } = field;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value.trim();
  fault(field, `must be a text of 1 to ${most} characters.`);
  return '';
}

export function oneOf<Member extends string>(field: Field, allowed: readonly Member[]): Member {
  const found = allowed.find((one) => one === field.value);
  if (found === undefined) fault(field, `must be one of: ${allowed.join(', ')}.`);
  return found ?? (allowed[0] as Member);
}

export function flag(field: Field): boolean {
  if (typeof field.value !== 'boolean') fault(field, 'must be true or false.');
  return field.value === true;
}

export function count(field: Field, least: number, most: number): number {
  const { value } = field;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  fault(field, `must be a whole number from ${least} to ${most}.`);
  return least;
}

/** What `read` makes of a value that is there; `otherwise` where it is null or missing. */
export function optional<Value>(field: Field, otherwise: Value, read: (field: Field) => Value): Value {
  return field.value === undefined || field.value === null ? otherwise : read(field);
}
