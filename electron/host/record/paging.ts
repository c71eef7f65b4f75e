import type { Bundle, ResourceType } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { type Exchange, failureMaker, isOwnAddress } from './exchange.ts';
import type { RecordFailure, Versioned } from './types.ts';
import { versionedOf } from './versioned.ts';

export type PagingOptions = {
  readonly name: string;
  readonly base: URL;
  readonly exchange: Exchange;
};

export type PagingQuestion = {
  readonly type: ResourceType;
  readonly parameters: Readonly<Record<string, string>>;
  readonly pageSize: number;
  /** `_lastUpdated` to begin at, as the record wrote it. */
  readonly since: string | null;
};

/** Beyond this the answer is no list a person works with, and a server that never ends must not fill the memory. */
const mostResources = 500_000;
/** What is handed on page by page fills no memory; a server that never ends must end all the same. */
const mostHandedOn = 50_000_000;
const mostPageSize = 100_000;
/** Milliseconds behind the highest stamp in which a resource is still known again; links of servers overlap by seconds. */
const knownAgainFor = 120_000;
/** Resources known again before the older ones are forgotten. */
const forgetBeyond = 20_000;

type Page = { readonly items: readonly Versioned[]; readonly next: URL | null; readonly total: number | null };

/**
 * Takes what one page brought, oldest first. `reached` is the stamp up to which everything has been handed on, as the record wrote it; null
 * where the server keeps no order, so that nobody knows. False ends the reading.
 */
export type TakePage = (items: readonly Versioned[], reached: string | null) => Promise<boolean>;

/** Every match in one list, the newest version of each, oldest first. `too-large` beyond half a million. */
export async function readPages(
  options: PagingOptions,
  question: PagingQuestion,
): Promise<Result<readonly Versioned[], RecordFailure>> {
  const latest = new Map<string, Versioned>();
  const walked = await walkPages(options, question, async (items) => {
    for (const item of items) {
      const id = item.resource.id ?? '';
      const known = latest.get(id);
      if (known === undefined || (item.lastUpdated ?? 0) >= (known.lastUpdated ?? 0)) latest.set(id, item);
    }
    return latest.size <= mostResources;
  });
  if (!walked.ok) return walked;
  if (latest.size > mostResources)
    return err(failureMaker(options, askedOf(question))('too-large', `more than ${mostResources} resources`));
  return ok([...latest.values()].sort(byStamp));
}

/**
 * Reads every match in the order of `_lastUpdated` (DESIGN 2.2): by `next` links where the server gives usable ones, and by key in any
 * case (`_lastUpdated=ge` the highest stamp seen) until a page brings nothing new. Each page is handed on before the next is asked for;
 * duplicates are dropped by id and version, save such as a server shows again minutes of stamps later. A page full of one stamp doubles
 * `_count`, because its key alone cannot lead past it.
 */
export async function walkPages(
  options: PagingOptions,
  question: PagingQuestion,
  take: TakePage,
): Promise<Result<{ readonly whole: boolean }, RecordFailure>> {
  const { type, pageSize } = question;
  const asked = askedOf(question);
  const fail = failureMaker(options, asked);
  /** Stamps by id and version. */
  const seen = new Map<string, number>();
  const links = new Set<string>();
  let since = question.since;
  let count = pageSize;
  let received = 0;
  let handedOn = 0;
  let reached: Versioned | undefined;
  let inOrder = true;

  const freshOf = (items: readonly Versioned[]): readonly Versioned[] => {
    const fresh = items.filter((item) => {
      const key = `${item.resource.id ?? ''}/${item.version}`;
      if (seen.has(key)) return false;
      seen.set(key, item.lastUpdated ?? Number.POSITIVE_INFINITY);
      return true;
    });
    return fresh.sort(byStamp);
  };
  let forgetAt = forgetBeyond;
  const forget = (): void => {
    if (seen.size < forgetAt || !inOrder || reached === undefined) return;
    const floor = (reached.lastUpdated ?? 0) - knownAgainFor;
    for (const [key, stamp] of seen) if (stamp < floor) seen.delete(key);
    forgetAt = Math.max(forgetBeyond, 2 * seen.size);
  };

  for (;;) {
    let url: URL | null = searchAddress(options.base, question, since, count);
    let fresh = 0;
    let size = 0;
    let total: number | null = null;
    let lowest: Versioned | undefined;
    let last: Versioned | undefined;
    let highest: Versioned | undefined;
    while (url !== null) {
      const page: Result<Page, RecordFailure> = await readPage(options, type, url, asked);
      if (!page.ok) return page;
      const items = freshOf(page.value.items);
      fresh += items.length;
      size += page.value.items.length;
      total = page.value.total;
      last = page.value.items.at(-1) ?? last;
      for (const item of page.value.items) {
        if (isLater(item, highest)) highest = item;
        if (lowest === undefined || isLater(lowest, item)) lowest = item;
      }
      const [first] = items;
      if (first !== undefined && reached !== undefined && isLater(reached, first)) inOrder = false;
      const top = items.at(-1);
      if (isLater(top, reached)) reached = top;
      handedOn += items.length;
      if (seen.size > mostResources || handedOn > mostHandedOn)
        return err(fail('too-large', `more than ${mostResources} resources`));
      if (items.length > 0 && !(await take(items, inOrder ? (reached?.resource.meta?.lastUpdated ?? null) : null)))
        return ok({ whole: false });
      forget();
      url = page.value.next !== null && !links.has(page.value.next.href) ? page.value.next : null;
      if (url !== null) links.add(url.href);
    }
    const stamp = highest?.resource.meta?.lastUpdated ?? null;
    const oneStamp = size > 0 && highest !== undefined && lowest?.lastUpdated === highest.lastUpdated;
    const full = size >= count || (total !== null && total > size);
    if (oneStamp && full && count < mostPageSize && !(fresh === 0 && size <= received)) {
      received = size;
      since = stamp ?? since;
      count *= 2;
      continue;
    }
    if (fresh === 0) {
      if (oneStamp && total !== null && total > size) {
        return err(
          fail('refused', `only ${size} of ${total} resources that share the stamp ${stamp}, and no way to the others`),
        );
      }
      return ok({ whole: true });
    }
    if (stamp === null) return ok({ whole: true });
    if (full && last !== undefined && isLater(highest, last)) {
      return err(fail('refused', 'a page that is not in the order of _lastUpdated'));
    }
    received = 0;
    since = stamp;
    count = pageSize;
  }
}

function askedOf({ type, parameters, since }: PagingQuestion): string {
  return `search ${type} by ${[...Object.keys(parameters), ...(since === null ? [] : ['_lastUpdated'])].join(', ') || 'nothing'}`;
}

function byStamp(one: Versioned, other: Versioned): number {
  return (one.lastUpdated ?? 0) - (other.lastUpdated ?? 0);
}

function isLater(one: Versioned | undefined, other: Versioned | undefined): boolean {
  if (one === undefined || one.lastUpdated === null) return false;
  return other === undefined || other.lastUpdated === null || one.lastUpdated > other.lastUpdated;
}

function searchAddress(base: URL, question: PagingQuestion, since: string | null, count: number): URL {
  const url = new URL(question.type, base);
  for (const [name, value] of Object.entries(question.parameters)) url.searchParams.append(name, value);
  if (since !== null) url.searchParams.append('_lastUpdated', `ge${since}`);
  url.searchParams.append('_sort', '_lastUpdated');
  url.searchParams.append('_count', String(count));
  return url;
}

async function readPage(
  options: PagingOptions,
  type: ResourceType,
  url: URL,
  asked: string,
): Promise<Result<Page, RecordFailure>> {
  const fail = failureMaker(options, asked);
  const answer = await options.exchange({ method: 'GET', url, asked });
  if (!answer.ok) return answer;
  const bundle = answer.value.resource;
  if (bundle?.resourceType !== 'Bundle') {
    return err(fail('not-fhir', `200 with ${bundle?.resourceType ?? 'nothing'} where a Bundle was expected`));
  }
  const entries: unknown = bundle.entry ?? [];
  if (!Array.isArray(entries)) return err(fail('not-fhir', '200 with a Bundle whose entries are no list'));
  const items: Versioned[] = [];
  for (const entry of entries as NonNullable<Bundle['entry']>) {
    // Outcomes and included resources may stand between the matches (FHIR R4 search.html#entries).
    if (entry?.resource?.resourceType !== type) continue;
    const item = versionedOf(entry.resource, null);
    if (item === null || item.resource.id === undefined) {
      return err(fail('not-fhir', `200 with a ${type} that has no id or no version`));
    }
    items.push(item);
  }
  return ok({
    items,
    next: nextLink(options.base, bundle),
    total: typeof bundle.total === 'number' ? bundle.total : null,
  });
}

/** The `next` link, where it stays with the record. One that leads elsewhere (a proxy's inner name) is left alone: the key pages on. */
function nextLink(base: URL, bundle: Bundle): URL | null {
  const links: unknown = bundle.link ?? [];
  if (!Array.isArray(links)) return null;
  const next = (links as NonNullable<Bundle['link']>).find((link) => link?.relation === 'next')?.url;
  if (typeof next !== 'string' || !URL.canParse(next, base.href)) return null;
  const url = new URL(next, base);
  return isOwnAddress(base, url) ? url : null;
}
