export { createRecordClient, type RecordClientOptions } from './client.ts';
export {
  type AddToRecord,
  createEmbeddedRecord,
  type EmbeddedRecord,
  type EmbeddedRecordOptions,
  embeddedRecordUrl,
} from './embedded.ts';
export { findByIdentifier, tokenText } from './identifier-search.ts';
export { keepInRecord, type NotKept } from './keep-in-record.ts';
export {
  createRecordSync,
  type OpenList,
  type RecordSync,
  type RecordSyncOptions,
  type StreamedType,
  type SyncChange,
} from './sync.ts';
export type { ChangeCursor, FhirResource, RecordClient, RecordFailure, Versioned } from './types.ts';
