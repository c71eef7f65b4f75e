import type { Bundle, DiagnosticReport } from '@medplum/fhirtypes';
import { compareIdentity } from '../../../../shared/domain/study/index.ts';
import {
  type Beforehand,
  type ImrReport,
  type ImrThere,
  identityFromPatient,
  imrPatient,
  imrReport,
  imrTransaction,
  ofName,
  presentedBytes,
  reportFromFhir,
  reportName,
  searchByName,
  subjectOf,
  vouchedImr,
} from '../../../../shared/interop/fhir/index.ts';
import { at, listAt, textAt } from '../../../../shared/interop/fhir/read.ts';
import { canonicalJson } from '../../../../shared/lib/canonical-json.ts';
import { sha256 } from '../../digest.ts';
import type { Ports } from '../../ports.ts';
import type { ImrReceiver } from '../../settings/types.ts';
import { laterOfOurs, short } from '../later-of-ours.ts';
import type { Attempt, ChannelSender } from '../outbox.ts';
import type { HeldVersion, SignedStore } from '../signed-store.ts';
import { createFhirServer, type FhirAnswer, type FhirServer } from './fhir-server.ts';

/** A version as it goes to a site's FHIR server (IHE RAD-141), with the forms' bytes left to the report that holds them. */
export type SignedImr = {
  readonly siteId: string;
  /** Null where the patient has no number to be found by: a person sees that it does not go. */
  readonly report: ImrReport | null;
};

/** An endpoint a study, for a day or two. */
const mostPlaces = 5_000;

type NotOk = Exclude<FhirAnswer, { readonly kind: 'ok' }>;
const attemptOf = (answer: NotOk): Attempt =>
  answer.kind === 'wait' || answer.kind === 'changed'
    ? { kind: 'wait', proof: answer.words }
    : { kind: 'refused', proof: answer.words };

type Found<Value> =
  | { readonly found: Value; readonly attempt: null }
  | { readonly found: null; readonly attempt: Attempt };
const stop = (attempt: Attempt): { readonly found: null; readonly attempt: Attempt } => ({ found: null, attempt });
const refused = (proof: string) => stop({ kind: 'refused', proof });

/**
 * A site's FHIR server. It is looked there before anything is sent: for the patient, whom number and person must agree on, and for the report, so
 * that "already there" leads to the same proof as a first delivery. What is filed was read back equal, under that very patient.
 */
export function createImrSender(parts: {
  readonly receivers: () => readonly ImrReceiver[];
  readonly signed: Pick<SignedStore, 'byDigest'>;
  readonly ports: Ports;
}): ChannelSender {
  const { ports } = parts;
  /** Where readers, sites and endpoints were found; asked again after a transaction that did not go through, and never kept of a patient. */
  const places = new Map<string, string>();

  const reportThere = async (server: FhirServer, reportId: string): Promise<Found<ImrThere | 'none'>> => {
    const name = reportName(reportId);
    const answer = await server.read(`DiagnosticReport?${searchByName(name)}`);
    if (answer.kind !== 'ok') return stop(attemptOf(answer));
    const [report, ...more] = ofName(answer.body, 'DiagnosticReport', name);
    if (more.length > 0) return refused(`${server.name} holds this report more than once. Nothing was sent.`);
    if (report === undefined) return { found: 'none', attempt: null };
    const id = textAt(report, 'id');
    if (id === null || !/^[A-Za-z0-9\-.]{1,64}$/.test(id))
      return refused(`${server.name} holds this report without an id. Nothing was sent.`);
    return { found: { id, version: textAt(report, 'meta', 'versionId'), report }, attempt: null };
  };

  /** Where the server has what the report refers to; made where it has none, and made once however often it is asked. */
  const placeOf = async (server: FhirServer, { name, resource }: Beforehand): Promise<Found<string>> => {
    const type = resource.resourceType;
    const key = `${server.address}|${type}|${name.system}|${name.value}`;
    const before = type === 'Patient' ? undefined : places.get(key);
    if (before !== undefined) return { found: before, attempt: null };
    for (const isMade of [false, true]) {
      const answer = await server.read(`${type}?${searchByName(name)}`);
      if (answer.kind !== 'ok') return stop(attemptOf(answer));
      const ids = ofName(answer.body, type, name).flatMap((one) => textAt(one, 'id') ?? []);
      // Several entries of one NPI are one person; always the same of them.
      const [id] = ids.sort();
      if (id !== undefined) {
        if (places.size >= mostPlaces) places.clear();
        if (type !== 'Patient') places.set(key, `${type}/${id}`);
        return { found: `${type}/${id}`, attempt: null };
      }
      if (isMade) break;
      const made = await server.create(resource, searchByName(name));
      if (made.kind !== 'ok') return stop(attemptOf(made));
    }
    return stop({ kind: 'wait', proof: `${server.name} took the ${type} of the report; not yet readable.` });
  };

  /** The server's own patient as a reference. */
  const patientThere = async (
    server: FhirServer,
    held: HeldVersion,
    beforehand: Beforehand,
    patients: ImrReceiver['patients'],
  ): Promise<Found<string>> => {
    const { patient } = held.signed.content;
    const { name } = beforehand;
    const answer = await server.read(`Patient?${searchByName(name)}`);
    if (answer.kind !== 'ok') return stop(attemptOf(answer));
    const [one, ...more] = ofName(answer.body, 'Patient', name);
    if (more.length > 0)
      return refused(`${server.name} knows more than one patient by the number of this report’s patient.`);
    if (one === undefined)
      return patients === 'created'
        ? placeOf(server, beforehand)
        : refused(
            `${server.name} knows no patient by the number of this report’s patient under ${name.system}. Have the patient entered there, then try again.`,
          );
    const verdict = compareIdentity(
      // Found by that number; its other numbers say nothing against it.
      { ...identityFromPatient(one), id: patient.id, issuer: patient.issuer },
      patient,
    );
    if (verdict.grade === 'stop')
      return refused(
        `The patient whom ${server.name} knows by this number is another: ${verdict.differences.map(({ words }) => words).join('; ')}. Nothing was sent.`,
      );
    const id = textAt(one, 'id');
    return id === null
      ? refused(`${server.name} knows the patient without an id.`)
      : { found: `Patient/${id}`, attempt: null };
  };

  /** Everything that has to be there before the report, by the name that stands for it in the Bundle. */
  const knownThere = async (
    server: FhirServer,
    held: HeldVersion,
    { beforehand }: ImrReport,
    { patients, there }: { readonly patients: ImrReceiver['patients']; readonly there: ImrThere | null },
  ): Promise<Found<ReadonlyMap<string, string>>> => {
    const known = new Map<string, string>();
    // Taken back where it stands, whatever became of its patient's entry since.
    const subject = there === null || held.signed.content.kind !== 'withdrawal' ? null : subjectOf(there.report);
    for (const one of beforehand) {
      const place =
        one.resource.resourceType !== 'Patient'
          ? await placeOf(server, one)
          : subject === null
            ? await patientThere(server, held, one, patients)
            : { found: subject, attempt: null };
      if (place.attempt !== null) return place;
      known.set(one.fullUrl, place.found);
    }
    return { found: known, attempt: null };
  };

  const proven = async (
    server: FhirServer,
    held: HeldVersion,
    ours: DiagnosticReport,
    bundle: Bundle,
    back: unknown,
  ): Promise<Attempt> => {
    const [expected, found] = [ours, back].map((one) => sha256(canonicalJson(vouchedImr(one)))) as [string, string];
    // The stated hash of a form is not proof of its bytes: those that came along are hashed here.
    const bytes = new Map(presentedBytes(ours).map((form) => [form.sha1, sha256(Buffer.from(form.data, 'base64'))]));
    const came = presentedBytes(back);
    const isOther = came.some((form) => bytes.get(form.sha1) !== sha256(Buffer.from(form.data, 'base64')));
    if (found !== expected || isOther)
      return {
        kind: 'refused',
        proof: `${server.name} gives back something else than was stored (${short(found)}, expected ${short(expected)}).`,
      };
    const subject = subjectOf(back);
    if (subject === null)
      return { kind: 'refused', proof: `${server.name} files the report under no patient of its own.` };
    const person = await server.read(subject);
    if (person.kind !== 'ok') return attemptOf(person);
    const name = imrPatient(bundle);
    const isHers = listAt(person.body, 'identifier').some(
      (one) => at(one, 'system') === name.system && at(one, 'value') === name.value,
    );
    if (!isHers)
      return { kind: 'refused', proof: `${server.name} files the report under ${subject}, who has another number.` };
    const elsewhere = came.length < bytes.size ? ', its forms kept apart under equal hashes' : '';
    return {
      kind: 'filed',
      proof: `stored at ${server.name}, read back, digest equal ${short(held.signed.digest)}${elsewhere}`,
    };
  };

  return async (held) => {
    const { imr, content, digest } = held.signed;
    if (imr === undefined)
      return { kind: 'refused', proof: 'This report was signed while the site had no FHIR server.' };
    const { report } = imr;
    if (report === null)
      return {
        kind: 'refused',
        proof: 'This report names no patient number, by which alone the site’s FHIR server could find the patient.',
      };
    const receiver = parts.receivers().find((one) => one.siteId === imr.siteId);
    if (receiver === undefined)
      return { kind: 'refused', proof: `No FHIR server is set for ${imr.siteId} any more. Set it, then try again.` };
    const server = createFhirServer(receiver);
    const signed = held.signed.diagnosticReport as DiagnosticReport;
    const read = await reportThere(server, content.reportId);
    if (read.attempt !== null) return read.attempt;
    const there = read.found === 'none' ? null : read.found;
    const before = there === null ? null : reportFromFhir(there.report);
    if (before?.ok === true) {
      const superseded = laterOfOurs(parts.signed, before.value, held);
      if (superseded !== null) return superseded;
    }
    const already = before?.ok === true && before.value.digest === digest;
    if (there !== null && !already && (before?.ok !== true || before.value.version >= content.version))
      return {
        kind: 'refused',
        proof: `${server.name} holds another report under this number. Nothing was overwritten.`,
      };
    if (!already) {
      const known = await knownThere(server, held, report, { patients: receiver.patients, there });
      if (known.attempt !== null) return known.attempt;
      ports.step?.('imr-post');
      const answer = await server.transact(imrTransaction(report.bundle, signed, { known: known.found, there }));
      if (answer.kind !== 'ok' && answer.kind !== 'wait') places.clear();
      // Somebody wrote between our reading and our writing, or these very bytes came twice: the next round reads again.
      if (answer.kind === 'changed')
        return { kind: 'wait', proof: `${answer.words} What stands there has changed; it is read again.` };
      if (answer.kind !== 'ok') return attemptOf(answer);
      if (textAt(answer.body, 'type') !== 'transaction-response')
        return { kind: 'wait', proof: `${server.name} answered, but not to a transaction.` };
      ports.step?.('imr-stored');
    }
    const ours = imrReport(imrTransaction(report.bundle, signed, { known: new Map(), there: null }));
    const back = await reportThere(server, content.reportId);
    if (back.attempt !== null) return back.attempt;
    if (back.found === 'none') return { kind: 'accepted', proof: `${server.name} took it (2xx); not yet readable.` };
    const now = reportFromFhir(back.found.report);
    const since = now.ok ? laterOfOurs(parts.signed, now.value, held) : null;
    if (since !== null) return since;
    return proven(server, held, ours, report.bundle, back.found.report);
  };
}
