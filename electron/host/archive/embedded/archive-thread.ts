import { randomBytes, randomUUID } from 'node:crypto';
import type { Result } from '../../../../shared/lib/result.ts';
import { serveThread } from '../../threads/rpc.ts';
import { sealingKey } from '../sealed-file.ts';
import type { DicomJson } from '../types.ts';
import type { InstanceRow, Search } from './instance-index.ts';
import { type FramesAnswer, openObjectStore, type ReadTrouble, type StoreOutcome } from './object-store.ts';

export type ArchiveThreadData = { readonly directory: string; readonly key: Uint8Array; readonly now: number };
export type Place = { readonly study: string; readonly series: string | null; readonly instance: string | null };
export type StoredFile = { readonly name: string; readonly length: number; readonly transferSyntax: string };

/** What the embedded archive's thread does: everything that parses, matches, reads or writes objects. */
export type ArchiveThread = {
  store(part10: Uint8Array): Promise<StoreOutcome>;
  /** A JSON array of DICOM JSON objects, as bytes. */
  search(search: Search): Uint8Array;
  files(place: Place): readonly StoredFile[];
  metadata(place: Place, base: string): Promise<Result<Uint8Array | null, ReadTrouble>>;
  frames(place: Place, numbers: readonly number[]): Promise<Result<FramesAnswer, ReadTrouble>>;
  bulk(place: Place, tag: string): Promise<Result<Uint8Array, ReadTrouble>>;
  /** Resolves when the index has been read. */
  ready(): number;
};

function withBase(json: DicomJson, row: InstanceRow, base: string): DicomJson {
  const uid = (element: DicomJson[string] | undefined): string => String(element?.Value?.[0] ?? '');
  const own = `${base}/studies/${uid(row.study['0020000D'])}/series/${uid(row.series['0020000E'])}/instances/${uid(row.instance['00080018'])}`;
  const placed: { [tag: string]: DicomJson[string] } = Object.create(null);
  for (const [tag, element] of Object.entries(json)) {
    placed[tag] =
      element.BulkDataURI === undefined ? element : { ...element, BulkDataURI: `${own}/${element.BulkDataURI}` };
  }
  return placed;
}

serveThread<ArchiveThreadData>(async (data): Promise<ArchiveThread> => {
  const sealing = await sealingKey(data.key, 'embedded archive');
  const dice = { randomBytes: (count: number) => Uint8Array.from(randomBytes(count)), newId: () => randomUUID() };
  const store = await openObjectStore({ ...data, sealing, dice });
  const notFound = {
    ok: false as const,
    error: { code: 'not-found' as const, message: 'the archive does not have it' },
  };
  const one = (place: Place): InstanceRow | undefined => store.index.rows(place.study, place.series, place.instance)[0];
  return {
    ready: () => store.index.count(),
    store: (part10) => store.store(part10),
    search: (search) => Buffer.from(JSON.stringify(store.index.search(search))),
    files: (place) =>
      store.index
        .rows(place.study, place.series, place.instance)
        .map((row) => ({ name: row.file, length: row.size, transferSyntax: row.transferSyntax })),
    metadata: async (place, base) => {
      const rows = store.index.rows(place.study, place.series, place.instance);
      if (rows.length === 0) return { ok: true, value: null };
      const texts: string[] = [];
      for (const row of rows) {
        const json = await store.metadata(row);
        if (!json.ok) return json;
        texts.push(JSON.stringify(withBase(json.value, row, base)));
      }
      return { ok: true, value: Buffer.from(`[${texts.join(',')}]`) };
    },
    frames: async (place, numbers) => {
      const row = one(place);
      return row === undefined ? notFound : store.frames(row, numbers);
    },
    bulk: async (place, tag) => {
      const row = one(place);
      return row === undefined ? notFound : store.bulk(row, tag);
    },
  };
});
