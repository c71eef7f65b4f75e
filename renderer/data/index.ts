export { openMirror } from './mirror.ts';
export type {
  DraftKey,
  Mirror,
  MirrorChange,
  MirroredWorklist,
  Quarantined,
  QueuedCommand,
  Stored,
  StoreFailure,
  WorklistDelta,
} from './types.ts';
export { holdWriter, isWriterHeld } from './writer-lock.ts';
