import type { Hono } from 'hono';
import type { SpeechModelState } from '../../../shared/api/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { ok } from '../../../shared/lib/result.ts';
import { type DictationRoom, type Heard, isSherpaInstalled, type ModelShelf } from '../dictation/index.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { type Answered, failure, mount } from './mount.ts';

async function modelState(models: ModelShelf): Promise<SpeechModelState> {
  const chosen = models.choice();
  const found = chosen === null ? null : await models.forUse();
  return {
    installed: isSherpaInstalled(),
    offered: models.offered.map(({ id, name, licence, source, files }) => ({
      ...{ id, name, licence, source },
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    })),
    chosen,
    trouble: found === null || found.ok ? null : found.error,
    has: found?.ok === true ? { voice: found.value.voice !== null, pieces: found.value.pieces !== null } : null,
    download: models.download(),
  };
}

/** Speech of the reader who is signed in; a stream answers to the session that began it and to no other. */
export function mountDictationRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly dictation: DictationRoom;
}): void {
  const { app, sessions, ports, dictation } = routes;
  const answer = (heard: Heard): Answered<'dictate'> =>
    heard.kind === 'heard'
      ? ok({ events: [...heard.events] })
      : failure('not-found', 'Dictation has ended. Press Dictate to begin again.');
  mount(app, sessions, ports, 'startDictation', async ({ input, session }) =>
    ok(await dictation.start(session, input.engine, input.words)),
  );
  mount(app, sessions, ports, 'dictate', async ({ params, input, session }) => {
    const bytes = Buffer.from(input.pcm, 'base64');
    if (bytes.length % 2 !== 0) return failure('bad-request', 'The sound was no 16-bit sound.');
    const pcm = new Int16Array(bytes.length / 2);
    for (let at = 0; at < pcm.length; at += 1) pcm[at] = bytes.readInt16LE(at * 2);
    return answer(dictation.push(session, params.stream, input.sequence, pcm));
  });
  mount(app, sessions, ports, 'stopDictation', async ({ params, session }) =>
    answer(await dictation.stop(session, params.stream)),
  );
  mount(app, sessions, ports, 'speechModel', async () => ok(await modelState(dictation.models)));
  mount(app, sessions, ports, 'changeSpeechModel', async ({ input }) => {
    const { models } = dictation;
    switch (input.type) {
      case 'use-folder': {
        const taken = await models.takeFolder(input.path);
        return taken.ok ? ok(await modelState(models)) : failure('bad-request', taken.error);
      }
      case 'download':
        return models.begin(input.id)
          ? ok(await modelState(models))
          : failure('not-found', 'That speech model is not offered for download. Give the folder of one instead.');
      case 'stop-download':
        models.stop();
        return ok(await modelState(models));
      default:
        return assertNever(input);
    }
  });
}
