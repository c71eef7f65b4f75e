import { sealerFromKey } from '../keys/index.ts';
import { serveThread } from '../threads/rpc.ts';
import { loadDefinitions } from './definitions.ts';
import { createEndpoint, type EndpointAnswer, type EndpointQuestion } from './endpoint.ts';
import { openRecordStore } from './store.ts';

export type RecordThreadData = {
  /** Null keeps the record in memory. */
  readonly directory: string | null;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly definitions: string;
};

export type RecordThread = {
  open(): void;
  answer(question: EndpointQuestion): Promise<EndpointAnswer>;
  close(): void;
};

serveThread((data: RecordThreadData): RecordThread => {
  loadDefinitions(data.definitions);
  const sealer = sealerFromKey(data.key);
  const store = openRecordStore(data.directory, sealer);
  const endpoint = createEndpoint(store, sealer);
  return { open: () => undefined, answer: endpoint, close: () => store.close() };
});
