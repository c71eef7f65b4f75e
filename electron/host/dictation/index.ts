import type { HostConfig } from '../config.ts';
import type { Sessions } from '../identity/types.ts';
import { remoteFetch } from '../remote-fetch.ts';
import { createDictationRoom, type DictationRoom } from './dictation-room.ts';
import { shippedModels } from './models/model-list.ts';
import { createModelShelf } from './models/model-shelf.ts';
import { vocabularyFolder } from './vocabulary-folder.ts';

export type { DictationRoom, Heard } from './dictation-room.ts';
export type { EngineChild } from './engine-child.ts';
export type { ModelShelf } from './models/model-shelf.ts';
export { isSherpaInstalled } from './sherpa-library.ts';

/** Dictation beside the reader, in the kind of process that the shell has. */
export function openDictation(config: HostConfig, sessions: Sessions): DictationRoom {
  const { desktop, ports } = config;
  return createDictationRoom({
    sessions,
    ports,
    vocabulary: vocabularyFolder(),
    models: createModelShelf({
      directory: config.settings.dataDirectory,
      models: shippedModels(),
      fetch: (address, options) => remoteFetch(new Request(address, options)),
    }),
    ...(desktop === undefined ? {} : { startProcess: desktop.startProcess }),
  });
}
