import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { webStreamOf } from '../web-stream.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** The file that a path of the page names, or null: nothing outside the folder, by any spelling or link, is ever answered. */
export async function pageFile(directory: string, pathname: string): Promise<string | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (/[\0\\:]/.test(decoded) || decoded.split('/').includes('..')) return null;
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, decoded));
    if (!file.startsWith(root + sep)) return null;
    return (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

/** The page's own paths all answer index.html; a file that is missing is a 404, never the page in its place. */
const pagePaths = /^\/(?:|case\/[A-Za-z0-9.-]{1,64}|window\/[A-Za-z0-9-]{1,64})$/;

/** Serves the built page with Range (RFC 9110 14.2); hashed assets may be kept by the browser, the page itself may not. */
export async function servePage(
  directory: string,
  request: Request,
): Promise<{ response: Response; immutable: boolean }> {
  const { pathname } = new URL(request.url);
  const name = pagePaths.test(pathname) ? '/index.html' : pathname === '/site' ? '/site.html' : pathname;
  const file = await pageFile(directory, name);
  if (file === null)
    return {
      response: new Response('Not found', { status: 404, headers: { 'Content-Type': 'text/plain' } }),
      immutable: false,
    };
  const { size } = await stat(file);
  const headers = new Headers({
    'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
  });
  const immutable = name.startsWith('/assets/');
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('Range') ?? '');
  const start = range === null ? 0 : Number(range[1]);
  const end =
    range === null || range[2] === '' || range[2] === undefined ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (range !== null && (start > end || start >= size)) {
    headers.set('Content-Range', `bytes */${size}`);
    return { response: new Response(null, { status: 416, headers }), immutable: false };
  }
  headers.set('Content-Length', String(end - start + 1));
  if (range !== null) headers.set('Content-Range', `bytes ${start}-${end}/${size}`);
  const status = range === null ? 200 : 206;
  if (request.method === 'HEAD' || size === 0) return { response: new Response(null, { status, headers }), immutable };
  const body = webStreamOf(createReadStream(file, { start, end }));
  return { response: new Response(body, { status, headers }), immutable };
}
