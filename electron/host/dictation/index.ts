import type { HostConfig } from '../config.ts';
import type { Sessions } from '../identity/types.ts';
import { createDictationRoom, type DictationRoom } from './dictation-room.ts';
import { vocabularyFolder } from './vocabulary-folder.ts';

export type { DictationRoom, Heard } from './dictation-room.ts';
export type { EngineChild } from './engine-child.ts';

/** Dictation beside the reader, in the kind of process that the shell has. */
export function openDictation(config: HostConfig, sessions: Sessions): DictationRoom {
  const { desktop, ports } = config;
  return createDictationRoom({
    sessions,
    ports,
    places: { vocabulary: vocabularyFolder() },
    ...(desktop === undefined ? {} : { startProcess: desktop.startProcess }),
  });
}
