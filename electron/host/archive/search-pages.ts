import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import { askBytes, dicomJsonType, type JsonBytes, rowsOf } from './ask-json.ts';
import type { ArchiveFailure, DicomJson, SearchPrint } from './types.ts';
import type { Asking, Upstream } from './upstream.ts';

type Query = readonly (readonly [string, string])[];
type Rows = Result<readonly DicomJson[], ArchiveFailure>;
type Identity = (row: DicomJson) => string;

/** Searches (QIDO-RS, PS3.18 10.6) in pages until one brings nothing new: servers cap `limit` (a short page is no end) and some ignore `offset` (the same page again). */
export function createSearch(options: {
  readonly upstream: Upstream;
  readonly name: string;
  readonly ports: Pick<Ports, 'log'>;
  readonly closing: AbortSignal;
}): {
  pages(
    path: string,
    query: Query,
    fields: readonly string[],
    identity: Identity,
    budget?: { readonly most?: number; readonly signal?: AbortSignal },
  ): Promise<Rows>;
  /** The same, unread (`rows` null) where each page is byte for byte that of `known`: a list that stands still costs no parsing. */
  pagesUnlessSame(
    path: string,
    query: Query,
    fields: readonly string[],
    identity: Identity,
    known: SearchPrint | null,
  ): Promise<Result<{ readonly rows: readonly DicomJson[] | null; readonly print: SearchPrint }, ArchiveFailure>>;
} {
  const { upstream, ports } = options;
  const { limits } = upstream;

  const addressOf = (path: string, query: Query, fields: readonly string[], limit: number, offset: number): string => {
    const text = [
      ...query,
      ...fields.map((field) => ['includefield', field] as const),
      ['limit', String(limit)] as const,
      ['offset', String(offset)] as const,
    ]
      .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%3F', '?')}`)
      .join('&');
    return `${path}?${text}`;
  };

  /** Takes one page after the other; the whole answer, or null while more has to be asked for. */
  const collector = (path: string, identity: Identity, most: number) => {
    const seen = new Map<string, DicomJson>();
    return (page: readonly DicomJson[]): Rows | null => {
      const before = seen.size;
      for (const row of page) if (!seen.has(identity(row))) seen.set(identity(row), row);
      if (seen.size === before) {
        if (page.length > 0 && page.length === limits.page && most === limits.rows)
          ports.log.warn('the archive ignores the offset of a search; its answer may be incomplete', {
            archive: options.name,
          });
        return ok([...seen.values()]);
      }
      // Who asks for a few is given a few and one more, and sees by it that there are others.
      if (most < limits.rows && seen.size > most) return ok([...seen.values()].slice(0, most + 1));
      if (seen.size <= limits.rows) return null;
      const asking: Asking = { method: 'GET', path, accept: dicomJsonType };
      return err(
        upstream.failure(
          'too-large',
          asking,
          `more than ${limits.rows} rows`,
          `The archive ${options.name} finds too much; ask for fewer days.`,
        ),
      );
    };
  };

  return {
    pages: async (path, query, fields, identity, { most = limits.rows, signal = options.closing } = {}) => {
      const take = collector(path, identity, most);
      const limit = Math.min(limits.page, most + 1);
      let offset = 0;
      while (true) {
        const answered = await askBytes(upstream, addressOf(path, query, fields, limit, offset), signal);
        const page = answered.ok ? rowsOf(upstream, answered.value) : answered;
        if (!page.ok) return page;
        const whole = take(page.value);
        if (whole !== null) return whole;
        offset += page.value.length;
      }
    },
    pagesUnlessSame: async (path, query, fields, identity, known) => {
      const take = collector(path, identity, limits.rows);
      const limit = Math.min(limits.page, limits.rows + 1);
      const print: { digest: string; rows: number }[] = [];
      /** Pages that are as they were, unread as long as all of them are. */
      const unread: JsonBytes[] = [];
      let same = known !== null;
      let offset = 0;
      const read = (answer: JsonBytes): { readonly page: number; readonly whole: Rows | null } | ArchiveFailure => {
        const page = rowsOf(upstream, answer);
        return page.ok ? { page: page.value.length, whole: take(page.value) } : page.error;
      };
      while (true) {
        const answered = await askBytes(upstream, addressOf(path, query, fields, limit, offset), options.closing);
        if (!answered.ok) return answered;
        const { status, contentType, bytes } = answered.value;
        const digest = `${status} ${contentType} ${sha256(bytes)}`;
        const before = known?.[print.length];
        if (same && before?.digest === digest) {
          print.push(before);
          if (print.length === known?.length) return ok({ rows: null, print });
          unread.push(answered.value);
          offset += before.rows;
          continue;
        }
        same = false;
        for (const earlier of unread.splice(0)) {
          const taken = read(earlier);
          if ('code' in taken) return err(taken);
        }
        const taken = read(answered.value);
        if ('code' in taken) return err(taken);
        print.push({ digest, rows: taken.page });
        if (taken.whole !== null) return taken.whole.ok ? ok({ rows: taken.whole.value, print }) : taken.whole;
        offset += taken.page;
      }
    },
  };
}
