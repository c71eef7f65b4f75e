import type { Extension } from '@medplum/fhirtypes';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../../../shared/lib/instant.ts';

/** When the last message that changed a resource was sent (MSH-7): a message that was overtaken must not set things back. */
const messageTime = 'urn:overread:message-time';

/** The messages that made a resource what it is, oldest first, by their keys. */
const messageKey = 'urn:overread:message';
/** A repeat comes soon or never; the record is no ledger. */
const mostKeys = 12;

type Extended = { readonly extension?: readonly Extension[] };

export function withMessageTime<Of extends Extended>(resource: Of, at: Instant | null): Of {
  if (at === null) return resource;
  const others = (resource.extension ?? []).filter((one) => one.url !== messageTime);
  return { ...resource, extension: [...others, { url: messageTime, valueInstant: toFhirInstant(at) }] };
}

/** True where something later is known already. A sender without a time of its own is taken at its word. */
export function isOvertaken(resource: Extended | null, at: Instant | null): boolean {
  const known = fromFhirInstant(resource?.extension?.find((one) => one.url === messageTime)?.valueInstant ?? '');
  return known.ok && at !== null && at < known.value;
}

/**
 * Several hosts of a group may listen, each with a ledger of its own: a message that one took in may be repeated to another when its
 * acknowledgement was lost. The resource itself tells that it was applied, so that the repeat changes nothing and tells nothing twice.
 */
export function withMessage<Of extends Extended>(resource: Of, key: string): Of {
  const known = keysOf(resource);
  if (known.includes(key)) return resource;
  const others = (resource.extension ?? []).filter((one) => one.url !== messageKey);
  const keys = [...known, key].slice(-mostKeys).map((one) => ({ url: messageKey, valueString: one }));
  return { ...resource, extension: [...others, ...keys] };
}

/** Whether this message was applied to the resource already, by whichever host; `made`: it is the one that made it. */
export function takenFrom(
  resource: Extended | null,
  key: string,
): { readonly before: boolean; readonly made: boolean } {
  const known = keysOf(resource);
  return { before: known.includes(key), made: known[0] === key };
}

function keysOf(resource: Extended | null): readonly string[] {
  return (resource?.extension ?? []).flatMap((one) => (one.url === messageKey ? (one.valueString ?? []) : []));
}
