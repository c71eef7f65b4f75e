import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { freePort } from '../../servers/free-port.ts';

/** A page's files and an archive on one origin, as a plain site would serve them. */
export type SameOrigin = { readonly url: string; readonly by: 'nginx' | 'node'; stop(): Promise<void> };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** nginx where it is installed (or named by `BENCH_NGINX`), a small proxy of Node otherwise. `page` overrides files of the folder by path. */
export async function serveBeside(options: {
  readonly folder: string;
  readonly archive: string;
  readonly page: Readonly<Record<string, string>>;
  readonly work: string;
}): Promise<SameOrigin> {
  const nginx = process.env.BENCH_NGINX ?? '/usr/sbin/nginx';
  return existsSync(nginx) ? serveByNginx(nginx, options) : serveByNode(options);
}

type Options = Parameters<typeof serveBeside>[0];

async function serveByNginx(nginx: string, { folder, archive, page, work }: Options): Promise<SameOrigin> {
  const own = join(work, 'own-files');
  await mkdir(own, { recursive: true });
  for (const [path, text] of Object.entries(page)) await writeFile(join(own, path), text);
  const port = await freePort();
  const kinds = Object.entries(types).map(([ending, type]) => `${type} ${ending.slice(1)};`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(work, `nginx-${kind}`)};`,
  );
  const { origin, pathname } = new URL(archive);
  const file = join(work, 'nginx.conf');
  await writeFile(
    file,
    `daemon off; worker_processes 1; pid ${join(work, 'nginx.pid')}; error_log ${join(work, 'nginx.log')} error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off; sendfile on; keepalive_timeout 65;
  types { ${kinds.join(' ')} }
  default_type application/octet-stream;
  ${temporary.join(' ')}
  upstream archive { server ${new URL(origin).host}; keepalive 16; }
  server {
    listen 127.0.0.1:${port}; root ${folder};
    add_header Cross-Origin-Opener-Policy same-origin;
    add_header Cross-Origin-Embedder-Policy require-corp;
    location ${pathname}/ {
      proxy_pass http://archive; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_max_temp_file_size 0; proxy_read_timeout 300s;
    }
${Object.keys(page)
  .map((path) => `    location = /${path} { root ${own}; }`)
  .join('\n')}
    location / { try_files $uri /index.html; }
  }
}
`,
  );
  const child: ChildProcess = spawn(nginx, ['-c', file, '-p', work], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if ((await fetch(`${url}/index.html`).catch(() => null))?.ok === true) break;
    if (tries > 100 || child.exitCode !== null) throw new Error(`nginx did not start; see ${join(work, 'nginx.log')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    by: 'nginx',
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function serveByNode({ folder, archive, page }: Options): Promise<SameOrigin> {
  const upstream = new URL(archive);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const forward = (asked: IncomingMessage, answer: ServerResponse, again = true): void => {
    const sent = request(
      {
        host: upstream.hostname,
        port: upstream.port,
        path: asked.url,
        method: asked.method,
        headers: { ...asked.headers, connection: 'keep-alive' },
        agent,
      },
      (came) => {
        answer.writeHead(came.statusCode ?? 502, { ...came.headers, ...isolated });
        came.pipe(answer);
      },
    );
    sent.on('error', () => {
      // The archive closes a quiet connection after a second; what was sent just then goes over another one.
      if (again && !answer.headersSent) forward(asked, answer, false);
      else answer.destroy();
    });
    asked.pipe(sent);
  };
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? '/', 'http://bench.invalid').pathname;
    if (path.startsWith(`${upstream.pathname}/`)) return forward(asked, answer);
    void (async () => {
      const known = page[path.slice(1)];
      const inside = join(folder, normalize(path));
      const name = known === undefined && path !== '/' && existsSync(inside) ? inside : join(folder, 'index.html');
      const bytes = known ?? (await readFile(name));
      const type = types[extname(known === undefined ? name : path)] ?? 'application/octet-stream';
      answer.writeHead(200, { 'Content-Type': type, ...isolated });
      answer.end(bytes);
    })().catch(() => answer.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    by: 'node',
    stop: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
