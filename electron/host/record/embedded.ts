import type { Resource } from '@medplum/fhirtypes';
import type { KeyRing } from '../keys/types.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import { findDefinitions } from './definitions-folder.ts';
import type { EndpointAnswer } from './endpoint.ts';
import type { RecordThread, RecordThreadData } from './record-thread.ts';

/** The base address that a client of the embedded record is given. The name can never be resolved (RFC 2606), so nothing leaks. */
export const embeddedRecordUrl = 'http://record.invalid/fhir';

export type EmbeddedRecordOptions = {
  /** Folder of its database; made if absent. */
  readonly directory: string;
  /** 32 bytes, or the ring from which the record derives its own. */
  readonly key: Uint8Array | KeyRing;
  readonly ports: Ports;
  /** Keeps everything in memory and touches no disk. */
  readonly inMemory?: boolean;
};

/** Many resources at once, those that are there already left as they are. Rejects where one is no resource of this record. */
export type AddToRecord = (resources: readonly (Resource & { id: string })[]) => Promise<void>;

export type EmbeddedRecord = { readonly fetch: FetchHandler; readonly add: AddToRecord; close(): Promise<void> };

/**
 * Starts the embedded record: a FHIR R4 endpoint in a thread of its own. Rejects when the folder holds a record of another key or
 * of a later program, or cannot be written.
 */
export async function createEmbeddedRecord(options: EmbeddedRecordOptions): Promise<EmbeddedRecord> {
  const { ports } = options;
  const data: RecordThreadData = {
    directory: options.inMemory === true ? null : options.directory,
    key: options.key instanceof Uint8Array ? options.key : options.key.derive('record'),
    definitions: findDefinitions(),
  };
  const thread = startThread<RecordThread>(
    threadEntry(new URL('./record-thread.ts', import.meta.url), 'record-thread'),
    data,
  );
  try {
    await thread.open();
  } catch (reason) {
    await thread.stop();
    // The thread's failure comes as its stack; people want the sentence.
    throw new Error(
      reason instanceof Error ? (reason.message.split('\n')[0] ?? '').replace(/^Error: /, '') : String(reason),
    );
  }
  const under = new Set<Promise<unknown>>();
  let closed = false;

  const answerOf = async (request: Request): Promise<EndpointAnswer> => {
    const url = new URL(request.url);
    const prefix = url.pathname.startsWith('/fhir/') || url.pathname === '/fhir' ? '/fhir' : '';
    const body = request.method === 'GET' ? '' : await request.text();
    return thread.answer({
      method: request.method,
      path: `${url.pathname.slice(prefix.length).replace(/^\/+/, '')}${url.search}`,
      base: `${url.origin}${prefix}`,
      ifMatch: request.headers.get('if-match'),
      ifNoneExist: request.headers.has('if-none-exist'),
      body,
      now: ports.now(),
      newId: ports.newId(),
    });
  };

  return {
    add: async (resources) => {
      const adding = closed ? Promise.reject(new Error('the record is closed')) : thread.add(resources, ports.now());
      under.add(adding);
      await adding.finally(() => under.delete(adding));
    },
    fetch: async (request) => {
      const question = closed ? Promise.reject(new Error('the record is closed')) : answerOf(request);
      under.add(question);
      try {
        const { status, headers, body, trouble } = await question;
        if (trouble !== undefined) ports.log.error('embedded record', { trouble, status });
        return new Response(body, { status, headers: { ...headers, date: new Date(ports.now()).toUTCString() } });
      } catch (reason) {
        ports.log.error('embedded record', {
          trouble: reason instanceof Error ? reason.message.slice(0, 200) : 'unknown',
        });
        return new Response(
          JSON.stringify({
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'fatal', code: 'transient', diagnostics: 'the embedded record is not running' }],
          }),
          { status: 503, headers: { 'content-type': 'application/fhir+json; charset=utf-8' } },
        );
      } finally {
        under.delete(question);
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      // What was accepted is written before the thread ends.
      await Promise.allSettled(under);
      await thread.close();
      await thread.stop();
    },
  };
}
