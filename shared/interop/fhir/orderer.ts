import type { HumanName, Practitioner, ServiceRequest } from '@medplum/fhirtypes';
import { agreesOnName, type Orderer, type OrdererName, ordererKey } from '../../domain/order/index.ts';
import { npiIsValid } from '../../domain/reader/index.ts';
import { deriveId } from '../../domain/report/index.ts';
import { at, isFhirId, listAt, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/** Ids of this form are made from what identifies a physician; nobody else may take one. */
export const ordererIdPrefix = 'orderer';

/** The Practitioner's id, so that every host and every door comes to the same; null where only a name is known, or an NPI that is none. */
export function practitionerIdOf(orderer: Orderer, siteId: string, sha256: (text: string) => string): string | null {
  if (orderer.npi !== null && !npiIsValid(orderer.npi)) return null;
  const key = ordererKey(orderer, siteId);
  return key === null ? null : deriveId(ordererIdPrefix, key, sha256);
}

/** A physician who orders, as a Practitioner. One known by a site's own number carries the site: elsewhere the number is somebody else's. */
export function ordererToFhir(id: string, orderer: Orderer, siteId: string): Practitioner & { id: string } {
  const { parts, number, npi } = orderer;
  const name: HumanName = {
    ...(orderer.name === '' ? {} : { text: orderer.name }),
    ...(parts === undefined || parts.family === '' ? {} : { family: parts.family }),
    ...(parts === undefined || parts.given + parts.middle === ''
      ? {}
      : { given: [parts.given, parts.middle].filter((one) => one !== '') }),
    ...(parts === undefined || parts.prefix === '' ? {} : { prefix: [parts.prefix] }),
    ...(parts === undefined || parts.suffix === '' ? {} : { suffix: [parts.suffix] }),
  };
  return {
    resourceType: 'Practitioner',
    id,
    active: true,
    ...(npi !== null || number === undefined ? {} : { extension: [{ url: ours.site, valueString: siteId }] }),
    ...(npi !== null
      ? { identifier: [{ system: systems.npi, value: npi }] }
      : number === undefined
        ? {}
        : {
            identifier: [
              { value: number.value, ...(number.authority === '' ? {} : { assigner: { display: number.authority } }) },
            ],
          }),
    ...(Object.keys(name).length === 0 ? {} : { name: [name] }),
  };
}

function partsOf(name: unknown): OrdererName | undefined {
  const given = listAt(name, 'given').filter((one): one is string => typeof one === 'string');
  const listed = (member: string): string =>
    listAt(name, member)
      .filter((one) => typeof one === 'string')
      .join(' ');
  const parts = {
    family: textAt(name, 'family') ?? '',
    given: given[0] ?? '',
    middle: given.slice(1).join(' '),
    suffix: listed('suffix'),
    prefix: listed('prefix'),
  };
  return parts.family === '' ? undefined : parts;
}

/** The physician that a Practitioner is, by its first name and its NPI, else its first number. */
export function ordererFromFhir(practitioner: unknown): Omit<Orderer, 'practitioner'> {
  const name = listAt(practitioner, 'name')[0];
  const parts = partsOf(name);
  const spelled =
    parts === undefined ? '' : [parts.given, parts.middle, parts.family].filter((one) => one !== '').join(' ');
  const identifiers = listAt(practitioner, 'identifier');
  const npi = textAt(
    identifiers.find((one) => at(one, 'system') === systems.npi),
    'value',
  );
  const other = identifiers.find((one) => at(one, 'system') !== ours.userName && textAt(one, 'value') !== null);
  const value = textAt(other, 'value');
  return {
    name: textAt(name, 'text') ?? spelled,
    npi,
    ...(npi !== null || value === null
      ? {}
      : { number: { value, authority: textAt(other, 'assigner', 'display') ?? textAt(other, 'system') ?? '' } }),
    ...(parts === undefined ? {} : { parts }),
  };
}

/**
 * Who ordered: the request's own words first, and what its Practitioner adds to them. A Practitioner of another name adds nothing but its
 * reference: nobody is sent or shown under another's parts.
 */
export function orderedByOf(request: unknown, practitioner: unknown): Orderer | null {
  const known = ordererFromFhir(practitioner);
  const display = textAt(request, 'requester', 'display');
  const words = display ?? known.name;
  const inline = at(request, 'requester', 'identifier');
  const said = at(inline, 'system') === systems.npi ? textAt(inline, 'value') : null;
  const id = referenceId(textAt(request, 'requester', 'reference'), 'Practitioner');
  const agrees = display === null || agreesOnName({ name: display }, known);
  const npi = said ?? (agrees ? known.npi : null);
  if (words === '' && npi === null && id === null) return null;
  return {
    name: words,
    npi,
    ...(id === null || !isFhirId(id) ? {} : { practitioner: id }),
    ...(agrees && known.number !== undefined ? { number: known.number } : {}),
    ...(agrees && known.parts !== undefined ? { parts: known.parts } : {}),
  };
}

/**
 * The physician of a request that names no Practitioner of the record: in words and a number (`requester.identifier`), or in a resource
 * that it carries along (R4 references.html#contained). Null where it names one, or nobody.
 */
export function unlinkedOrderer(request: unknown): Orderer | null {
  const reference = textAt(request, 'requester', 'reference');
  if (reference !== null && !reference.startsWith('#')) return null;
  const carried =
    reference === null
      ? undefined
      : listAt(request, 'contained').find(
          (one) => at(one, 'resourceType') === 'Practitioner' && at(one, 'id') === reference.slice(1),
        );
  if (reference !== null && carried === undefined) return null;
  const known = ordererFromFhir({
    name: listAt(carried, 'name'),
    identifier: [...listAt(carried, 'identifier'), at(request, 'requester', 'identifier')],
  });
  const name = textAt(request, 'requester', 'display') ?? known.name;
  return name === '' ? null : { ...known, name };
}

/** The request with its physician named by reference; what it carried along for that is no longer in it. */
export function linkedRequest(request: ServiceRequest, orderer: Orderer): ServiceRequest {
  if (orderer.practitioner === undefined) return request;
  const carried = request.requester?.reference?.startsWith('#') === true ? request.requester.reference.slice(1) : null;
  const { contained, ...rest } = request;
  const kept = (contained ?? []).filter((one) => one.id !== carried);
  return {
    ...rest,
    ...(kept.length === 0 ? {} : { contained: kept }),
    requester: { ...request.requester, reference: `Practitioner/${orderer.practitioner}`, display: orderer.name },
  };
}
