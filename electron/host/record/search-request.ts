import { badRequest, type Filter, OperationOutcomeError, type SearchRequest, splitSearchOnComma } from '@medplum/core';
import { identifierMark, present } from './search-keys.ts';
import type { StoreSearch } from './store.ts';

const defaultPageSize = 100;
const largestPageSize = 1000;

export type Hashing = {
  /** Keyed hash of one value of one parameter of a type. */
  hash(type: string, parameter: string, value: string): Uint8Array;
  key(type: string, id: string): Uint8Array;
};

/** The router's search request in the store's words. Throws an OperationOutcomeError on what the record cannot answer. */
export function toStoreSearch(request: SearchRequest, hashing: Hashing): StoreSearch {
  const type = request.resourceType;
  const anyOf: Uint8Array[][] = [];
  const noneOf: Uint8Array[][] = [];
  const outside: { from: number; before: number }[] = [];
  let keys = null as readonly Uint8Array[] | null;
  let from = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;

  for (const filter of request.filters ?? []) {
    if (filter.code === '_lastUpdated') {
      const window = stampWindow(filter.value);
      if (filter.operator === 'ne') outside.push(window);
      else {
        const bound = stampBound(filter, window);
        from = Math.max(from, bound.from);
        before = Math.min(before, bound.before);
      }
      continue;
    }
    const values = splitSearchOnComma(filter.value);
    if (filter.code === '_id') {
      const wanted = values.map((id) => hashing.key(type, id));
      const known = keys;
      keys = known === null ? wanted : wanted.filter((one) => known.some((other) => Buffer.compare(one, other) === 0));
      continue;
    }
    const hash = (value: string): Uint8Array => hashing.hash(type, filter.code, value);
    switch (filter.operator) {
      case 'eq':
        anyOf.push(values.map(hash));
        break;
      case 'not':
        noneOf.push(values.map(hash));
        break;
      case 'identifier':
        anyOf.push(values.map((value) => hash(`${identifierMark}${value}`)));
        break;
      case 'missing':
        if (filter.value === 'true') noneOf.push([hash(present)]);
        else anyOf.push([hash(present)]);
        break;
      default:
        throw new OperationOutcomeError(
          badRequest(`the search parameter ${filter.code} knows no modifier ${filter.operator}`),
        );
    }
  }

  const cursor = request.cursor === undefined ? null : Number(request.cursor);
  if (cursor !== null && !Number.isSafeInteger(cursor))
    throw new OperationOutcomeError(badRequest('this _cursor is none of ours'));
  return {
    type,
    anyOf,
    noneOf,
    keys,
    from,
    before,
    outside,
    behind: cursor,
    descending: sortsDescending(request),
    limit: pageSizeOf(request),
  };
}

export function pageSizeOf(request: SearchRequest): number {
  const count = request.count ?? defaultPageSize;
  if (!Number.isInteger(count) || count < 0) throw new OperationOutcomeError(badRequest('_count wants a whole number'));
  return Math.min(count, largestPageSize);
}

function sortsDescending(request: SearchRequest): boolean {
  const rules = request.sortRules ?? [];
  const [rule] = rules;
  if (rule === undefined) return false;
  if (rules.length > 1 || rule.code !== '_lastUpdated') {
    throw new OperationOutcomeError(badRequest('this record sorts by _lastUpdated only'));
  }
  return rule.descending === true;
}

type Window = { readonly from: number; readonly before: number };

/** FHIR R4 search.html#date: a value stands for the whole span that its precision leaves open. */
function stampWindow(text: string): Window {
  const match =
    /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/.exec(text);
  if (match === null) throw new OperationOutcomeError(badRequest(`_lastUpdated: ${text.slice(0, 40)} is no date`));
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const offset = zone === undefined || zone === 'Z' ? 0 : Date.parse(`1970-01-01T00:00:00${zone}`);
  const parts = [
    Number(year),
    Number(month ?? 1) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const;
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(fraction) * 1000 + 1e-6);
  const from = Date.UTC(...parts) + milliseconds + offset;
  if (fraction !== undefined) return { from, before: from + 1 };
  if (second !== undefined) return { from, before: from + 1000 };
  if (minute !== undefined) return { from, before: from + 60_000 };
  if (day !== undefined) return { from, before: from + 86_400_000 };
  const next = month === undefined ? Date.UTC(parts[0] + 1, 0) : Date.UTC(parts[0], parts[1] + 1);
  return { from, before: next };
}

function stampBound(filter: Filter, window: Window): Window {
  switch (filter.operator) {
    case 'eq':
      return window;
    case 'ge':
      return { from: window.from, before: Number.POSITIVE_INFINITY };
    case 'gt':
    case 'sa':
      return { from: window.before, before: Number.POSITIVE_INFINITY };
    case 'le':
      return { from: Number.NEGATIVE_INFINITY, before: window.before };
    case 'lt':
    case 'eb':
      return { from: Number.NEGATIVE_INFINITY, before: window.from };
    default:
      throw new OperationOutcomeError(badRequest(`_lastUpdated knows no ${filter.operator}`));
  }
}
