import type { FrameCache } from './archive/frame-cache.ts';
import { createArchiveClient, createEmbeddedArchive, embeddedArchiveUrl, openFrameCache } from './archive/index.ts';
import type { ArchiveClient } from './archive/types.ts';
import type { HostConfig } from './config.ts';
import type { KeyRing } from './keys/types.ts';
import type { FetchHandler } from './ports.ts';
import { type AddToRecord, createEmbeddedRecord, createRecordClient, embeddedRecordUrl } from './record/index.ts';
import type { RecordClient } from './record/types.ts';
import { remoteFetch } from './remote-fetch.ts';
import type { Upstream } from './settings/types.ts';

/** The embedded record stamps its writes within the one transaction that shows them, never backwards: nothing is shown late. */
const embeddedOverlap = 5_000;
/** Largest share of the disk that kept images may take. */
const frameCacheBytes = 4 * 1024 ** 3;

/** A name for people and for paths: the server's host, never its credentials. */
function nameOf(upstream: Upstream, embedded: string): string {
  return upstream.kind === 'remote' ? new URL(upstream.url).host.replace(/[^A-Za-z0-9.-]/g, '-') : embedded;
}

/** Record and archive, embedded or remote, in any mix, each behind the same client. */
export async function openUpstreams(
  config: HostConfig,
  keyRing: KeyRing,
): Promise<{
  record: RecordClient;
  archive: ArchiveClient;
  /** Sealed images of the archive; null where it lies on this very disk. */
  cache: FrameCache | null;
  /** The embedded record's endpoint; null where the record is another server. */
  recordEndpoint: FetchHandler | null;
  /** Many resources at once into the embedded record; null where the record is another server. */
  addToRecord: AddToRecord | null;
  close(): Promise<void>;
}> {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  const embeddedRecord =
    settings.record.kind === 'embedded' ? await createEmbeddedRecord({ directory, key: keyRing, ports }) : null;
  const embeddedArchive =
    settings.archive.kind === 'embedded'
      ? await createEmbeddedArchive({ directory, key: keyRing.derive('archive'), ports })
      : null;
  const record = createRecordClient({
    name: nameOf(settings.record, 'embedded-record'),
    baseUrl: settings.record.kind === 'remote' ? settings.record.url : embeddedRecordUrl,
    credentials: settings.record.kind === 'remote' ? settings.record.credentials : { kind: 'none' },
    fetch: embeddedRecord?.fetch ?? remoteFetch,
    ...(embeddedRecord === null ? {} : { overlapMs: embeddedOverlap }),
    ports,
  });
  // The embedded archive lies on the same disk, sealed already: keeping its frames twice would help nobody.
  const cache =
    embeddedArchive === null
      ? await openFrameCache({ directory, key: keyRing.derive('frame-cache'), maxBytes: frameCacheBytes, ports })
      : null;
  const archive = createArchiveClient({
    name: nameOf(settings.archive, 'embedded-archive'),
    baseUrl: settings.archive.kind === 'remote' ? settings.archive.url : embeddedArchiveUrl,
    credentials: settings.archive.kind === 'remote' ? settings.archive.credentials : { kind: 'none' },
    fetch: embeddedArchive?.fetch ?? remoteFetch,
    ...(cache === null ? {} : { cache }),
    ports,
  });
  return {
    record,
    archive,
    cache,
    recordEndpoint: embeddedRecord?.fetch ?? null,
    addToRecord: embeddedRecord?.add ?? null,
    close: async () => {
      await archive.close();
      await cache?.close();
      await embeddedArchive?.close();
      await embeddedRecord?.close();
    },
  };
}
