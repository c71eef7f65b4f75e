export { openMirror } from './mirror.ts';
export {
  createPressOutbox,
  type PressAnswer,
  type PressOutbox,
  type Sending,
  type UnsentPress,
} from './press-outbox.ts';
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
