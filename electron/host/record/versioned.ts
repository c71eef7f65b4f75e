import type { Resource } from '@medplum/fhirtypes';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { Versioned } from './types.ts';

/**
 * A resource with the version that `If-Match` wants: `meta.versionId`, else the `ETag`'s (a proxy may put its own tag in the header).
 * Null where the server gives neither, or where `meta` is not what FHIR says.
 */
export function versionedOf<Kind extends Resource>(resource: Kind, etag: string | null): Versioned<Kind> | null {
  const meta: unknown = resource.meta;
  if (meta !== undefined && (typeof meta !== 'object' || meta === null)) return null;
  const { versionId, lastUpdated } = (meta ?? {}) as { versionId?: unknown; lastUpdated?: unknown };
  const version = typeof versionId === 'string' && versionId !== '' ? versionId : etag;
  if (version === null || /["\r\n]/.test(version)) return null;
  return { resource, version, lastUpdated: toInstantOf(typeof lastUpdated === 'string' ? lastUpdated : undefined) };
}

/** Servers write a FHIR `instant` in any zone and precision; what is no time at all is null. */
function toInstantOf(text: string | undefined): Instant | null {
  const parsed = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(parsed) ? null : instant(parsed);
}
