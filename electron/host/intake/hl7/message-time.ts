import type { Extension } from '@medplum/fhirtypes';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../../../shared/lib/instant.ts';

/** When the last message that changed a resource was sent (MSH-7): a message that was overtaken must not set things back. */
const messageTime = 'urn:overread:message-time';

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
