import type { OperationOutcome, Patient, ServiceRequest } from '@medplum/fhirtypes';
import { agreesOnName } from '../../../../shared/domain/order/index.ts';
import { deriveId } from '../../../../shared/domain/report/index.ts';
import { compareIdentity } from '../../../../shared/domain/study/index.ts';
import {
  identityFromPatient,
  linkedRequest,
  ordererFromFhir,
  ordererIdPrefix,
  ordererToFhir,
  orderFromServiceRequest,
  orderSentAgain,
  practitionerIdOf,
  sentAgainWords,
  unlinkedOrderer,
} from '../../../../shared/interop/fhir/index.ts';
import { cleanLine } from '../../../../shared/lib/clean-text.ts';
import type { AuditLog } from '../../audit/types.ts';
import { sha256 } from '../../digest.ts';
import type { FetchHandler, Ports } from '../../ports.ts';
import type { Change, Outcome } from '../hl7/applied.ts';
import { changedParts } from '../hl7/patients.ts';
import {
  hangsOn,
  type IntakeResource,
  type IntakeType,
  type IntakeWriter,
  intakeTypes,
  isIntakeType,
  scopeRefusal,
  siteOf,
  withSite,
} from './scope.ts';

/** The largest resource that is taken; an order or a report with its words comes nowhere near. */
const mostBytes = 1_000_000;
/** Lost races in a row after which the sender is told to send it again. */
const mostRaces = 5;

export type FhirDoorOptions = {
  /** The embedded record's own endpoint; null where the record is somebody else's server, which sites then write to themselves. */
  readonly endpoint: FetchHandler | null;
  readonly writerOf: (token: string) => Promise<IntakeWriter | null>;
  readonly audit: AuditLog;
  readonly ports: Ports;
  readonly reported: (orderId: string) => boolean;
  readonly ordersOfPatient: (patientId: string) => readonly string[];
  /** The site that an order of the record is for; null where it names none. */
  readonly siteOfOrder: (orderId: string) => string | null;
  /** Keeps the resource as it came beside what became of it, and tells people what changed. */
  readonly keep: (
    received: { readonly key: string; readonly raw: Uint8Array; readonly title: string; readonly site: string | null },
    outcome: Outcome,
  ) => Promise<void>;
  /** The record changed by this door. */
  readonly onWritten: () => void;
};

type OutcomeCode = OperationOutcome['issue'][number]['code'];

function outcome(status: number, code: OutcomeCode, words: string, headers: Record<string, string> = {}): Response {
  const body: OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, diagnostics: words }],
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', ...headers },
  });
}

async function readBody(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > mostBytes) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * The embedded record as a FHIR endpoint for a site's interface (`/fhir/*`, FHIR R4 http.html): read, update and create by identifier of
 * a few types, with a token of scope `intake`. Everything else is refused in an OperationOutcome.
 */
export function createFhirDoor(options: FhirDoorOptions): { fetch(request: Request): Promise<Response> } {
  const { endpoint, audit } = options;

  const ask = (method: string, path: string, body?: string, ifMatch?: string | null): Promise<Response> | Response =>
    endpoint === null
      ? outcome(404, 'not-supported', 'The record of this host is another server; write to that one.')
      : endpoint(
          new Request(`http://record.invalid/fhir/${path}`, {
            method,
            headers: {
              ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
              ...(ifMatch == null ? {} : { 'if-match': ifMatch }),
            },
            ...(body === undefined ? {} : { body }),
          }),
        );

  const note = async (writer: IntakeWriter, purpose: 'look' | 'intake', resource: string, patient: string | null) => {
    const noted = await audit.record([
      { user: `interface ${writer.name}`, purpose, patient, studyUid: null, detail: resource },
    ]);
    return noted.ok ? null : outcome(503, 'transient', noted.error.message);
  };

  const patientOf = (resource: IntakeResource): string | null => {
    if (resource.resourceType === 'Patient') return resource.id ?? null;
    const reference =
      resource.resourceType === 'ServiceRequest' || resource.resourceType === 'DiagnosticReport'
        ? resource.subject?.reference
        : resource.resourceType === 'Coverage'
          ? resource.beneficiary?.reference
          : undefined;
    return reference?.split('/').slice(-1)[0] ?? null;
  };

  /** What changes for people by an update of a patient or an order. */
  const changesOf = (
    wanted: IntakeResource,
    existing: IntakeResource | null,
    by: string,
    ofDesk: string,
  ): { readonly changes: readonly Change[]; readonly problem: Outcome['problem'] } => {
    if (wanted.resourceType === 'Patient' && existing?.resourceType === 'Patient') {
      const [before, after] = [identityFromPatient(existing), identityFromPatient(wanted)];
      const parts = changedParts(before, after);
      const orders = parts.length === 0 ? [] : options.ordersOfPatient(wanted.id ?? '');
      const grave = compareIdentity(after, before).grade === 'stop';
      const reported = orders.filter((id) => options.reported(id)).length;
      return {
        changes: orders.map((orderId) => ({
          orderId,
          type: 'identity.changed',
          words: `${parts.join(', ')} changed by ${by}`,
        })),
        problem:
          grave && reported > 0
            ? {
                words: `The ${parts.join(', ')} of a patient with a signed report changed. The signed reports were left as they are.`,
                nextStep:
                  'Compare report and images with the new facts; if a report names the wrong person, its signer corrects it.',
              }
            : null,
      };
    }
    if (wanted.resourceType === 'ServiceRequest' && existing !== null)
      return {
        changes: [
          { orderId: wanted.id ?? '', type: 'order.changed', words: `the order was changed by ${by}${ofDesk}` },
        ],
        problem: null,
      };
    return { changes: [], problem: null };
  };

  /**
   * Whether what a bound token's resource hangs on is of its site too. A patient who came by HL7 carries no mark: the site is known by its
   * orders. What is not there yet may be named; whoever writes it later meets the same rule.
   */
  const foreignTo = async (writer: IntakeWriter, wanted: IntakeResource): Promise<Response | null> => {
    if (writer.site === null) return null;
    for (const { type, id } of hangsOn(wanted)) {
      const there = await ask('GET', `${type}/${encodeURIComponent(id)}`);
      if (there.status === 404 || there.status === 410) continue;
      if (there.status !== 200) return there;
      const said = siteOf((await there.json()) as IntakeResource);
      const byOrders = said === null && type === 'Patient' ? options.ordersOfPatient(id).map(options.siteOfOrder) : [];
      if (said !== writer.site && !byOrders.includes(writer.site))
        return outcome(
          403,
          'forbidden',
          `${type}/${id} is not of site ${writer.site}, so nothing of that site can name it.`,
        );
    }
    return null;
  };

  /**
   * The order with its physician as a Practitioner of the record, where it names one by number only. A Practitioner that is there is
   * never changed by an order, and one of another name is not named by it.
   */
  const withOrderer = async (writer: IntakeWriter, order: ServiceRequest): Promise<ServiceRequest | Response> => {
    const orderer = unlinkedOrderer(order);
    const siteId = siteOf(order) ?? '';
    const id = orderer === null ? null : practitionerIdOf(orderer, siteId, sha256);
    if (orderer === null || id === null) return order;
    const there = await ask('GET', `Practitioner/${id}`);
    if (there.status === 200) {
      const known = ordererFromFhir(await there.json());
      return agreesOnName(orderer, known) ? linkedRequest(order, { ...orderer, practitioner: id }) : order;
    }
    if (there.status !== 404 && there.status !== 410) return there;
    const noted = await note(writer, 'intake', `Practitioner/${id}`, null);
    if (noted !== null) return noted;
    const made = await ask('PUT', `Practitioner/${id}`, JSON.stringify(ordererToFhir(id, orderer, siteId)));
    if (made.status !== 200 && made.status !== 201) return made;
    return linkedRequest(order, { ...orderer, practitioner: id });
  };

  const write = async (
    writer: IntakeWriter,
    type: IntakeType,
    id: string,
    raw: Uint8Array,
    wanted: IntakeResource,
    ifMatch: string | null,
    races = 0,
  ): Promise<Response> => {
    if (type === 'Practitioner' && id.toLowerCase().startsWith(`${ordererIdPrefix}-`))
      return outcome(
        403,
        'forbidden',
        `Ids that begin with ${ordererIdPrefix}- are made here from a physician's number; write the Practitioner under an id of yours.`,
      );
    const there = await ask('GET', `${type}/${id}`);
    if (there.status !== 200 && there.status !== 404 && there.status !== 410) return there;
    const existing = there.status === 200 ? ((await there.json()) as IntakeResource) : null;
    const refusal = scopeRefusal(writer, wanted, existing);
    if (refusal !== null) return outcome(refusal.status, refusal.code, refusal.words);
    const foreign = await foreignTo(writer, wanted);
    if (foreign !== null) return foreign;
    const whole = withSite(writer, wanted);
    if (whole.resourceType === 'ServiceRequest') {
      const order = orderFromServiceRequest(whole, {});
      if (!order.ok) return outcome(422, 'business-rule', order.error.words);
      const before = existing as ServiceRequest | null;
      const moved = before !== null && before.subject?.reference !== whole.subject?.reference;
      if (moved && options.reported(id))
        return outcome(
          409,
          'business-rule',
          'This order has a signed report, so it is not moved to another patient. A person at the reading group must decide.',
        );
    }
    const noted = await note(writer, 'intake', `${type}/${id}`, patientOf(whole));
    if (noted !== null) return noted;
    const before = existing?.resourceType === 'ServiceRequest' ? existing : null;
    const again = whole.resourceType === 'ServiceRequest' && before !== null ? orderSentAgain(whole, before) : null;
    const order = again?.request ?? whole;
    const stored = order.resourceType === 'ServiceRequest' ? await withOrderer(writer, order) : order;
    if (stored instanceof Response) return stored;
    // What the desk supplies between our reading and our writing is not written over either.
    const read = before?.meta?.versionId;
    const match = ifMatch ?? (read === undefined ? null : `W/"${read}"`);
    const answer = await ask('PUT', `${type}/${id}`, JSON.stringify(stored), match);
    if (answer.status === 412 && ifMatch === null && races < mostRaces)
      return write(writer, type, id, raw, wanted, null, races + 1);
    if (answer.status !== 200 && answer.status !== 201) return answer;
    options.onWritten();
    const text = await answer.text();
    const version = /"versionId":"([^"]{1,64})"/.exec(text)?.[1] ?? '';
    const by = `FHIR ${type} from ${writer.name}`;
    const { changes, problem } = changesOf(whole, existing, by, again === null ? '' : sentAgainWords(again));
    const orderIds = type === 'ServiceRequest' ? [id] : changes.map((change) => change.orderId);
    await options.keep(
      {
        key: sha256(`fhir ${type}/${id}/${version}`),
        raw,
        title: cleanLine(`FHIR ${type}/${id} from ${writer.name}`, 200),
        site: writer.site,
      },
      {
        code: 'AA',
        condition: '',
        words: `${type}/${id} ${existing === null ? 'taken in' : 'changed'}.`,
        problem,
        orderIds,
        patientIds: type === 'Patient' ? [id] : [],
        changes,
      },
    );
    return new Response(text, { status: answer.status, headers: answer.headers });
  };

  return {
    fetch: async (request) => {
      if (endpoint === null)
        return outcome(404, 'not-supported', 'The record of this host is another server; write to that one.');
      const token = /^Bearer ([\x21-\x7e]{20,200})$/.exec(request.headers.get('authorization') ?? '')?.[1];
      const writer = token === undefined ? null : await options.writerOf(token);
      if (writer === null)
        return outcome(
          401,
          'login',
          'An access token of scope intake is needed: npm run accounts -- token NAME --scope intake.',
          {
            'www-authenticate': 'Bearer realm="Overread FHIR"',
          },
        );
      const url = new URL(request.url);
      const path = url.pathname.replace(/^\/fhir\/?/, '').replace(/\/+$/, '');
      const [type = '', id, ...rest] = path.split('/');
      if (path === 'metadata' && request.method === 'GET') return ask('GET', 'metadata');
      if (path === '')
        return outcome(
          405,
          'not-supported',
          'Bundles are not taken; send each resource by itself: PUT /fhir/ServiceRequest/{id}.',
        );
      if (!isIntakeType(type))
        return outcome(
          403,
          'forbidden',
          `A token of scope intake reaches ${intakeTypes.join(', ')}, not ${type.slice(0, 40)}.`,
        );
      if (rest.length > 0) return outcome(404, 'not-supported', 'History and operations are not offered here.');
      if (request.method === 'GET') {
        if (id === undefined)
          return outcome(
            403,
            'forbidden',
            'A token of scope intake reads single resources that its site wrote; it does not search.',
          );
        const found = await ask('GET', `${type}/${encodeURIComponent(id)}`);
        if (found.status !== 200) return found;
        const text = await found.text();
        const resource = JSON.parse(text) as IntakeResource;
        const refusal = scopeRefusal(writer, { resourceType: type, id } as IntakeResource, resource);
        if (refusal !== null) return outcome(refusal.status, refusal.code, refusal.words);
        const noted = await note(writer, 'look', `${type}/${id}`, patientOf(resource));
        return noted ?? new Response(text, { status: 200, headers: found.headers });
      }
      if (request.method !== 'PUT' && request.method !== 'POST')
        return outcome(405, 'not-supported', `${request.method} is not offered; nothing is removed or patched.`);
      const raw = await readBody(request);
      if (raw === null) return outcome(413, 'too-long', 'The resource is larger than 1 MB.');
      let body: unknown;
      try {
        body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
      } catch {
        return outcome(400, 'structure', 'The body is not JSON in UTF-8.');
      }
      const resource = body as IntakeResource | null;
      if (typeof resource !== 'object' || resource === null || resource.resourceType !== type)
        return outcome(400, 'structure', `The body is not a ${type}.`);
      if (request.method === 'PUT') {
        if (id === undefined || !/^[A-Za-z0-9\-.]{1,64}$/.test(id))
          return outcome(400, 'value', 'PUT needs a FHIR id in the address.');
        if (resource.id !== id) return outcome(400, 'invalid', 'The id in the body is not the one in the address.');
        return write(writer, type, id, raw, resource, request.headers.get('if-match'));
      }
      if (id !== undefined)
        return outcome(405, 'not-supported', 'POST goes to the type; to change a resource, PUT it.');
      // A create that is repeated after a lost answer must be one resource: its id comes from its own identifier.
      const identifier = (resource as Patient).identifier;
      const first = Array.isArray(identifier) ? identifier.find((one) => typeof one?.value === 'string') : undefined;
      if (first === undefined)
        return outcome(
          422,
          'business-rule',
          'A create needs an identifier, from which its id is made; or PUT it under an id of yours.',
        );
      const derived = deriveId(
        'in',
        [type, writer.site ?? '', first.system ?? '', first.type?.coding?.[0]?.code ?? '', first.value ?? ''],
        sha256,
      );
      return write(writer, type, derived, raw, { ...resource, id: derived }, null);
    },
  };
}
