import {
  type Call,
  type CallInput,
  type CallName,
  type CallOutput,
  type CallParams,
  calls,
  caseHeaders,
  type Failure,
  failureSchema,
} from '../../shared/api/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type Calm, createCalm } from './calm.ts';
import { type EventStreamOptions, streamHostEvents } from './event-stream.ts';
import type { SessionStore } from './session-store.ts';

/** `host`: the host refused and said why. `page`: the page got no answer that it could use, so what happened over there is unknown. */
export type CallFailure = Failure & { readonly from: 'host' | 'page' };

/** What a call takes: `params` for its path and `input` for its body or query, each only where the table has them. */
export type CallRequest<Name extends CallName> = {
  readonly signal?: AbortSignal;
} & (CallParams<Name> extends undefined ? { readonly params?: undefined } : { readonly params: CallParams<Name> }) &
  (CallInput<Name> extends undefined ? { readonly input?: undefined } : { readonly input: CallInput<Name> });

type CallArguments<Name extends CallName> =
  CallParams<Name> extends undefined
    ? CallInput<Name> extends undefined
      ? [request?: CallRequest<Name>]
      : [request: CallRequest<Name>]
    : [request: CallRequest<Name>];

export type HostClient = {
  readonly session: SessionStore;
  call<Name extends CallName>(
    name: Name,
    ...request: CallArguments<Name>
  ): Promise<Result<CallOutput<Name>, CallFailure>>;
  /** Until when the page asks for nothing that the first image of a case can do without. */
  readonly calm: Calm;
  /** Reads `GET /events` until `signal` ends it, joining again after every loss. */
  streamEvents(options: EventStreamOptions): Promise<void>;
  /**
   * A request under `/dicomweb/` with the session's own headers; the caller adds those of its case (`caseHeaders`). Rejects as fetch
   * does; the caller reads status and body.
   */
  dicomwebFetch(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
  /** The session's headers, for a worker that fetches by itself. */
  headers(): Readonly<Record<string, string>>;
};

/** How long each call may take, in milliseconds; a call that is not named has `usual`. Every call settles (DESIGN 2.4). */
const usual = 15_000;
const deadlines: Partial<Record<CallName, number>> = {
  saveDraft: 5_000,
  touchSession: 5_000,
  openCase: 30_000,
  sign: 60_000,
  verifyReport: 30_000,
};

function addressOf(call: Call, params: Readonly<Record<string, string>>, input: unknown): string {
  const path = call.path.replace(/:([A-Za-z]+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  if (call.method !== 'GET' || input === undefined) return path;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input as Record<string, unknown>)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

function unusable(message: string): { readonly ok: false; readonly error: CallFailure } {
  return err({ code: 'upstream-unreachable', message, from: 'page' });
}

/** The one way from the page to its host (DESIGN 2.1): own origin only, session in `Authorization`, every answer parsed. */
export function createHostClient(options: {
  /** The page's own origin, without a slash at its end. */
  readonly origin: string;
  readonly session: SessionStore;
  readonly fetch?: typeof fetch;
  /** Told when the host says that this session is over or locked, whichever call learned it. */
  readonly onRefused?: (code: 'not-signed-in' | 'locked') => void;
}): HostClient {
  const { origin, session } = options;
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const calm = createCalm();
  const ownHeaders = (): Record<string, string> => {
    const token = session.token();
    const headers: Record<string, string> = { [caseHeaders.window]: session.windowId };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    return headers;
  };

  const failureOf = async (response: Response): Promise<{ readonly ok: false; readonly error: CallFailure }> => {
    let body: unknown = null;
    try {
      body = await response.json();
    } catch {
      return unusable(`The host answered ${response.status} without words.`);
    }
    const parsed = failureSchema.safeParse(body);
    if (!parsed.success) return unusable(`The host answered ${response.status} in words that Overread does not know.`);
    return err({ ...parsed.data, from: 'host' });
  };

  async function call<Name extends CallName>(
    name: Name,
    ...[request]: CallArguments<Name>
  ): Promise<Result<CallOutput<Name>, CallFailure>> {
    const entry: Call = calls[name];
    const calmOver = calm.before(name);
    if (calmOver !== undefined) await calmOver;
    const milliseconds = deadlines[name] ?? usual;
    const deadline = AbortSignal.timeout(milliseconds);
    const signal = request?.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const headers = ownHeaders();
    const hasBody = entry.method !== 'GET' && entry.input !== undefined;
    if (hasBody) headers['Content-Type'] = 'application/json';
    const address = addressOf(entry, (request?.params ?? {}) as Record<string, string>, request?.input);
    let response: Response;
    let body: unknown;
    try {
      response = await send(`${origin}${address}`, {
        method: entry.method,
        headers,
        body: hasBody ? JSON.stringify(request?.input) : undefined,
        signal,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      if (!response.ok) {
        const failed = await failureOf(response);
        const { code } = failed.error;
        if ((code === 'not-signed-in' || code === 'locked') && name !== 'signIn') options.onRefused?.(code);
        return failed;
      }
      body = await response.json();
    } catch {
      if (request?.signal?.aborted === true) return unusable('This was given up because the case or screen was left.');
      return unusable(
        deadline.aborted
          ? `Overread’s host did not answer within ${milliseconds / 1000} s.`
          : 'Overread’s host could not be reached.',
      );
    }
    const parsed = entry.output.safeParse(body);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return unusable(`The host’s answer to ${name} has an unknown form (${issue?.path.join('.') ?? 'all of it'}).`);
    }
    return ok(parsed.data as CallOutput<Name>);
  }

  return {
    session,
    call,
    calm,
    streamEvents: (events) => streamHostEvents({ ...events, origin, send, headers: ownHeaders }),
    headers: ownHeaders,
    dicomwebFetch: (path, headers, signal) => {
      // Built here so that no caller can send the session anywhere but to the page's own archive path.
      const address = new URL(path, origin);
      if (address.origin !== origin || !address.pathname.startsWith('/dicomweb/')) {
        return Promise.reject(new Error('Only addresses under /dicomweb/ are fetched for images.'));
      }
      return send(address.href, {
        headers: { ...headers, ...ownHeaders() },
        signal,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    },
  };
}
