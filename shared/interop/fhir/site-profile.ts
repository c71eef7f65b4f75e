import type { Basic } from '@medplum/fhirtypes';
import { profileFromJson, profileToJson, type SiteProfile } from '../../domain/site/index.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { err, type Result } from '../../lib/result.ts';
import { at, codeIn, extensionOf, textAt } from './read.ts';
import { ours } from './systems.ts';

/** Logical id of a site's profile: one of a site, whoever writes it. */
export function siteProfileId(siteId: string): string {
  return `site-profile-${siteId}`;
}

/**
 * A site's profile as a Basic about its Organization. R4 has no resource for a contract's clock, so its words stand as one JSON text in an
 * extension: every R4 server keeps that as it was, and what is read back is checked like a file that a stranger wrote.
 */
export function siteProfileToFhir(profile: SiteProfile): Basic {
  return {
    resourceType: 'Basic',
    id: siteProfileId(profile.site.id),
    extension: [{ url: ours.siteProfile, valueString: canonicalJson(profileToJson(profile)) }],
    code: { coding: [{ system: ours.siteProfile, code: 'site-profile' }] },
    subject: { reference: `Organization/${profile.site.id}`, display: profile.site.name },
  };
}

export type ProfileReadFailure = {
  readonly code: 'not-a-site-profile' | 'bad-profile';
  readonly faults: readonly string[];
};

export function siteProfileFromFhir(resource: unknown): Result<SiteProfile, ProfileReadFailure> {
  if (at(resource, 'resourceType') !== 'Basic' || codeIn(at(resource, 'code'), ours.siteProfile) !== 'site-profile')
    return err({ code: 'not-a-site-profile', faults: [] });
  const read = profileFromJson(
    withoutChannels(parsed(textAt(extensionOf(resource, ours.siteProfile), 'valueString') ?? '')),
  );
  if (!read.ok) return read;
  return siteProfileId(read.value.site.id) === textAt(resource, 'id')
    ? read
    : err({ code: 'bad-profile', faults: ['The id is not that of its site.'] });
}

/** Profiles had a list of channels once that nothing obeyed: what was agreed with a site must not be lost by it. */
function withoutChannels(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { channels: _channels, ...rest } = value as { readonly [member: string]: unknown };
  return rest;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
