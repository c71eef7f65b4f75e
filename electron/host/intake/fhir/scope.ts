import type { OperationOutcome, Resource } from '@medplum/fhirtypes';

/** What a site's interface may write, and so may read back. Never tasks, provenance or the log of events. */
export const intakeTypes = ['ServiceRequest', 'Patient', 'Practitioner', 'Coverage', 'DiagnosticReport'] as const;
export type IntakeType = (typeof intakeTypes)[number];

export type IntakeResource = Extract<Resource, { resourceType: IntakeType }>;

/** Who writes: the token's name, and the site that it is bound to; null may write for any site. */
export type IntakeWriter = { readonly name: string; readonly site: string | null };

export type ScopeRefusal = {
  readonly status: 400 | 403 | 404 | 405 | 409 | 422;
  readonly code: OperationOutcome['issue'][number]['code'];
  readonly words: string;
};

/** Which site a resource that carries no site of its own was written for. */
export const siteMark = 'urn:overread:site';
/** Marks of ours that an order may bring. */
const orderMarks: ReadonlySet<string> = new Set([
  'urn:overread:laterality',
  'urn:overread:expected-instances',
  'urn:overread:requested-report',
  'urn:overread:unknown-priority',
]);

export function isIntakeType(type: string): type is IntakeType {
  return (intakeTypes as readonly string[]).includes(type);
}

/** Every `urn:overread:` name at any depth: with one of them a site could write a signer's key or a role. */
function ownNames(value: unknown, depth = 0): readonly string[] {
  if (depth > 60) return ['urn:overread:too-deep'];
  if (Array.isArray(value)) return value.flatMap((one) => ownNames(one, depth + 1));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      (key === 'url' || key === 'system') && typeof inner === 'string' && /^urn:overread:/i.test(inner)
        ? [inner]
        : ownNames(inner, depth + 1),
    );
  }
  return [];
}

/** Every site that an order names as its performer, however the reference is written. */
function performingSites(resource: IntakeResource): readonly string[] {
  if (resource.resourceType !== 'ServiceRequest') return [];
  return (resource.performer ?? []).flatMap((one) => {
    const [type, id] = (one.reference ?? '').split('/').slice(-2);
    return type === 'Organization' && id !== undefined ? [id] : [];
  });
}

/** The site that a resource belongs to: the performer of an order, else our mark; null where neither says. */
export function siteOf(resource: IntakeResource): string | null {
  return performingSites(resource)[0] ?? resource.extension?.find((one) => one.url === siteMark)?.valueString ?? null;
}

/** True for what this program wrote itself: people with accounts, and signed reports. */
function isOurs(resource: IntakeResource): boolean {
  if (resource.resourceType === 'Practitioner' || resource.resourceType === 'DiagnosticReport')
    return ownNames(resource).some((name) => name !== siteMark && name !== 'urn:overread:message-time');
  return false;
}

/** Whether the writer may put `wanted` over what is there; null where nothing stands in the way. */
export function scopeRefusal(
  writer: IntakeWriter,
  wanted: IntakeResource,
  existing: IntakeResource | null,
): ScopeRefusal | null {
  const allowed = wanted.resourceType === 'ServiceRequest' ? orderMarks : new Set<string>();
  const foreign = ownNames(wanted).find((name) => !allowed.has(name));
  if (foreign !== undefined)
    return {
      status: 422,
      code: 'business-rule',
      words: `${foreign.slice(0, 80)} is Overread's own and is not taken from outside.`,
    };
  if (wanted.resourceType === 'DiagnosticReport' && /^report-/i.test(wanted.id ?? ''))
    return { status: 403, code: 'forbidden', words: 'Ids that begin with report- belong to reports signed here.' };
  if (existing !== null && isOurs(existing))
    return {
      status: 403,
      code: 'forbidden',
      words: `${existing.resourceType}/${existing.id} was written by Overread and is not changed from outside.`,
    };
  if (writer.site === null) return null;
  // Of two performers one may be ours and the other the one that the list goes by.
  const said = performingSites(wanted).find((site) => site !== writer.site) ?? siteOf(wanted);
  if (said !== null && said !== writer.site)
    return {
      status: 403,
      code: 'forbidden',
      words: `The token is bound to site ${writer.site}; the resource is of ${said.slice(0, 64)}.`,
    };
  if (existing !== null && siteOf(existing) !== writer.site)
    return {
      status: 403,
      code: 'forbidden',
      words: `${existing.resourceType}/${existing.id} is not of site ${writer.site}.`,
    };
  return null;
}

/** What a resource hangs on: another site's patient or order must not be reached through an order of one's own. */
export function hangsOn(
  resource: IntakeResource,
): readonly { readonly type: 'Patient' | 'ServiceRequest'; readonly id: string }[] {
  const named =
    resource.resourceType === 'ServiceRequest'
      ? [resource.subject, ...(resource.basedOn ?? [])]
      : resource.resourceType === 'Coverage'
        ? [resource.beneficiary, resource.subscriber]
        : resource.resourceType === 'DiagnosticReport'
          ? [resource.subject, ...(resource.basedOn ?? [])]
          : [];
  return named.flatMap((one) => {
    const [type, id] = (one?.reference ?? '').split('/').slice(-2);
    return (type === 'Patient' || type === 'ServiceRequest') && id !== undefined && id !== '' ? [{ type, id }] : [];
  });
}

/** The resource with its site said in it, where the writer is bound to one. */
export function withSite<Kind extends IntakeResource>(writer: IntakeWriter, resource: Kind): Kind {
  if (writer.site === null || siteOf(resource) !== null) return resource;
  if (resource.resourceType === 'ServiceRequest') {
    return { ...resource, performer: [{ reference: `Organization/${writer.site}` }, ...(resource.performer ?? [])] };
  }
  return { ...resource, extension: [...(resource.extension ?? []), { url: siteMark, valueString: writer.site }] };
}
