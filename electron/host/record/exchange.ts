import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { Credentials } from '../settings/types.ts';
import { cleanJson } from './clean-json.ts';
import type { SkewMeter } from './skew.ts';
import type { RecordFailure } from './types.ts';

/** What one question to the record needs. `asked` is what people may read: type, id and names of parameters, no values. */
export type Question = {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly asked: string;
  readonly body?: string;
  readonly ifMatch?: string;
};

export type Answer = {
  readonly resource: Resource | null;
  /** The `ETag`'s version, without weakness and quotes. */
  readonly etag: string | null;
};

export type Exchange = (question: Question) => Promise<Result<Answer, RecordFailure>>;

export type ExchangeOptions = {
  readonly name: string;
  readonly base: URL;
  readonly fetch: FetchHandler;
  readonly credentials: Credentials;
  readonly ports: Ports;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly skew: SkewMeter;
};

const timedOut = Symbol('timed out');
const overLimit = Symbol('over the limit');

/** The base ends in `/`. True where the address is the record's own: same origin, and at or below its base path. Credentials go nowhere else. */
export function isOwnAddress(base: URL, url: URL): boolean {
  return (
    url.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    (url.pathname.startsWith(base.pathname) || `${url.pathname}/` === base.pathname)
  );
}

/** One question and its answer: pinned to the record's own address, with credentials, a deadline and a limit of size. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { base, ports, skew } = options;

  return async (question) => {
    const fail = failureMaker(options, question.asked);
    if (!isOwnAddress(base, question.url))
      return err(fail('refused', 'an address that is not its own; nothing was sent'));
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<typeof timedOut>((resolve) => {
      timer = setTimeout(() => {
        resolve(timedOut);
        controller.abort();
      }, options.timeoutMs);
    });
    try {
      const sent = ports.now();
      const response = await Promise.race([options.fetch(toRequest(options, question, controller.signal)), deadline]);
      if (response === timedOut) return err(fail('timeout', `nothing within ${options.timeoutMs / 1000} s`));
      skew.note(sent, ports.now(), response.headers.get('date'));
      const text = await Promise.race([readCapped(response, options.maxBytes), deadline]);
      if (text === timedOut) {
        return err(
          fail('timeout', `${response.status}, but not the whole answer within ${options.timeoutMs / 1000} s`),
        );
      }
      if (text === overLimit)
        return err(fail('too-large', `${response.status} with more than ${options.maxBytes} bytes`));
      return judge(response, text, fail);
    } catch (reason) {
      return err(fail('unreachable', `no answer (${causeOf(reason)})`));
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
  };
}

export type FailureMaker = (code: RecordFailure['code'], cameBack: string) => RecordFailure;

export function failureMaker(options: { readonly name: string; readonly base: URL }, asked: string): FailureMaker {
  return (code, cameBack) => ({
    code,
    asked,
    cameBack,
    message: `The record ${options.name} (${options.base.origin}${options.base.pathname}) was asked: ${asked}. It answered: ${cameBack}.`,
  });
}

function toRequest(options: ExchangeOptions, question: Question, signal: AbortSignal): Request {
  const headers = new Headers({
    accept: 'application/fhir+json; fhirVersion=4.0, application/fhir+json;q=0.9, application/json;q=0.8',
  });
  const { credentials } = options;
  if (credentials.kind === 'bearer') headers.set('authorization', `Bearer ${credentials.token}`);
  if (credentials.kind === 'basic') {
    headers.set(
      'authorization',
      `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`,
    );
  }
  if (question.body !== undefined) {
    headers.set('content-type', 'application/fhir+json; charset=utf-8');
    headers.set('prefer', 'return=representation');
  }
  // FHIR R4 http.html#concurrency: the version id as a weak entity tag.
  if (question.ifMatch !== undefined) headers.set('if-match', `W/"${question.ifMatch}"`);
  return new Request(question.url, {
    method: question.method,
    headers,
    // A redirect would carry the question, and a careless client the credentials, to a place nobody configured.
    redirect: 'manual',
    signal,
    ...(question.body === undefined ? {} : { body: question.body }),
  });
}

async function readCapped(response: Response, maxBytes: number): Promise<string | typeof overLimit> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    return overLimit;
  }
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return overLimit;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function judge(response: Response, text: string, fail: FailureMaker): Result<Answer, RecordFailure> {
  const { status } = response;
  const kind = (response.headers.get('content-type') ?? 'no content type').slice(0, 60);
  const parsed = text.trim() === '' ? ok(null) : cleanJson(text);
  const resource = parsed.ok && isResourceLike(parsed.value) ? parsed.value : null;
  const said = resource?.resourceType === 'OperationOutcome' ? outcomeText(resource) : '';
  const cameBack = `${status}${said === '' ? '' : `, ${said}`}`;

  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    return err(fail('refused', `${status}, a redirect to ${redirectTarget(response)}, which is not followed`));
  }
  if (status === 200 || status === 201 || status === 204) {
    const empty = text.trim() === '';
    if (!empty && resource === null) {
      return err(
        fail('not-fhir', `${status} with ${kind}, ${text.length} characters that are not a FHIR R4 resource in JSON`),
      );
    }
    return ok({ resource, etag: etagVersion(response.headers.get('etag')) });
  }
  if (status === 401 || status === 403) return err(fail('unauthorised', cameBack));
  if (status === 404 || status === 410) {
    // A web server that has never heard of FHIR answers 404 too: that is a wrong address, not an absent resource.
    if (text.trim() !== '' && resource === null) return err(fail('not-fhir', `${status} with ${kind}, not FHIR`));
    return err(fail('not-found', cameBack));
  }
  // FHIR R4 http.html#concurrency says 412; servers that see the clash in their database answer 409.
  if (status === 409 || status === 412) return err(fail('version-conflict', cameBack));
  if (status === 413) return err(fail('too-large', cameBack));
  if (status === 408 || status === 504) return err(fail('timeout', cameBack));
  if (status === 429 || status >= 500) return err(fail('unreachable', cameBack));
  return err(fail('refused', cameBack));
}

function isResourceLike(value: unknown): value is Resource {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { resourceType?: unknown }).resourceType === 'string'
  );
}

/** What the server said, short: an OperationOutcome may echo what it was sent. */
function outcomeText(outcome: OperationOutcome): string {
  const issues: unknown = outcome.issue;
  if (!Array.isArray(issues)) return '';
  const texts = issues.slice(0, 3).flatMap((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null) return [];
    const { diagnostics, details, code, expression } = issue as {
      diagnostics?: unknown;
      details?: { text?: unknown };
      code?: unknown;
      expression?: unknown;
    };
    const text = [diagnostics, details?.text, code].find((one) => typeof one === 'string' && one !== '');
    const place: unknown = Array.isArray(expression) ? expression[0] : undefined;
    return typeof text === 'string' ? [typeof place === 'string' ? `${text} (${place})` : text] : [];
  });
  return texts.join('; ').replace(/\s+/g, ' ').slice(0, 300);
}

function etagVersion(etag: string | null): string | null {
  return etag === null ? null : (/^(?:W\/)?"(.+)"$/.exec(etag.trim())?.[1] ?? null);
}

function redirectTarget(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) return 'an unnamed place';
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}

function causeOf(reason: unknown): string {
  const cause = reason instanceof Error && reason.cause instanceof Error ? reason.cause : reason;
  if (!(cause instanceof Error)) return 'unknown cause';
  const code = (cause as { code?: unknown }).code;
  return (typeof code === 'string' ? code : cause.message).slice(0, 120);
}
