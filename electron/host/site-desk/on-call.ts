import type { SiteDesk } from '../../../shared/api/index.ts';
import type { Site } from '../../../shared/domain/order/index.ts';
import { onShift, type Reader, type ReaderId, shiftWords } from '../../../shared/domain/reader/index.ts';
import type { SiteProfile } from '../../../shared/domain/site/index.ts';
import { readerOfRole } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { CredentialBook } from '../identity/credential-book.ts';
import type { RecordSync } from '../record/index.ts';

/** More numbers than these help nobody at a counter. */
const mostNumbers = 3;

/**
 * Whom of the group a site may phone now: readers on shift who gave a number and may report for it, those who stay longest first; where
 * nobody is, the lead's number that was agreed with the site. Empty where neither is known.
 */
export function createOnCall(parts: {
  readonly credentials: Pick<CredentialBook, 'of'>;
  readonly sync: Pick<RecordSync, 'get' | 'all'>;
  readonly profiles: () => readonly SiteProfile[];
  readonly recordNow: () => Instant;
}): (site: Site) => SiteDesk['onCall'] {
  const { credentials, sync, profiles, recordNow } = parts;
  return (site) => {
    const now = recordNow();
    const ids = new Set(sync.all('PractitionerRole').flatMap(({ resource }) => readerOfRole(resource) ?? []));
    const found = [...ids].flatMap((id) => {
      const held = credentials.of({ id: id as ReaderId, states: [] } satisfies Pick<Reader, 'id' | 'states'>);
      if (held === 'unrestricted' || held.phone === undefined) return [];
      const reports = held.privileges?.some(
        (one) => one.site === site.id && one.level !== 'look' && one.level !== 'draft',
      );
      const licensed = held.licences.some((one) => one.state === site.state);
      const standing = onShift(held, now);
      if (reports === false || !licensed || standing.kind !== 'on') return [];
      const [name] = sync.get('Practitioner', id)?.resource.name ?? [];
      return [{ name: name?.text ?? name?.family ?? 'A reader', phone: held.phone, until: standing.until, standing }];
    });
    if (found.length > 0)
      return found
        .sort((a, b) => b.until - a.until || (a.name < b.name ? -1 : 1))
        .slice(0, mostNumbers)
        .map(({ name, phone, standing }) => ({ name, phone, words: shiftWords(standing) }));
    return (profiles().find((one) => one.site.id === site.id)?.contacts ?? [])
      .filter((one) => one.role === 'lead')
      .map(({ name, phone }) => ({ name, phone, words: 'nobody on shift has given a number' }));
  };
}
