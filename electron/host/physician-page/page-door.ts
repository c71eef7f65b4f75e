import { createHash } from 'node:crypto';
import { caregiverRoles } from '../../../shared/domain/critical/index.ts';
import {
  type CodeTrouble,
  codePageHtml,
  nothingHereHtml,
  type PhysicianReport,
  physicianPageStyle,
  reportPageHtml,
} from '../../../shared/interop/physician-page/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { paced } from '../paces.ts';
import type { Ports } from '../ports.ts';
import type { PhysicianRoom } from './physician-room.ts';
import { createTooManyTries } from './too-many-tries.ts';

/** The page's own fetch handler, for a listener of its own. `from`: the address at the other end of the line. */
export type PhysicianDoor = (request: Request, from: string) => Promise<Response>;

/** The page's policy: nothing runs and nothing is loaded; its one style is named by its hash; a code is sent to this page alone. */
export const physicianPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(physicianPageStyle, 'utf8').digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const physicianPageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': physicianPagePolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: browsers then name no origin with a form, and one that another page sent could not be told.
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
  'Cache-Control': 'no-store',
};

/** RFC 9110 15: what a program can decide on. */
const statuses: Readonly<Record<CodeTrouble, number>> = {
  refused: 403,
  'slow-down': 429,
  expired: 410,
  used: 410,
  ended: 410,
  over: 410,
  'not-now': 503,
  'not-noted': 503,
  altered: 503,
};

const paths = /^\/r\/([A-Za-z0-9_-]{22})(?:\/(again|pdf|read-back))?$/;
const secretShape = /^[A-Za-z0-9_-]{22}$/;
/** A read-back has some words; they may be letters of which each takes nine characters in a form. */
const largestForm = 16_384;
/** Presses under way at one time: each is a question to the record. */
const mostAtOnce = 16;
/** A refusal takes at least so many milliseconds: there is nothing to be learnt from how long it took. */
const refusalTakes = 400;

/** Plain HTML over GET and POST, no script. A GET of any link is answered alike and asks nobody; only a press of Open asks the record. */
export function createPhysicianDoor(parts: {
  readonly room: PhysicianRoom;
  /** Where people reach the page, such as https://reports.example. Null: not known yet. */
  readonly origin: () => string | null;
  readonly ports: Ports;
}): PhysicianDoor {
  const { room, ports } = parts;
  const tries = createTooManyTries(ports);
  let atOnce = 0;
  const newPress = (): string => Buffer.from(ports.randomBytes(16)).toString('base64url');

  const answer = (
    body: string | Uint8Array<ArrayBuffer> | null,
    status: number,
    more: Readonly<Record<string, string>> = {},
  ): Response => {
    const secure = parts.origin()?.startsWith('https:') === true;
    return new Response(body, {
      status,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        ...physicianPageHeaders,
        ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
        ...more,
      },
    });
  };
  const trouble = (path: string, why: CodeTrouble, press = newPress()): Response =>
    answer(codePageHtml({ path, press, trouble: why }), statuses[why], {
      ...(why === 'slow-down' ? { 'Retry-After': '600' } : {}),
    });

  /** The form's fields; null where it is none of ours. */
  const fieldsOf = async (request: Request): Promise<URLSearchParams | null> => {
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get('Content-Type') ?? '')) return null;
    if (Number(request.headers.get('Content-Length') ?? 0) > largestForm || request.body === null) return null;
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > largestForm) return null;
    }
    return new URLSearchParams(text);
  };

  const pressed = async (
    path: string,
    token: string,
    act: string | undefined,
    fields: URLSearchParams,
    from: string,
  ): Promise<Response> => {
    const press = fields.get('press') ?? '';
    if (!secretShape.test(press)) return answer(nothingHereHtml(), 400);
    const began = performance.now();
    const refuse = async (why: CodeTrouble): Promise<Response> => {
      if (why === 'refused') {
        tries.refused(from);
        const left = paced(ports, 'physician-refusal', refusalTakes) - (performance.now() - began);
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      }
      // The same press: what was opened and could not be shown is answered by trying again.
      return trouble(path, why, press);
    };
    if (act === 'pdf') {
      const found = await room.pdf(token, press);
      if (!found.ok) return refuse(found.error);
      return answer(new Uint8Array(found.value.bytes), 200, {
        'Content-Type': 'application/pdf',
        'Content-Length': String(found.value.bytes.byteLength),
        'Content-Disposition': `attachment; filename="${found.value.name}"`,
      });
    }
    const found: Result<PhysicianReport, CodeTrouble> =
      act === 'read-back'
        ? await room.readBack(token, press, fields.get('result') ?? '', {
            who: fields.get('who') ?? '',
            role: caregiverRoles.find((role) => role === fields.get('role')) ?? 'other',
            callBack: fields.get('callBack') ?? '',
            canAct: fields.get('canAct') === 'yes',
            words: fields.get('words') ?? '',
          })
        : act === 'again'
          ? await room.again(token, press)
          : await room.open(token, fields.get('code') ?? '', press);
    return found.ok ? answer(reportPageHtml(found.value, { path, press }), 200) : refuse(found.error);
  };

  return async (request, from) => {
    const url = new URL(request.url);
    const origin = parts.origin();
    const host = request.headers.get('Host') ?? url.host;
    // A foreign name that was pointed here (DNS rebinding) is not answered.
    if (origin === null || host.toLowerCase() !== new URL(origin).host) return answer(nothingHereHtml(), 421);
    if (url.pathname === '/robots.txt')
      return answer('User-agent: *\nDisallow: /\n', 200, { 'Content-Type': 'text/plain; charset=utf-8' });
    const [, token, act] = paths.exec(url.pathname) ?? [];
    if (token === undefined) return answer(nothingHereHtml(), 404);
    const path = `/r/${token}`;
    if (request.method === 'GET' || request.method === 'HEAD') {
      const page = codePageHtml({ path, press: newPress(), trouble: null });
      return answer(request.method === 'HEAD' ? null : page, 200);
    }
    if (request.method !== 'POST') return answer(nothingHereHtml(), 405, { Allow: 'GET, HEAD, POST' });
    const sender = request.headers.get('Origin');
    const site = request.headers.get('Sec-Fetch-Site');
    if ((sender !== null && sender !== origin) || (site !== null && site !== 'same-origin' && site !== 'none'))
      return answer(nothingHereHtml(), 403);
    if (tries.blocked(from)) return trouble(path, 'slow-down');
    if (atOnce >= mostAtOnce) return trouble(path, 'not-now');
    atOnce += 1;
    try {
      const fields = await fieldsOf(request);
      return fields === null ? answer(nothingHereHtml(), 400) : await pressed(path, token, act, fields, from);
    } catch (reason) {
      ports.log.error('the physician’s page failed by a bug', {
        reason: reason instanceof Error ? reason.name : 'unknown',
      });
      if (process.env.OVERREAD_TRACE === '1')
        process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
      return trouble(path, 'not-now');
    } finally {
      atOnce -= 1;
    }
  };
}
