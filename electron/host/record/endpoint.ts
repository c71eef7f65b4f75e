import { getStatus, type OperationOutcomeError, parseSearchRequest } from '@medplum/core';
import { FhirRouter } from '@medplum/fhir-router';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { Sealer } from '../keys/types.ts';
import { capabilityStatement } from './capability-statement.ts';
import { cleanJson } from './clean-json.ts';
import { isKeptType, searchableCodes } from './definitions.ts';
import { SealedRepository } from './repository.ts';
import type { RecordStore } from './store.ts';

/** One question to the embedded record, as it crosses the thread's border. */
export type EndpointQuestion = {
  readonly method: string;
  /** Path below the base and query, without a leading slash. */
  readonly path: string;
  readonly base: string;
  readonly ifMatch: string | null;
  readonly ifNoneExist: boolean;
  readonly body: string;
  /** Host's clock, milliseconds. */
  readonly now: number;
  readonly newId: string;
};

export type EndpointAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Set where the operator should know: an altered row, a failing disk. Names no patient. */
  readonly trouble?: string;
};

export type Endpoint = (question: EndpointQuestion) => Promise<EndpointAnswer>;

const resultParameters: ReadonlySet<string> = new Set(['_sort', '_count', '_cursor', '_total', '_format', '_pretty']);
const modifiers: ReadonlySet<string> = new Set(['not', 'missing', 'identifier']);
const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

type OutcomeCode = OperationOutcome['issue'][number]['code'];

/** The FHIR R4 endpoint of the embedded record: Medplum's router over our sealed store, and the checks that the router leaves out. */
export function createEndpoint(store: RecordStore, sealer: Sealer): Endpoint {
  const router = new FhirRouter();

  return async (question) => {
    const refusal = refuse(question);
    if (refusal !== null) return refusal;
    const [path = ''] = question.path.split('?');
    const segments = path.split('/').filter((segment) => segment !== '');
    if (path === 'metadata') return answerOf(200, capabilityStatement(question.base, question.now));
    const body = question.body === '' ? { ok: true as const, value: undefined } : cleanJson(question.body);
    if (!body.ok || (question.method !== 'GET' && !isResource(body.value))) {
      return outcome(400, 'structure', 'the body is not a FHIR resource in JSON');
    }
    const repository = new SealedRepository({
      store,
      sealer,
      now: question.now,
      base: question.base,
      newId: () => question.newId,
    });
    try {
      const [result, resource] = await router.handleRequest(
        {
          method: question.method as 'GET',
          // The router wants the path only and reads the query from it; `pathname` must be empty.
          url: question.path,
          pathname: '',
          body: body.value,
          params: {},
          query: {},
          ...(question.ifMatch === null ? {} : { headers: { 'if-match': question.ifMatch } }),
        },
        repository,
      );
      const status = getStatus(result);
      if (status >= 400 || resource === undefined) return { ...answerOf(status, result), ...troubleOf(status, result) };
      const version = resource.meta?.versionId;
      const isNew = version === '1' && question.method !== 'GET';
      const answer = answerOf(isNew ? 201 : status, resource);
      const altered =
        resource.resourceType === 'Bundle' && resource.entry?.some((one) => one.search?.mode === 'outcome') === true;
      return {
        ...answer,
        headers: {
          ...answer.headers,
          ...(segments.length > 1 || isNew ? versionHeaders(question.base, resource) : {}),
        },
        ...(altered ? { trouble: 'a stored resource was altered and is left out of a search' } : {}),
      };
    } catch (reason) {
      const failed = reason as Partial<OperationOutcomeError>;
      const text = reason instanceof Error ? reason.message : String(reason);
      if (failed.outcome !== undefined) return answerOf(getStatus(failed.outcome), failed.outcome);
      return { ...outcome(500, 'exception', 'the record could not do this; see the log'), trouble: text.slice(0, 200) };
    }
  };
}

/** What the router would let through or answer with silence: unknown types, unknown parameters, ways to write that we do not offer. */
function refuse(question: EndpointQuestion): EndpointAnswer | null {
  const [path = '', query = ''] = question.path.split('?');
  const segments = path.split('/').filter((segment) => segment !== '');
  const [type = '', id, sub] = segments;
  if (!['GET', 'PUT', 'POST'].includes(question.method)) {
    return outcome(405, 'not-supported', `${question.method} is not offered; nothing here is ever removed or patched`);
  }
  if (path === 'metadata' && question.method === 'GET') return null;
  if (!isKeptType(type))
    return outcome(404, 'not-supported', `this record keeps no resources of type ${type.slice(0, 64)}`);
  if (id !== undefined && !idPattern.test(id)) return outcome(400, 'value', 'this is no FHIR id');
  if (sub !== undefined && sub !== '_history') return outcome(404, 'not-supported', 'this record offers no operations');
  if (question.method === 'PUT' && segments.length !== 2)
    return outcome(400, 'not-supported', 'a write needs the id that the client gives');
  if (question.method === 'POST' && segments.length !== 1) return outcome(400, 'not-supported', 'search by GET');
  if (question.ifNoneExist) return outcome(400, 'not-supported', 'conditional creation is not offered');
  if (question.ifMatch !== null && !/"[^"]+"/.test(question.ifMatch)) {
    return outcome(400, 'value', 'If-Match wants an entity tag like W/"1"');
  }
  return question.method === 'GET' && segments.length === 1 ? refuseQuery(type, query) : null;
}

function refuseQuery(type: string, query: string): EndpointAnswer | null {
  const known = new Set(searchableCodes(type));
  for (const name of new URLSearchParams(query).keys()) {
    const [code = '', ...modifier] = name.split(':');
    const plain = modifier.length === 0;
    if (plain && (resultParameters.has(code) || known.has(code))) continue;
    if (
      known.has(code) &&
      modifier.length === 1 &&
      modifiers.has(modifier[0] ?? '') &&
      !code.startsWith('_id') &&
      code !== '_lastUpdated'
    )
      continue;
    return outcome(400, 'not-supported', `${type} cannot be searched by ${name.slice(0, 80)}`);
  }
  try {
    parseSearchRequest(`${type}?${query}`);
    return null;
  } catch (reason) {
    return outcome(
      400,
      'invalid',
      reason instanceof Error ? reason.message.slice(0, 200) : 'a search that cannot be read',
    );
  }
}

function isResource(value: unknown): value is Resource {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { resourceType?: unknown }).resourceType === 'string'
  );
}

function outcome(status: number, code: OutcomeCode, diagnostics: string): EndpointAnswer {
  return answerOf(status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] });
}

function answerOf(status: number, resource: Resource): EndpointAnswer {
  return {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8' },
    body: JSON.stringify(resource),
  };
}

function troubleOf(status: number, result: OperationOutcome): { readonly trouble?: string } {
  return status >= 500
    ? { trouble: (result.issue[0]?.diagnostics ?? result.issue[0]?.details?.text ?? 'unknown').slice(0, 200) }
    : {};
}

function versionHeaders(base: string, resource: Resource): Record<string, string> {
  const { versionId, lastUpdated } = resource.meta ?? {};
  if (versionId === undefined || lastUpdated === undefined || resource.id === undefined) return {};
  return {
    etag: `W/"${versionId}"`,
    'last-modified': new Date(lastUpdated).toUTCString(),
    location: `${base}/${resource.resourceType}/${resource.id}/_history/${versionId}`,
  };
}
