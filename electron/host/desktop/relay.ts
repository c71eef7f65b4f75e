import { caseHeaders, hostEventSchema } from '../../../shared/api/index.ts';
import type { EventHub } from '../routes/event-stream.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { GroupLink } from './group-link.ts';

const longestSilence = 45_000;

/** Follows the group host's events for one session of the page and passes them on; ends with `stop`. */
export function startRelay(parts: {
  readonly token: string;
  readonly link: GroupLink;
  readonly sessions: DeskSessions;
  readonly hub: EventHub;
  /** The group host does not know this session any more, or has locked it. */
  readonly onRefused: () => void;
}): { stop(): void } {
  const { token, link, hub } = parts;
  const ended = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let wake: (() => void) | null = null;
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, milliseconds);
      timer.unref();
    });

  const follow = async (): Promise<void> => {
    const session = parts.sessions.of(token);
    if (session === null) return;
    // A heartbeat comes every 15 s: a line that is silent for longer is dead, whatever it looks like.
    const deaf = new AbortController();
    const idle = setTimeout(() => deaf.abort(), longestSilence);
    idle.unref();
    const answer = await link.ask({
      method: 'GET',
      path: '/events',
      headers: { Authorization: `Bearer ${session.groupToken}`, [caseHeaders.window]: session.groupWindow },
      signal: AbortSignal.any([ended.signal, deaf.signal]),
    });
    if (answer === null || answer.body === null) return;
    if (answer.status === 401 || answer.status === 423) {
      await answer.body.cancel();
      // A new token was taken meanwhile: the next turn uses it.
      if (parts.sessions.of(token) === session) parts.onRefused();
      return;
    }
    // After a gap everything may have changed.
    hub.publishTo(token, { type: 'status-changed' });
    hub.publishTo(token, { type: 'worklist-changed', version: 0 });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of answer.body) {
      idle.refresh();
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > 10_000) return;
      for (const line of lines) {
        const event = read(line);
        if (event === null || event.type === 'heartbeat') continue;
        if (event.type === 'session-locked' || event.type === 'session-ended') {
          if (parts.sessions.of(token) === session) parts.onRefused();
        } else hub.publishTo(token, event);
      }
    }
  };

  void (async () => {
    while (!ended.signal.aborted) {
      await follow().catch(() => undefined);
      if (!ended.signal.aborted) await pause(1_500);
    }
  })();
  return {
    stop: () => {
      ended.abort();
      if (timer !== null) clearTimeout(timer);
      wake?.();
    },
  };
}

function read(line: string) {
  try {
    const parsed = hostEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
