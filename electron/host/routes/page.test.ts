import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFile, servePage } from './page.ts';

const count = 100_000;

describe('the files of the page', () => {
  let outer: string;
  let folder: string;
  beforeAll(async () => {
    outer = await realpath(await mkdtemp(join(tmpdir(), 'overread-page-')));
    folder = join(outer, 'page');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await mkdir(join(outer, 'page-secret'));
    await writeFile(join(outer, 'secret.txt'), 'secret');
    await writeFile(join(outer, 'page-secret', 'secret.txt'), 'secret');
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'assets', 'main.js'), '0123456789');
    await symlink(join(outer, 'secret.txt'), join(folder, 'assets', 'link.txt'));
    await symlink(outer, join(folder, 'assets', 'out'));
    await symlink(join(folder, 'assets', 'main.js'), join(folder, 'inside.js'));
  });
  afterAll(async () => {
    await rm(outer, { recursive: true, force: true });
  });

  it('are found, also by a link that stays inside', async () => {
    expect(await pageFile(folder, '/assets/main.js')).toBe(join(folder, 'assets', 'main.js'));
    expect(await pageFile(folder, '/assets/%6dain.js')).toBe(join(folder, 'assets', 'main.js'));
    expect(await pageFile(folder, '/inside.js')).toBe(join(folder, 'assets', 'main.js'));
  });

  it('are never outside the folder, by any spelling that is known', async () => {
    const attacks = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/..\\secret.txt',
      '/..%5csecret.txt',
      '/%5c%5cserver%5cshare%5cfile',
      '//server/share/file',
      `/${outer}/secret.txt`,
      `/%2f${outer.slice(1)}/secret.txt`,
      '/assets/main.js%00.html',
      '/assets/main.js\0',
      '/assets/link.txt',
      '/assets/out/secret.txt',
      '/../page-secret/secret.txt',
      '/C:/Windows/win.ini',
      '/assets/main.js::$DATA',
      '/assets/',
      '/assets',
      '/%',
      '/%zz',
      '/%c0%ae%c0%ae/secret.txt',
      '/....//secret.txt',
    ];
    for (const path of attacks) expect(await pageFile(folder, path), path).toBe(null);
  });

  it(`are never outside the folder for ${count} generated paths`, async () => {
    const piece = fc.constantFrom(
      ...[
        '..',
        '.',
        '%2e%2e',
        '%2E.',
        '.%2e',
        '%252e%252e',
        '...',
        '%c0%ae',
        '/',
        '//',
        '%2f',
        '%2F',
        '%5c',
        '\\',
        '%00',
      ],
      ...[
        '\0',
        ':',
        'C:',
        '~',
        'assets',
        'out',
        'link.txt',
        'secret.txt',
        'page',
        'page-secret',
        'index.html',
        'main.js',
      ],
      ...['etc', 'passwd', 'proc', 'self', 'environ', '%ff', ' ', '%20', 'server', 'share', '?', '#', '%', ';'],
    );
    const paths = fc
      .array(piece, { minLength: 1, maxLength: 9 })
      .chain((pieces) => fc.constantFrom('', '/').map((between) => `/${pieces.join(between)}`));
    let found = 0;
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const file = await pageFile(folder, path);
        if (file === null) return;
        found += 1;
        expect(file.startsWith(folder + sep)).toBe(true);
        expect(await realpath(file)).toBe(file);
      }),
      { numRuns: count, seed: 20261122 },
    );
    // Some of them do name a file, so the rule was really asked.
    expect(found).toBeGreaterThan(100);
  }, 240_000);

  const ask = (path: string, range?: string, method = 'GET') =>
    servePage(
      folder,
      new Request(`http://host${path}`, { method, headers: range === undefined ? {} : { Range: range } }),
    );

  it('come whole or by range, and a range that is none is refused with the size', async () => {
    const whole = await ask('/assets/main.js');
    expect([whole.response.status, await whole.response.text(), whole.immutable]).toEqual([200, '0123456789', true]);
    const table: readonly (readonly [string, number, string, string | null])[] = [
      ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
      ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
      ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
      ['bytes=10-', 416, '', 'bytes */10'],
      ['bytes=5-4', 416, '', 'bytes */10'],
      ['bytes=99999999999999999999-', 416, '', 'bytes */10'],
      // RFC 9110 14.2: a Range that is not understood is ignored.
      ['bytes=-3', 200, '0123456789', null],
      ['bytes=0-1,3-4', 200, '0123456789', null],
      ['lines=1-2', 200, '0123456789', null],
    ];
    for (const [range, status, text, contentRange] of table) {
      const { response } = await ask('/assets/main.js', range);
      expect([range, response.status, await response.text(), response.headers.get('Content-Range')]).toEqual([
        range,
        status,
        text,
        contentRange,
      ]);
    }
    const head = await ask('/assets/main.js', undefined, 'HEAD');
    expect([head.response.headers.get('Content-Length'), head.response.body]).toEqual(['10', null]);
  });

  it('give index.html to the page’s own paths alone; what is missing is a 404', async () => {
    for (const path of ['/', '/case/rt-1', '/window/second']) {
      const { response, immutable } = await ask(path);
      expect([path, response.status, await response.text(), immutable]).toEqual([path, 200, '<!doctype html>', false]);
    }
    for (const path of ['/assets/gone.js', '/case/../x/y', '/case/a/b', '/nothing', '/favicon.ico'])
      expect([path, (await ask(path)).response.status]).toEqual([path, 404]);
  });

  it('that are not there at all are a 404, not a failure', async () => {
    const { response } = await servePage(join(outer, 'never-built'), new Request('http://host/'));
    expect(response.status).toBe(404);
  });
});
