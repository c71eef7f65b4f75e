import { readFileSync } from 'node:fs';
import { sha256 } from '../../../electron/host/digest.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { uidFromDigest } from '../../../shared/interop/dicom-sr/index.ts';
import { signatureFromProvenance } from '../../../shared/interop/fhir/index.ts';
import { nameParts } from '../../../shared/interop/text/person-name.ts';
import { type Arrival, isWithdrawn } from './count.ts';
import type { Received } from './hl7-child.ts';
import type { Life, LifeVersion } from './lives.ts';
import { pdfOf } from './make-version.ts';

type Json = { readonly [member: string]: unknown };

async function json(url: string, headers?: Record<string, string>): Promise<Json> {
  const answer = await fetch(url, headers === undefined ? {} : { headers });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as Json;
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, step) => (found as Json | undefined)?.[step as string], value);
}

/** Messages in the order in which `node-hl7-server` gave them, repeats too. */
export function hl7Arrivals(file: string, lives: readonly Life[]): readonly Arrival[] {
  const byAccession = new Map(lives.map((life) => [life.accession, life]));
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Arrival => {
      const received = JSON.parse(line) as Received;
      const life = byAccession.get(received.accession);
      const version = life?.versions.find((one) => one.controlId === received.controlId);
      const patient = life?.versions[0]?.content.patient;
      const status = { preliminary: 'P', final: 'F', addendum: 'C', correction: 'C', withdrawal: 'C' } as const;
      return {
        receiver: 'hl7',
        accession: received.accession,
        version:
          version !== undefined && status[version.content.kind] === received.status ? version.content.version : null,
        again: received.again,
        rightPeople:
          patient !== undefined &&
          received.patientId === patient.id &&
          received.family === nameParts(patient.name).family &&
          received.born === patient.birthDate &&
          received.physician === life?.orderedBy.npi,
      };
    });
}

/** Each resource's versions as Medplum's history has them, the oldest first. The same bytes put twice are one filing and one repeat. */
export async function recordArrivals(url: string, lives: readonly Life[]): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const life of lives) {
    const patient = life.versions[0]?.content.patient;
    const isRight = (resource: Json): boolean =>
      at(resource, 'subject', 'reference') === `Patient/${life.patientReference}` &&
      at(resource, 'subject', 'identifier', 'value') === patient?.id &&
      at(resource, 'basedOn', 0, 'reference') === `ServiceRequest/${life.orderId}` &&
      at(resource, 'basedOn', 0, 'identifier', 'value') === life.accession;
    arrivals.push(...(await historyOf(url, 'record', life, life.versions[0]?.content.reportId ?? '', isRight)));
  }
  return arrivals;
}

/** The same at the site's own FHIR server, which gives reports and patients ids of its own. A report that is there twice counts twice. */
export async function imrArrivals(url: string, lives: readonly Life[]): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  const found = async (type: string, name: string): Promise<readonly Json[]> => {
    const bundle = await json(`${url}/${type}?identifier=${encodeURIComponent(name)}`);
    return ((at(bundle, 'entry') ?? []) as Json[]).map((one) => at(one, 'resource') as Json);
  };
  for (const life of lives) {
    const patient = life.versions[0]?.content.patient;
    const reports = await found('DiagnosticReport', `urn:overread:report|${life.versions[0]?.content.reportId ?? ''}`);
    const people = await found('Patient', `urn:bench:patient|${patient?.id ?? ''}`);
    const isRight = (resource: Json): boolean =>
      people.length === 1 &&
      at(resource, 'subject', 'reference') === `Patient/${String(at(people[0], 'id'))}` &&
      at(people[0], 'birthDate') === patient?.birthDate?.replace(/^(....)(..)(..)$/, '$1-$2-$3') &&
      at(resource, 'basedOn', 0, 'identifier', 'value') === life.accession;
    for (const report of reports)
      arrivals.push(...(await historyOf(url, 'imr', life, String(at(report, 'id')), isRight)));
  }
  return arrivals;
}

async function historyOf(
  url: string,
  receiver: 'record' | 'imr',
  life: Life,
  id: string,
  isRight: (resource: Json) => boolean,
): Promise<readonly Arrival[]> {
  const history = await json(`${url}/DiagnosticReport/${id}/_history`);
  const entries = ((at(history, 'entry') ?? []) as Json[]).map((one) => at(one, 'resource') as Json);
  entries.sort((left, right) =>
    String(at(left, 'meta', 'lastUpdated')).localeCompare(String(at(right, 'meta', 'lastUpdated'))),
  );
  let before = '';
  return entries.map((resource): Arrival => {
    const digest = String(
      at(
        ((at(resource, 'extension') ?? []) as Json[]).find((one) => at(one, 'url') === 'urn:overread:report-digest'),
        'valueString',
      ) ?? '',
    );
    const version = life.versions.find((one) => one.digest === digest);
    const again = version !== undefined && digest === before;
    before = version?.digest ?? '';
    return {
      receiver,
      accession: life.accession,
      version: version?.content.version ?? null,
      again,
      rightPeople: isRight(resource),
    };
  });
}

/** How many resources of a type the record holds: one report for each accession, one signature for each version. */
export async function howMany(url: string, type: string): Promise<number> {
  return Number(at(await json(`${url}/${type}?_summary=count&_total=accurate`), 'total'));
}

/** Versions whose signature the record does not give back as it was made, less those that were withdrawn on their way. */
export async function unsignedVersions(url: string, lives: readonly Life[]): Promise<number> {
  let missing = 0;
  for (const life of lives)
    for (const { content, digest } of isWithdrawn(life) ? life.versions.slice(-1) : life.versions) {
      const id = deriveId('provenance', [content.reportId, digest], sha256);
      const answer = await fetch(`${url}/Provenance/${id}`);
      const read = answer.ok ? signatureFromProvenance(await answer.json()) : null;
      if (read?.ok !== true || read.value.jws !== `bench.${digest}`) missing += 1;
    }
  return missing;
}

/** Orthanc's SRs and PDFs in the order in which it took them, from its log of changes. */
export async function archiveArrivals(restUrl: string, lives: readonly Life[]): Promise<readonly Arrival[]> {
  type Of = { readonly life: Life; readonly version: LifeVersion; readonly receiver: 'archive' | 'pdf' };
  const byInstance = new Map<string, Of>();
  for (const life of lives)
    for (const version of life.versions) {
      byInstance.set(version.srInstanceUid, { life, version, receiver: 'archive' });
      byInstance.set(version.pdfInstanceUid, { life, version, receiver: 'pdf' });
    }
  // What takes earlier PDFs back belongs to its withdrawal and is no report.
  const notes = new Set(
    lives.flatMap((life) =>
      life.versions.flatMap(({ content, digest }) =>
        content.kind === 'withdrawal' ? [String(uidFromDigest(sha256(`pdf-rejection|${digest}`)))] : [],
      ),
    ),
  );
  const list = async (what: string): Promise<Map<string, Json>> => {
    const found = (await json(`${restUrl}/${what}?expand`)) as unknown as Json[];
    return new Map(found.map((one) => [String(one.ID), one]));
  };
  const [studies, series, instances] = await Promise.all([list('studies'), list('series'), list('instances')]);
  const order: string[] = [];
  for (let since = 0, done = false; !done; ) {
    const page = await json(`${restUrl}/changes?since=${since}&limit=1000`);
    for (const change of (page.Changes ?? []) as Json[])
      if (change.ChangeType === 'NewInstance') order.push(String(change.ID));
    since = Number(page.Last);
    done = page.Done === true;
  }
  const arrivals: Arrival[] = [];
  for (const id of order) {
    const instance = instances.get(id);
    const uid = String(at(instance, 'MainDicomTags', 'SOPInstanceUID'));
    if (notes.delete(uid)) continue;
    const of = byInstance.get(uid);
    const study = studies.get(String(at(series.get(String(instance?.ParentSeries)), 'ParentStudy')));
    const patient = of?.version.content.patient;
    const accession = String(at(study, 'MainDicomTags', 'AccessionNumber'));
    // By the archive's own reading of the document, not by ours of the object.
    const isWhole = of?.receiver !== 'pdf' || sha256(await pdfIn(restUrl, id)) === sha256(padded(pdfOf(of.version)));
    arrivals.push({
      receiver: of?.receiver ?? 'archive',
      accession,
      version: isWhole ? (of?.version.content.version ?? null) : null,
      again: false,
      rightPeople:
        patient !== undefined &&
        accession === of?.life.accession &&
        at(study, 'PatientMainDicomTags', 'PatientID') === patient.id &&
        at(study, 'PatientMainDicomTags', 'PatientName') === patient.name &&
        at(study, 'PatientMainDicomTags', 'PatientBirthDate') === patient.birthDate &&
        at(study, 'MainDicomTags', 'ReferringPhysicianName') === of.life.orderedBy.name,
    });
  }
  return arrivals;
}

async function pdfIn(restUrl: string, id: string): Promise<Uint8Array> {
  const answer = await fetch(`${restUrl}/instances/${id}/pdf`);
  if (!answer.ok) throw new Error(`the PDF of instance ${id}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** PS3.3 C.24.2.3: a document of odd length has a byte of padding. */
function padded(document: Uint8Array): Uint8Array {
  return document.length % 2 === 0 ? document : Uint8Array.of(...document, 0);
}
