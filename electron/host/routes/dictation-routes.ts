import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { DictationRoom, Heard } from '../dictation/index.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { type Answered, failure, mount } from './mount.ts';

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
    ok(await dictation.start(session, input.engine)),
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
}
