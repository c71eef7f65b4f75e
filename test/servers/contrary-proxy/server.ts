import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getSearchParameters } from '@medplum/core';
import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@medplum/fhirtypes';

/**
 * A proxy before a FHIR server that does what other R4 servers are documented to do: caps `_count`, gives opaque `next` links over a
 * snapshot, adds `meta.source`, reorders, drops empty arrays, answers 409 for 412, 410 for 404, 201 for 200 and the other way round,
 * refuses parameters that it does not know, and shows half of all writes to searches late, out of order. The seed decides which of two ways each time.
 */
export type ContraryProxy = { readonly url: string; readonly seed: number; close(): Promise<void> };

export type ContraryOptions = {
  readonly upstream: string;
  readonly seed: number;
  /** How late half of the writes appear in searches, milliseconds. */
  readonly visibilityMs: number;
  readonly largestPage?: number;
};

const base = '/r4';
const general: ReadonlySet<string> = new Set(['_id', '_lastUpdated', '_sort', '_count']);

export async function startContraryProxy(options: ContraryOptions): Promise<ContraryProxy> {
  const dice = diceOf(options.seed);
  const snapshots = new Map<string, BundleEntry[]>();
  const largestPage = options.largestPage ?? 17;
  let origin = '';

  /** Half of the versions appear at once and half late, so that a later write is often seen before an earlier one. */
  const lateness = new Map<string, number>();
  const latenessOf = (version: string): number => {
    const known = lateness.get(version);
    if (known !== undefined) return known;
    const made = dice() < 0.5 ? 0 : options.visibilityMs;
    lateness.set(version, made);
    return made;
  };

  const page = (entries: BundleEntry[], count: number): Bundle => {
    const here = entries.slice(0, count);
    const rest = entries.slice(count);
    const token = `${Math.floor(dice() * 1e15).toString(36)}-${snapshots.size}`;
    if (rest.length > 0) snapshots.set(token, rest);
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(here.length > 0 ? { entry: here } : {}),
      ...(rest.length > 0
        ? { link: [{ relation: 'next', url: `${origin}${base}?_getpages=${token}&n=${count}` }] }
        : {}),
    };
  };

  const search = async (type: string, query: URLSearchParams): Promise<[number, Resource]> => {
    const known = getSearchParameters(type) ?? {};
    for (const name of query.keys()) {
      const code = name.split(':')[0] ?? '';
      if (!general.has(code) && known[code] === undefined)
        return [400, outcome('not-supported', `unknown parameter ${code}`)];
    }
    const wanted = Math.min(Number(query.get('_count') ?? 10), largestPage);
    const all = new URLSearchParams(query);
    all.delete('_count');
    const upstream = await fetch(`${options.upstream}/${type}?${all}`);
    const bundle = (await upstream.json()) as Bundle;
    if (upstream.status !== 200) return [upstream.status, bundle];
    const visible = (bundle.entry ?? []).filter((entry) => {
      const { id, meta } = entry.resource ?? {};
      return Date.parse(meta?.lastUpdated ?? '') + latenessOf(`${id}/${meta?.versionId}`) <= Date.now();
    });
    return [
      200,
      page(
        shuffleEqualStamps(visible, dice).map((entry) => ({ ...entry, resource: twist(entry.resource, dice) })),
        wanted,
      ),
    ];
  };

  const answer = async (request: IncomingMessage): Promise<[number, Resource, Record<string, string>?]> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://proxy');
    const path = url.pathname.slice(base.length).replace(/^\//, '');
    if (url.searchParams.has('_getpages')) {
      const rest = snapshots.get(url.searchParams.get('_getpages') ?? '');
      return rest === undefined
        ? [410, outcome('not-found', 'the page has expired')]
        : [200, page(rest, Number(url.searchParams.get('n')))];
    }
    if (request.method === 'GET' && path !== 'metadata' && !path.includes('/')) return search(path, url.searchParams);
    if (!['GET', 'PUT'].includes(request.method ?? '')) return [405, outcome('not-supported', 'no')];
    const body = chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Resource);
    if (body?.meta?.versionId !== undefined) return [400, outcome('invariant', 'versionId is the server’s to give')];
    const ifMatch = request.headers['if-match'];
    if (ifMatch !== undefined && !/^W\/"[^"]+"$/.test(ifMatch))
      return [400, outcome('value', 'If-Match wants W/"version"')];
    const upstream = await fetch(`${options.upstream}/${path}`, {
      method: request.method ?? 'GET',
      headers: { 'content-type': 'application/fhir+json', ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
      ...(body === undefined ? {} : { body: JSON.stringify(withoutEmptyArrays(body)) }),
    });
    const resource = (await upstream.json()) as Resource;
    const etag = upstream.headers.get('etag');
    const status = contraryStatus(upstream.status, request.method ?? 'GET', dice);
    return [status, upstream.ok ? (twist(resource, dice) ?? resource) : resource, etag === null ? {} : { etag }];
  };

  const send = (
    response: ServerResponse,
    status: number,
    resource: Resource,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers }).end(JSON.stringify(resource));
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ([status, resource, headers]) => send(response, status, resource, headers),
      (reason: unknown) => send(response, 502, outcome('exception', String(reason))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}${base}`,
    seed: options.seed,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function contraryStatus(status: number, method: string, dice: () => number): number {
  const coin = dice() < 0.5;
  if (status === 412) return coin ? 409 : 412;
  if (status === 404 && method === 'GET') return coin ? 410 : 404;
  if (method === 'PUT' && (status === 200 || status === 201)) return coin ? 201 : 200;
  return status;
}

/** What a round trip through another server does to a resource: a source, another order of members and of unordered lists. */
function twist(resource: Resource | undefined, dice: () => number): Resource | undefined {
  if (resource === undefined || resource.resourceType === 'OperationOutcome') return resource;
  const twisted: Record<string, unknown> = {
    ...resource,
    meta: { ...resource.meta, source: `#${Math.floor(dice() * 1e9).toString(36)}` },
  };
  if (Array.isArray(twisted.identifier)) twisted.identifier = [...twisted.identifier].reverse();
  return Object.fromEntries(shuffle(Object.entries(twisted), dice)) as unknown as Resource;
}

function shuffleEqualStamps(entries: readonly BundleEntry[], dice: () => number): BundleEntry[] {
  const groups = new Map<string, BundleEntry[]>();
  for (const entry of entries) {
    const stamp = entry.resource?.meta?.lastUpdated ?? '';
    groups.set(stamp, [...(groups.get(stamp) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => shuffle(group, dice));
}

function shuffle<Item>(items: readonly Item[], dice: () => number): Item[] {
  return items
    .map((item) => ({ item, place: dice() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

function withoutEmptyArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyArrays);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !(Array.isArray(member) && member.length === 0))
      .map(([name, member]) => [name, withoutEmptyArrays(member)]),
  );
}

function outcome(code: OperationOutcome['issue'][number]['code'], diagnostics: string): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] };
}

/** Mulberry32: the same seed gives the same contrariness. */
function diceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
