import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { Ports } from '../ports.ts';
import type { GroupLinkSetting } from '../settings/types.ts';
import { webStreamOf } from '../web-stream.ts';

export type GroupQuestion = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

/** The way to the group's hosts. One is asked; when it does not answer the next one is, and stays the one that is asked. */
export type GroupLink = {
  /** Null when none of them answers. */
  ask(question: GroupQuestion): Promise<Response | null>;
  /** Every one, whether or not the others answer. */
  tellAll(question: GroupQuestion): Promise<void>;
  /** Which host is asked now. Lists of two hosts count their changes apart. */
  current(): string;
  /** Since when none has answered; null while one does. */
  silentSince(): Instant | null;
  onChange(listener: () => void): () => void;
  close(): void;
};

/** Until the connection stands, and until the answer begins. A record behind the host may take its time, a dead host may not. */
const connectTime = 4_000;
const answerTime = 40_000;

/**
 * TLS is verified against the computer's authorities, or against `--group-ca` alone where it is given; redirects are answers, never
 * followed, so that the session goes to the configured origins and nowhere else.
 */
export function createGroupLink(setting: GroupLinkSetting, ports: Pick<Ports, 'now' | 'log'>): GroupLink {
  const agent = new Agent({
    keepAlive: true,
    minVersion: 'TLSv1.2',
    ...(setting.authority === null ? {} : { ca: setting.authority }),
  });
  const listeners = new Set<() => void>();
  let place = 0;
  let silent: Instant | null = null;

  const one = (origin: string, question: GroupQuestion): Promise<Response> =>
    new Promise((resolve, reject) => {
      const url = new URL(question.path, origin);
      if (url.origin !== origin) {
        reject(new Error('not the group host'));
        return;
      }
      const options = {
        method: question.method,
        headers: {
          ...question.headers,
          ...(question.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(question.body)) }),
        },
        ...(question.signal === undefined ? {} : { signal: question.signal }),
      };
      const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, agent }) : httpRequest(url, options);
      const late = setTimeout(() => request.destroy(new Error('no answer in time')), answerTime);
      request.once('socket', (socket) => {
        if (!socket.connecting) return;
        const unconnected = setTimeout(() => request.destroy(new Error('no connection in time')), connectTime);
        const connected = (): void => clearTimeout(unconnected);
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
        socket.once('close', connected);
      });
      request.once('error', (reason) => {
        clearTimeout(late);
        reject(reason);
      });
      request.once('response', (incoming) => {
        clearTimeout(late);
        const headers = new Headers();
        for (const name of contentHeaders) {
          const value = incoming.headers[name];
          if (typeof value === 'string') headers.set(name, value);
        }
        const status = incoming.statusCode ?? 502;
        const bodyless = status === 204 || status === 304;
        if (bodyless) incoming.resume();
        const body = bodyless ? null : webStreamOf(incoming);
        resolve(new Response(body, { status, headers }));
      });
      request.end(question.body);
    });

  const heard = (now: boolean): void => {
    if ((silent === null) === now) return;
    silent = now ? null : ports.now();
    if (now) ports.log.info('the group host answers again');
    else ports.log.warn('no group host answers');
    for (const listener of listeners) listener();
  };

  return {
    ask: async (question) => {
      for (let turn = 0; turn < setting.origins.length; turn += 1) {
        const origin = setting.origins[place] ?? '';
        try {
          const answer = await one(origin, question);
          heard(true);
          return answer;
        } catch (reason) {
          if (question.signal?.aborted === true) throw reason;
          ports.log.warn('a group host does not answer', { host: new URL(origin).host, why: causeOf(reason) });
          if (setting.origins[place] === origin) place = (place + 1) % setting.origins.length;
        }
      }
      heard(false);
      return null;
    },
    tellAll: async (question) => {
      await Promise.all(
        setting.origins.map((origin) =>
          one(origin, question).then(
            (answer) => answer.body?.cancel(),
            () => undefined,
          ),
        ),
      );
    },
    current: () => setting.origins[place] ?? '',
    silentSince: () => silent,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => agent.destroy(),
  };
}

/** What an answer says of its content (RFC 9110 8, 14). Nothing else of it is passed on. */
const contentHeaders: readonly string[] = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'date'];

function causeOf(reason: unknown): string {
  if (!(reason instanceof Error)) return 'unknown';
  return 'code' in reason && typeof reason.code === 'string' ? reason.code : reason.message.slice(0, 60);
}
