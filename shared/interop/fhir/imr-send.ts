import type { Bundle, BundleEntry, DiagnosticReport, Resource } from '@medplum/fhirtypes';
import type { JsonValue } from '../../lib/canonical-json.ts';
import { searchByName } from './imr-bundle.ts';
import { imrSystems, type Named, type NamedReference, takenBack } from './imr-parts.ts';
import { at, listAt, plainReference, textAt } from './read.ts';
import { vouchedDigestInput } from './report.ts';

/** The report as the receiver has it: an older version of it stands there. */
export type ImrThere = { readonly id: string; readonly version: string | null; readonly report: unknown };

/** The identifier of a reference, where it has one. */
function nameIn(reference: unknown): Named | null {
  const system = textAt(reference, 'identifier', 'system');
  const value = textAt(reference, 'identifier', 'value');
  return system === null || value === null ? null : { system, value };
}

/** The report of the Bundle. */
export function imrReport(bundle: Bundle): DiagnosticReport {
  const report = bundle.entry?.[0]?.resource;
  if (report?.resourceType !== 'DiagnosticReport') throw new Error('A Bundle of ours begins with its report');
  return report;
}

/** By which number the receiver knows the patient. */
export function imrPatient(bundle: Bundle): Named {
  const name = nameIn(imrReport(bundle).subject);
  if (name === null) throw new Error('A report of ours names its patient');
  return name;
}

function everyReference(value: unknown, change: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => everyReference(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'reference' && typeof member === 'string' ? change(member) : everyReference(member, change),
    ]),
  );
}

/** With the bytes of its forms, which the version keeps once. */
function withForms(report: DiagnosticReport, signed: DiagnosticReport): DiagnosticReport {
  const forms = (report.presentedForm ?? []).map((form) => ({
    ...form,
    ...signed.presentedForm?.find((one) => one.contentType === form.contentType && one.hash === form.hash),
  }));
  return { ...report, presentedForm: forms };
}

/**
 * The transaction as it goes out now. Where the receiver has nothing of the report it is created, and sent again it creates nothing more. Where an
 * older version stands, that very resource is replaced, and only as it was read (`ifMatch`); its numbers with it, and where it has none any more
 * they are taken back. `known`: where at the receiver the resources are that had to be there before, by the name that stands for them here.
 */
export function imrTransaction(
  bundle: Bundle,
  signed: DiagnosticReport,
  { known, there }: { readonly known: ReadonlyMap<string, string>; readonly there: ImrThere | null },
): Bundle {
  const ours = withForms(imrReport(bundle), signed);
  const [first, ...others] = bundle.entry ?? [];
  const entries = there === null ? [{ ...first, resource: ours }, ...others] : replacing(ours, first, others, there);
  return {
    ...bundle,
    entry: entries.map((entry) => ({
      ...entry,
      resource: everyReference(entry.resource, (one) => known.get(one) ?? one) as Resource,
    })),
  };
}

function replacing(
  ours: DiagnosticReport,
  first: BundleEntry | undefined,
  others: readonly BundleEntry[],
  there: ImrThere,
): readonly BundleEntry[] {
  const numbersThere = listAt(there.report, 'result')
    .map(nameIn)
    .find((name) => name?.system === imrSystems.measurements);
  const hasNumbers = others.some(({ resource }) => resource?.resourceType === 'Observation');
  return [
    {
      ...first,
      resource: { ...ours, id: there.id },
      request: {
        method: 'PUT',
        url: `DiagnosticReport/${there.id}`,
        ...(there.version === null ? {} : { ifMatch: `W/"${there.version}"` }),
      },
    },
    ...others.map(
      (entry): BundleEntry =>
        entry.resource?.resourceType === 'Observation'
          ? { ...entry, request: { method: 'PUT', url: `Observation?${entry.request?.ifNoneExist ?? ''}` } }
          : entry,
    ),
    ...(numbersThere == null || hasNumbers
      ? []
      : [
          {
            resource: takenBack(numbersThere, ours.subject as NamedReference),
            request: { method: 'PUT' as const, url: `Observation?${searchByName(numbersThere)}` },
          },
        ]),
  ];
}

/**
 * What we vouch for in a report at somebody else's server, which gives addresses of its own: everything that the record is held to, with
 * what it refers to told by identifier.
 */
export function vouchedImr(report: unknown): JsonValue {
  const { id: _id, ...vouched } = vouchedDigestInput(report) as { readonly [member: string]: JsonValue };
  const names = (list: readonly unknown[]): readonly string[] =>
    list
      .map((one) => nameIn(one))
      .map((name) => (name === null ? '' : `${name.system}|${name.value}`))
      .sort();
  const listed = (member: string) => names(listAt(report, member));
  return {
    ...vouched,
    identifier: listAt(report, 'identifier')
      .map((one) => `${textAt(one, 'system') ?? ''}|${textAt(one, 'value') ?? ''}`)
      .sort(),
    subject: names([at(report, 'subject')]),
    basedOn: listed('basedOn'),
    performer: listed('performer'),
    resultsInterpreter: listed('resultsInterpreter'),
    imagingStudy: listed('imagingStudy'),
    result: listed('result'),
    associated: names(listAt(report, 'extension').map((one) => at(one, 'valueReference'))).filter((one) => one !== ''),
  };
}

/** Resources of a search's answer that bear this name: a server that does not know the parameter answers with everything. */
export function ofName(answer: unknown, type: string, name: Named): readonly unknown[] {
  return listAt(answer, 'entry')
    .map((entry) => at(entry, 'resource'))
    .filter(
      (resource) =>
        at(resource, 'resourceType') === type &&
        listAt(resource, 'identifier').some(
          (one) => at(one, 'system') === name.system && at(one, 'value') === name.value,
        ),
    );
}

/** Where the report's subject is, as `Patient/id`; null where it is no resource of the same server. */
export function subjectOf(report: unknown): string | null {
  const reference = textAt(report, 'subject', 'reference');
  const plain = reference === null ? null : plainReference(reference);
  return plain !== null && /^Patient\/[A-Za-z0-9\-.]{1,64}$/.test(plain) ? plain : null;
}
