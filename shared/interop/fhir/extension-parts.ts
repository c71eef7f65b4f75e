import type { Extension } from '@medplum/fhirtypes';
import type { Person } from '../../domain/question/index.ts';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../lib/instant.ts';
import { at, extensionOf, listAt, oneOf, referenceId, textAt } from './read.ts';

/** Who made a step, when, and when the record had it. */
export type Stamp = { readonly id: string; readonly by: Person; readonly at: Instant; readonly recordedAt: Instant };

/** Null where one of them cannot be read: half a list would look like a whole one. */
export function all<Value>(
  entries: readonly unknown[],
  read: (entry: unknown) => Value | null,
): readonly Value[] | null {
  const values = entries.map(read);
  return values.includes(null) ? null : values.flatMap((one) => one ?? []);
}

/** Writes and reads what R4 has no element for, under names of one kind of matter: `urn:overread:critical-result:level`. */
export function extensionParts(kind: string) {
  const field = (name: string): string => `${kind}:${name}`;
  const word = (name: string, value: string): Extension[] =>
    value === '' ? [] : [{ url: field(name), valueString: value }];
  const code = (name: string, value: string): Extension => ({ url: field(name), valueCode: value });
  const moment = (name: string, value: Instant): Extension => ({
    url: field(name),
    valueInstant: toFhirInstant(value),
  });
  const person = (name: string, who: Person): Extension => ({
    url: field(name),
    valueReference: { reference: `Practitioner/${who.id}`, display: who.name },
  });
  const partOf = (entry: unknown, name: string): unknown => extensionOf(entry, field(name));
  const wordsIn = (entry: unknown, name: string): string => textAt(partOf(entry, name), 'valueString') ?? '';
  const momentIn = (entry: unknown, name: string): Instant | null => {
    const read = fromFhirInstant(textAt(partOf(entry, name), 'valueInstant') ?? '');
    return read.ok ? read.value : null;
  };
  const personOf = (entry: unknown, name: string): Person | null => {
    const reference = at(partOf(entry, name), 'valueReference');
    const id = referenceId(textAt(reference, 'reference'), 'Practitioner');
    return id === null ? null : { id, name: textAt(reference, 'display') ?? '' };
  };
  return {
    field,
    word,
    code,
    moment,
    person,
    group: (name: string, extension: readonly Extension[]): Extension => ({
      url: field(name),
      extension: [...extension],
    }),
    stamped: (one: Stamp): readonly Extension[] => [
      ...word('id', one.id),
      person('by', one.by),
      moment('at', one.at),
      moment('recorded-at', one.recordedAt),
    ],
    partOf,
    wordsIn,
    momentIn,
    personOf,
    codeOf: <Member extends string>(entry: unknown, name: string, members: readonly Member[]): Member | null =>
      oneOf(members, at(partOf(entry, name), 'valueCode')),
    groupsOf: (resource: unknown, name: string): readonly unknown[] =>
      listAt(resource, 'extension').filter((one) => at(one, 'url') === field(name)),
    stampFrom: (entry: unknown): Stamp | null => {
      const id = wordsIn(entry, 'id');
      const by = personOf(entry, 'by');
      const when = momentIn(entry, 'at');
      const recordedAt = momentIn(entry, 'recorded-at');
      return id === '' || by === null || when === null || recordedAt === null ? null : { id, by, at: when, recordedAt };
    },
  };
}
