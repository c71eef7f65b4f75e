import { writeSync } from 'node:fs';
import { allOk, created, multipleMatches, OperationOutcomeError, type WithId } from '@medplum/core';
import { MemoryRepository } from '@medplum/fhir-router';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { startFhirRouter } from '../../servers/fhir-router/server.ts';

type Search = Parameters<MemoryRepository['search']>[0];
type Create = Parameters<MemoryRepository['createResource']>;

/** Medplum's own store with an index of identifiers: it looks through everything for each of them, and a run asks for ten thousand reports. */
class IndexedRepository extends MemoryRepository {
  private readonly byIdentifier = new Map<string, Map<string, WithId<Resource>>>();

  override async createResource<Kind extends Resource>(resource: Kind, ...rest: [Create[1]?, Create[2]?]) {
    const made = await super.createResource<Kind>(resource, ...rest);
    const { identifier } = made as { readonly identifier?: readonly { system?: string; value?: string }[] };
    for (const one of identifier ?? []) {
      const key = `${made.resourceType}|${one.system ?? ''}|${one.value ?? ''}`;
      const list = this.byIdentifier.get(key) ?? new Map<string, WithId<Resource>>();
      list.set(made.id, made);
      this.byIdentifier.set(key, list);
    }
    return made;
  }

  override async search<Kind extends Resource>(request: Search): Promise<Bundle<WithId<Kind>>> {
    const [filter, ...more] = request.filters ?? [];
    if (filter?.code !== 'identifier' || more.length > 0) return super.search<Kind>(request as never);
    const found = [...(this.byIdentifier.get(`${request.resourceType}|${filter.value}`)?.values() ?? [])];
    const entry = found.map((resource) => ({ resource: structuredClone(resource) as WithId<Kind> }));
    return { resourceType: 'Bundle', type: 'searchset', entry };
  }

  override async conditionalCreate<Kind extends Resource>(resource: Kind, request: Search, options?: Create[1]) {
    const [first, ...more] = (await this.search<Kind>(request)).entry ?? [];
    if (more.length > 0) throw new OperationOutcomeError(multipleMatches);
    return first?.resource === undefined
      ? { outcome: created, resource: await this.createResource<Kind>(resource, options) }
      : { outcome: allOk, resource: first.resource };
  }
}

/** A site's own FHIR server (Medplum's router), in a process of its own. */
const server = await startFhirRouter(0, new IndexedRepository());
writeSync(1, `ready ${server.url}\n`);
process.on('SIGTERM', () => process.exit(0));
