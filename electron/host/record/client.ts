import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import { type Instant, instant, toFhirInstant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { Credentials } from '../settings/types.ts';
import { type Answer, createExchange, failureMaker } from './exchange.ts';
import { readPages, walkPages } from './paging.ts';
import { createRecordClock, createSkewMeter } from './skew.ts';
import type { ChangeCursor, RecordClient, RecordFailure, Versioned } from './types.ts';
import { versionedOf } from './versioned.ts';

export type RecordClientOptions = {
  /** How people know this record; appears in messages. */
  readonly name: string;
  /** The FHIR base address (`[base]` of FHIR R4 http.html), without a query. */
  readonly baseUrl: string;
  readonly fetch: FetchHandler;
  readonly credentials: Credentials;
  readonly ports: Ports;
  /** For one question and its whole answer; 20 s unless told. */
  readonly timeoutMs?: number;
  /** Of one answer; 64 MiB unless told. */
  readonly maxBytes?: number;
  /** Resources a page; 200 unless told. A search may say otherwise with `_count`. */
  readonly pageSize?: number;
  /**
   * Milliseconds re-read behind a cursor; two minutes unless told (DESIGN 2.2). Less is only right where no write can ever be shown after a
   * later one.
   */
  readonly overlapMs?: number;
};

/** Re-read behind the cursor, because servers make changes visible late and out of order (DESIGN 2.2). */
const usualOverlap = 120_000;
/**
 * Most of what is late is late by seconds. The whole overlap is read this often, in milliseconds, and so much of it each time between: with
 * a hundred changes a minute, all of it each time is mostly what was read before.
 */
const wholeEvery = 30_000;
const nearOverlap = 15_000;
/** A stamp this far ahead of the record's own clock is a mistake in the data; the cursor must not jump there and go blind. */
const futureToleranceMs = 60_000;

/** FHIR R4 datatypes.html#id. */
const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** The one client of the record, whichever server answers. Throws only on a base address that is no http(s) URL. */
export function createRecordClient(options: RecordClientOptions): RecordClient {
  const { name, ports } = options;
  const base = baseAddress(options.baseUrl);
  const skew = createSkewMeter();
  const exchange = createExchange({
    name,
    base,
    fetch: options.fetch,
    credentials: options.credentials,
    ports,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: options.maxBytes ?? 64 * 1024 * 1024,
    skew,
  });
  const pageSize = options.pageSize ?? 200;
  const overlapMs = options.overlapMs ?? usualOverlap;
  const clock = createRecordClock(skew);
  const recordNow = () => clock(ports.now());
  /** How far behind this cursor is read now, and whether that is the whole overlap. */
  const behind = (cursor: ChangeCursor | null): { readonly milliseconds: number; readonly whole: boolean } => {
    const rested = ports.now() - (cursor?.wholeAt ?? Number.NEGATIVE_INFINITY);
    // A clock that went back says nothing of how long ago it was.
    const whole = overlapMs <= nearOverlap || rested >= wholeEvery || rested < 0;
    return { milliseconds: whole ? overlapMs : nearOverlap, whole };
  };
  const addressOf = (path: string): URL => new URL(path, base);

  const read = async <Type extends ResourceType>(
    type: Type,
    id: string,
  ): Promise<Result<Versioned<ExtractResource<Type>>, RecordFailure>> => {
    const asked = `read ${type}/${id.slice(0, 64)}`;
    const fail = failureMaker({ name, base }, asked);
    if (!idPattern.test(id)) return err(fail('refused', 'an id that FHIR does not allow; nothing was sent'));
    const answer = await exchange({ method: 'GET', url: addressOf(`${type}/${id}`), asked });
    if (!answer.ok) return answer;
    return expectResource<ExtractResource<Type>>(answer.value, type, id, fail);
  };

  const put = async <Kind extends Resource & { id?: string }>(
    resource: Kind,
    putOptions?: { readonly ifMatch?: string },
  ): Promise<Result<Versioned<Kind>, RecordFailure>> => {
    const { resourceType: type, id = '' } = resource;
    const asked = `store ${type}/${id.slice(0, 64)}${putOptions?.ifMatch === undefined ? '' : ` over version ${putOptions.ifMatch}`}`;
    const fail = failureMaker({ name, base }, asked);
    if (!idPattern.test(id)) return err(fail('refused', 'an id that FHIR does not allow; nothing was sent'));
    const answer = await exchange({
      method: 'PUT',
      url: addressOf(`${type}/${id}`),
      asked,
      body: JSON.stringify(withoutServersMeta(resource), withoutEmptyLists),
      ...(putOptions?.ifMatch === undefined ? {} : { ifMatch: putOptions.ifMatch }),
    });
    if (!answer.ok) return answer;
    const returned = answer.value.resource;
    // `Prefer: return=representation` is a wish (FHIR R4 http.html#return): an empty answer or an outcome leaves the resource to be read.
    if (returned !== null && returned.resourceType !== 'OperationOutcome') {
      return expectResource<Kind>(answer.value, type, id, fail);
    }
    const stored = await read(type, id);
    return stored.ok ? ok(stored.value as unknown as Versioned<Kind>) : stored;
  };

  const search = async <Type extends ResourceType>(
    type: Type,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Result<readonly Versioned<ExtractResource<Type>>[], RecordFailure>> => {
    const { _count: count, _sort: _ours, ...filters } = parameters;
    const wanted = Number(count ?? pageSize);
    const found = await readPages(
      { name, base, exchange },
      { type, parameters: filters, pageSize: Number.isInteger(wanted) && wanted > 0 ? wanted : pageSize, since: null },
    );
    return found as Result<readonly Versioned<ExtractResource<Type>>[], RecordFailure>;
  };

  const changes = async <Type extends ResourceType>(
    type: Type,
    cursor: ChangeCursor | null,
  ): Promise<
    Result<
      { readonly items: readonly Versioned<ExtractResource<Type>>[]; readonly cursor: ChangeCursor | null },
      RecordFailure
    >
  > => {
    const { milliseconds, whole } = behind(cursor);
    const since = cursor === null ? null : toFhirInstant(instant(Date.parse(cursor.lastUpdated) - milliseconds));
    const asked = ports.now();
    const found = await readPages({ name, base, exchange }, { type, parameters: {}, pageSize, since });
    if (!found.ok) return found;
    const known = new Set(cursor?.seen ?? []);
    const items = found.value.filter((item) => !known.has(seenKey(item)));
    const next = nextCursor(cursor, found.value, recordNow() + futureToleranceMs, { overlapMs, whole, asked });
    return ok({ items: items as unknown as readonly Versioned<ExtractResource<Type>>[], cursor: next });
  };

  const changesByPage: RecordClient['changesByPage'] = async (type, cursor, take) => {
    const before = cursor === null ? Number.NEGATIVE_INFINITY : Date.parse(cursor.lastUpdated);
    const { milliseconds, whole } = behind(cursor);
    const since = cursor === null ? null : toFhirInstant(instant(before - milliseconds));
    const asked = ports.now();
    const known = new Set(cursor?.seen ?? []);
    const recent = createRecent(overlapMs);
    let reachedAll = before;
    const question = { type, parameters: {}, pageSize, since };
    const walked = await walkPages({ name, base, exchange }, question, async (items, reached) => {
      recent.add(items);
      const stamp = reached === null ? Number.NaN : Math.min(Date.parse(reached), recordNow() + futureToleranceMs);
      if (stamp > reachedAll) reachedAll = stamp;
      const news = items.filter((item) => !known.has(seenKey(item)));
      const safe =
        reachedAll === Number.NEGATIVE_INFINITY ? null : { lastUpdated: toFhirInstant(instant(reachedAll)), seen: [] };
      return news.length === 0 || take(news as never, safe);
    });
    if (!walked.ok) return walked;
    if (!walked.value.whole) return ok({ whole: false });
    const latest = recordNow() + futureToleranceMs;
    return ok({ whole: true, cursor: nextCursor(cursor, recent.items(), latest, { overlapMs, whole, asked }) });
  };

  const probe = async (): Promise<
    Result<{ readonly software: string; readonly fhirVersion: string }, RecordFailure>
  > => {
    const asked = 'what it is (/metadata)';
    const fail = failureMaker({ name, base }, asked);
    const answer = await exchange({ method: 'GET', url: addressOf('metadata'), asked });
    if (!answer.ok) {
      const { code, cameBack } = answer.error;
      return code === 'not-found'
        ? err(fail('not-fhir', `${cameBack}: there is no FHIR server at this address`))
        : answer;
    }
    const statement = answer.value.resource;
    if (statement?.resourceType !== 'CapabilityStatement') {
      return err(
        fail('not-fhir', `200 with ${statement?.resourceType ?? 'nothing'} where a CapabilityStatement was expected`),
      );
    }
    const { fhirVersion, software } = statement as {
      fhirVersion?: unknown;
      software?: { name?: unknown; version?: unknown };
    };
    if (typeof fhirVersion !== 'string' || !/^4\.0\./.test(fhirVersion)) {
      return err(fail('not-fhir', `a server of FHIR ${String(fhirVersion).slice(0, 20)}; Overread needs R4 (4.0.1)`));
    }
    const parts = [software?.name, software?.version].filter((part) => typeof part === 'string');
    return ok({ software: parts.join(' ').slice(0, 100) || 'unnamed', fhirVersion });
  };

  return { name, read, put, search, changes, changesByPage, skew: () => skew.skew(ports.now()), recordNow, probe };
}

function baseAddress(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error('the record wants an http or https address');
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url;
}

function expectResource<Kind extends Resource>(
  answer: Answer,
  type: string,
  id: string,
  fail: ReturnType<typeof failureMaker>,
): Result<Versioned<Kind>, RecordFailure> {
  const { resource, etag } = answer;
  if (resource === null || resource.resourceType !== type || resource.id !== id) {
    return err(fail('not-fhir', `another thing than ${type}/${id}: ${resource?.resourceType ?? 'nothing'}`));
  }
  const found = versionedOf(resource as Kind, etag);
  return found === null
    ? err(fail('not-fhir', 'a resource without a version, so that no change to it could be guarded'))
    : ok(found);
}

/** `versionId` and `lastUpdated` are the server's to give (FHIR R4 http.html#update); some refuse a body that brings them. */
function withoutServersMeta<Kind extends Resource>(resource: Kind): Kind {
  if (resource.meta === undefined) return resource;
  const { versionId: _version, lastUpdated: _stamp, ...ours } = resource.meta;
  const { meta: _meta, ...rest } = resource;
  return (Object.keys(ours).length === 0 ? rest : { ...rest, meta: ours }) as Kind;
}

/** FHIR R4 json.html: an array is never empty; some servers refuse one, others drop it without a word. */
function withoutEmptyLists(_name: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

function seenKey(item: Stamped): string {
  return `${item.resource.id}/${item.version}`;
}

type Stamped = Pick<Versioned, 'version' | 'lastUpdated'> & { readonly resource: { readonly id?: string } };

/** What was seen last, without its bodies: enough for the next cursor, however much came before it. */
function createRecent(overlapMs: number): { add(items: readonly Versioned[]): void; items(): readonly Stamped[] } {
  let kept: Stamped[] = [];
  let shortenAt = 20_000;
  return {
    add: (items) => {
      for (const { resource, version, lastUpdated } of items)
        kept.push({ resource: { id: resource.id ?? '' }, version, lastUpdated });
      if (kept.length < shortenAt) return;
      const highest = kept.reduce((most, one) => Math.max(most, one.lastUpdated ?? 0), 0);
      kept = kept.filter((one) => (one.lastUpdated ?? 0) >= highest - overlapMs);
      shortenAt = Math.max(20_000, 2 * kept.length);
    },
    items: () => kept,
  };
}

function nextCursor(
  cursor: ChangeCursor | null,
  found: readonly Stamped[],
  latestBelievable: number,
  { overlapMs, whole, asked }: { readonly overlapMs: number; readonly whole: boolean; readonly asked: Instant },
): ChangeCursor | null {
  const stamps = found.flatMap((item) => (item.lastUpdated === null ? [] : [item.lastUpdated as number]));
  const before = cursor === null ? Number.NEGATIVE_INFINITY : Date.parse(cursor.lastUpdated);
  const highest = stamps.reduce((most, one) => Math.max(most, Math.min(one, latestBelievable)), before);
  if (highest === Number.NEGATIVE_INFINITY) return null;
  const lastUpdated = toFhirInstant(instant(highest));
  const floor = highest - overlapMs;
  const keys = found.filter((item) => (item.lastUpdated ?? 0) >= floor).map(seenKey);
  // What lies before a near reading was not read this time, and is known all the same when the whole overlap is.
  const seen = whole || cursor === null ? keys : [...new Set([...cursor.seen, ...keys])];
  // The first reading is none behind a cursor: what it was not shown yet is looked for at once.
  const wholeAt = cursor !== null && whole ? asked : cursor?.wholeAt;
  return { lastUpdated, seen, ...(wholeAt === undefined ? {} : { wholeAt }) };
}
