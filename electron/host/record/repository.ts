import {
  badRequest,
  formatSearchQuery,
  notFound,
  OperationOutcomeError,
  preconditionFailed,
  type SearchRequest,
  validateResource,
  type WithId,
} from '@medplum/core';
import { FhirRepository, type UpdateResourceOptions } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, OperationOutcome, Reference, Resource } from '@medplum/fhirtypes';
import type { Sealer } from '../keys/types.ts';
import { searchKeys } from './search-keys.ts';
import { type Hashing, pageSizeOf, toStoreSearch } from './search-request.ts';
import type { RecordStore, StoredVersion } from './store.ts';

export type RepositoryContext = {
  readonly store: RecordStore;
  readonly sealer: Sealer;
  /** The host's clock and dice for this question, and the address that `next` links begin with. */
  readonly now: number;
  newId(): string;
  readonly base: string;
};

/** 128 of the 256 bits are plenty against chance and halve the index. */
const hashBytes = 16;

export function hashingOf(sealer: Sealer): Hashing {
  const short = (text: string): Uint8Array =>
    Uint8Array.from(Buffer.from(sealer.index(text).slice(0, 2 * hashBytes), 'hex'));
  return {
    hash: (type, parameter, value) => short(`found\u0000${type}\u0000${parameter}\u0000${value}`),
    key: (type, id) => short(`key\u0000${type}\u0000${id}`),
  };
}

function bodyAbout(key: Uint8Array, version: number): string {
  return `record/version/${Buffer.from(key).toString('hex')}/${version}`;
}

function damaged(): OperationOutcomeError {
  return new OperationOutcomeError({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'fatal', code: 'exception', diagnostics: 'the stored resource was altered and does not open' }],
  });
}

function notOffered(what: string): OperationOutcomeError {
  return new OperationOutcomeError({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-supported', diagnostics: `this record offers no ${what}` }],
  });
}

/**
 * The embedded record as the FHIR router wants it; one is made for each question. A class because the router's contract is an
 * abstract class. Nothing is ever deleted: what is not here is refused.
 */
export class SealedRepository extends FhirRepository {
  private readonly context: RepositoryContext;
  private readonly hashing: Hashing;

  constructor(context: RepositoryContext) {
    super();
    this.context = context;
    this.hashing = hashingOf(context.sealer);
  }

  setMode(): void {
    // Reads and writes have connections of their own here; there is no mode to choose.
  }

  generateId(): string {
    return this.context.newId();
  }

  async createResource<Kind extends Resource>(resource: Kind): Promise<WithId<Kind>> {
    return this.store({ ...resource, id: this.context.newId() }, null);
  }

  async updateResource<Kind extends Resource>(resource: Kind, options?: UpdateResourceOptions): Promise<WithId<Kind>> {
    const { id } = resource;
    if (id === undefined) throw new OperationOutcomeError(badRequest('a resource without an id'));
    return this.store({ ...resource, id }, options?.ifMatch ?? null);
  }

  async readResource<Kind extends Resource>(type: string, id: string): Promise<WithId<Kind>> {
    const found = this.context.store.current(this.hashing.key(type, id));
    if (found === null) throw new OperationOutcomeError(notFound);
    return this.open<Kind>(found);
  }

  has(type: string, id: string): boolean {
    return this.context.store.current(this.hashing.key(type, id)) !== null;
  }

  async readVersion<Kind extends Resource>(type: string, id: string, versionId: string): Promise<WithId<Kind>> {
    const version = /^\d{1,15}$/.test(versionId) ? Number(versionId) : 0;
    const found = this.context.store.version(this.hashing.key(type, id), version);
    if (found === null) throw new OperationOutcomeError(notFound);
    return this.open<Kind>(found);
  }

  async readHistory<Kind extends Resource>(type: string, id: string): Promise<Bundle<WithId<Kind>>> {
    const versions = this.context.store.history(this.hashing.key(type, id));
    if (versions.length === 0) throw new OperationOutcomeError(notFound);
    const entry = versions.map((one) => ({
      fullUrl: `${this.context.base}/${type}/${id}`,
      resource: this.open<Kind>(one),
    }));
    return { resourceType: 'Bundle', type: 'history', total: entry.length, entry };
  }

  async readReference<Kind extends Resource>(reference: Reference<Kind>): Promise<WithId<Kind>> {
    const [type, id, ...rest] = reference.reference?.split('/') ?? [];
    if (type === undefined || id === undefined || rest.length > 0)
      throw new OperationOutcomeError(badRequest('not a reference of this record'));
    return this.readResource<Kind>(type, id);
  }

  async readReferences<Kind extends Resource>(references: readonly Reference<Kind>[]): Promise<(Kind | Error)[]> {
    return Promise.all(
      references.map((one) =>
        this.readReference<Kind>(one).catch((reason: unknown) =>
          reason instanceof Error ? reason : new Error(String(reason)),
        ),
      ),
    );
  }

  async search<Kind extends Resource>(request: SearchRequest<Kind>): Promise<Bundle<WithId<Kind>>> {
    const wanted = toStoreSearch(request, this.hashing);
    const rows = wanted.limit === 0 ? [] : this.context.store.search({ ...wanted, limit: wanted.limit + 1 });
    const page = rows.slice(0, wanted.limit);
    const entry = page.map((row) => this.entryOf<Kind>(row));
    const self = `${this.context.base}/${request.resourceType}${formatSearchQuery(request)}`;
    const last = page.at(-1);
    const next =
      rows.length > page.length && last !== undefined
        ? `${this.context.base}/${request.resourceType}${formatSearchQuery({ ...request, cursor: String(last.sequence), count: pageSizeOf(request) })}`
        : null;
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(request.total === 'accurate' ? { total: this.context.store.count(wanted) } : {}),
      link: [{ relation: 'self', url: self }, ...(next === null ? [] : [{ relation: 'next' as const, url: next }])],
      ...(entry.length === 0 ? {} : { entry }),
    };
  }

  async searchByReference<Kind extends Resource>(): Promise<Record<string, WithId<Kind>[]>> {
    throw notOffered('graph queries');
  }

  async patchResource<Kind extends Resource>(): Promise<WithId<Kind>> {
    throw notOffered('PATCH');
  }

  async deleteResource(): Promise<void> {
    throw notOffered('DELETE: nothing is ever removed');
  }

  async withTransaction<Outcome>(): Promise<Outcome> {
    throw notOffered('transactions or conditional writes');
  }

  private async store<Kind extends Resource>(resource: WithId<Kind>, ifMatch: string | null): Promise<WithId<Kind>> {
    validateResource(resource);
    const { store, sealer } = this.context;
    const type = resource.resourceType;
    const key = this.hashing.key(type, resource.id);
    const hashes = searchKeys(resource).map((one) => this.hashing.hash(type, one.parameter, one.value));
    let stored: WithId<Kind> = resource;
    const outcome = await store.write({
      type,
      key,
      ifMatch,
      hashes,
      now: this.context.now,
      seal: (version, lastUpdated) => {
        const meta = { ...resource.meta, versionId: String(version), lastUpdated: new Date(lastUpdated).toISOString() };
        stored = { ...resource, meta } as WithId<Kind>;
        return sealer.sealText(JSON.stringify(stored), bodyAbout(key, version));
      },
    });
    if (!outcome.ok) throw new OperationOutcomeError(preconditionFailed);
    return stored;
  }

  private open<Kind extends Resource>(row: StoredVersion): WithId<Kind> {
    const text = this.context.sealer.openText(row.body, bodyAbout(row.key, row.version));
    if (!text.ok) throw damaged();
    return JSON.parse(text.value) as WithId<Kind>;
  }

  /** One altered row must not take the whole list away; it stands in it as an outcome (FHIR R4 search.html#entries). */
  private entryOf<Kind extends Resource>(row: StoredVersion): BundleEntry<WithId<Kind>> {
    try {
      const resource = this.open<Kind>(row);
      return {
        fullUrl: `${this.context.base}/${resource.resourceType}/${resource.id}`,
        search: { mode: 'match' },
        resource,
      };
    } catch (reason) {
      if (!(reason instanceof OperationOutcomeError)) throw reason;
      const outcome: OperationOutcome = {
        ...reason.outcome,
        issue: reason.outcome.issue.map((one) => ({ ...one, severity: 'warning' })),
      };
      return { search: { mode: 'outcome' }, resource: outcome as unknown as WithId<Kind> };
    }
  }
}
