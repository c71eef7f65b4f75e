import type { Resource } from '@medplum/fhirtypes';
import { sealerFromKey } from '../keys/index.ts';
import { serveThread } from '../threads/rpc.ts';
import { loadDefinitions } from './definitions.ts';
import { createEndpoint, type EndpointAnswer, type EndpointQuestion } from './endpoint.ts';
import { SealedRepository } from './repository.ts';
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
  /** Writes those that are not there yet, each as a PUT would, all in one transaction. `now` is the host's clock, milliseconds. */
  add(resources: readonly (Resource & { id: string })[], now: number): Promise<void>;
  close(): void;
};

serveThread((data: RecordThreadData): RecordThread => {
  loadDefinitions(data.definitions);
  const sealer = sealerFromKey(data.key);
  const store = openRecordStore(data.directory, sealer);
  const endpoint = createEndpoint(store, sealer);
  return {
    open: () => undefined,
    answer: endpoint,
    add: async (resources, now) => {
      const repository = new SealedRepository({ store, sealer, now, base: '', newId: () => '' });
      const fresh = resources.filter(({ resourceType, id }) => !repository.has(resourceType, id));
      await Promise.all(fresh.map((one) => repository.updateResource(one)));
    },
    close: () => store.close(),
  };
});
