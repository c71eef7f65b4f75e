import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterPack, fuses } from '../../scripts/build/after-pack.ts';
import { buildElectron } from '../../scripts/build/build-electron.ts';
import { buildPage } from '../../scripts/build/build-page.ts';
import { electronIsStale, pageIsStale } from '../../scripts/build/freshness.ts';
import { threadEntries } from '../../scripts/build/thread-entries.ts';
import { root } from '../architecture/tree.ts';

// electron-builder keeps its schema, and the reader of archives, in packages of its own.
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config.js') as {
  getConfig(folder: string, file: string, options: object): Promise<{ [key: string]: unknown }>;
  validateConfiguration(config: object, logger: object): Promise<void>;
};
const asar = createRequire(builder.resolve('app-builder-lib/package.json'))('@electron/asar') as {
  listPackage(archive: string, options: object): string[];
  extractAll(archive: string, folder: string): void;
};

/** The marker in an Electron program after which its fuses stand: version, count, states. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** A file with the fuses of a fresh Electron and nothing else of it: Electron itself cannot be downloaded everywhere. */
function programWithFuses(file: string, states = '101100011'): void {
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, states.length]), Buffer.from(states)]);
  writeFileSync(file, Buffer.concat([Buffer.alloc(4_096, 1), wire, Buffer.alloc(64)]));
  chmodSync(file, 0o755);
}

async function run(script: string, parameters: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [script, ...parameters], { cwd: root });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

let place: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'overread-pack-'));
  if (pageIsStale(root)) await buildPage(root);
  if (electronIsStale(root)) await buildElectron(root);
}, 300_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the page', () => {
  it('stands with its list before what draws images is loaded', () => {
    const page = join(root, 'dist', 'page');
    const first = readFileSync(join(page, 'index.html'), 'utf8');
    const apart = readdirSync(join(page, 'assets')).filter((one) => /^(imaging|viewer|report)-.*\.js$/.test(one));
    expect(apart.length).toBeGreaterThanOrEqual(3);
    const [, named = ''] = /<meta name="overread-images" content="([^"]+)">/.exec(first) ?? [];
    // What is named for a page that is opened at a case is not asked for by the list.
    expect(named.split(' ').map((one) => /^\/assets\/([a-z]+)-/.exec(one)?.[1])).toEqual(['imaging', 'viewer']);
    expect(apart.filter((one) => first.replace(named, '').includes(one))).toEqual([]);
  });

  it('asks its host before its program is here: its first script is short and needs nothing long', () => {
    const page = join(root, 'dist', 'page');
    const html = readFileSync(join(page, 'index.html'), 'utf8');
    const [, early = ''] = /<script type="module" async[^>]* src="(\/assets\/early-[^"]+)">/.exec(html) ?? [];
    const script = readFileSync(join(page, early), 'utf8');
    const needs = [...script.matchAll(/from"\.\/([^"]+)"/g)].map(([, name = '']) => name);
    const bytes = [script, ...needs.map((name) => readFileSync(join(page, 'assets', name), 'utf8'))].join('').length;
    expect(bytes).toBeLessThan(8_000);
    expect(needs.filter((name) => !html.includes(`rel="modulepreload" href="/assets/${name}"`))).toEqual([]);
    expect(readFileSync(join(page, 'site.html'), 'utf8')).not.toContain('/early-');
  });

  it('draws with the part of Cornerstone3D that it calls, and waits for no more of it', () => {
    const assets = join(root, 'dist', 'page', 'assets');
    const [drawing = ''] = readdirSync(assets).filter((one) => /^imaging-.*\.js$/.test(one));
    const program = readFileSync(join(assets, drawing), 'utf8');
    expect(program).toContain('Overread is built with viewports of stacks alone.');
    expect(program).toContain('gl_FragData');
    // A dictionary of DICOM, readers of meshes, WebGPU, volumes on the card, colour maps by name; decoders run in workers.
    const needless = [
      'PixelMeasuresSequence',
      'XMLSerializer',
      'GPUBufferUsage',
      'vtkVolumeFS',
      'Cool to Warm',
      'charlswasm',
    ];
    expect(needless.filter((one) => program.includes(one))).toEqual([]);
    expect(program.length).toBeLessThan(1_000_000);
  });
});

/** Starts a built browser shell, asks it, and ends it. */
async function answersOf(
  serve: string,
  paths: readonly string[],
): Promise<readonly { status: number; text: string }[]> {
  const data = mkdtempSync(join(place, 'data-'));
  const child = spawn(process.execPath, [serve, '--data', data, '--empty', '--key-file', '--no-open', '--port', '0'], {
    cwd: place,
  });
  let said = '';
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const read = (part: string): void => {
        said += part;
        const found = /^Overread ready (\S+)$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('close', () => reject(new Error(`it ended: ${said}`)));
    });
    return await Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(new URL(path, address));
        return { status: answer.status, text: await answer.text() };
      }),
    );
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  }
}

describe('npm run build', () => {
  it('emits both shells, every thread that the host starts, and the page', () => {
    const threads = Object.keys(threadEntries(join(root, 'electron', 'host')));
    expect(threads.length).toBeGreaterThanOrEqual(7);
    for (const name of ['main', 'serve', ...threads.map((one) => `threads/${one}`)])
      expect(existsSync(join(root, 'dist', 'electron', `${name}.js`)), name).toBe(true);
    expect(readFileSync(join(root, 'dist', 'page', 'index.html'), 'utf8')).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });

  it('runs: the built browser shell answers, with its page', async () => {
    const serve = join(root, 'dist', 'electron', 'serve.js');
    const [capabilities, page] = await answersOf(serve, ['api/capabilities', '/']);
    expect(JSON.parse(capabilities?.text ?? '')).toMatchObject({ product: 'Overread', shell: 'browser' });
    expect(page).toMatchObject({ status: 200 });
    expect(page?.text).toContain('<div id="root">');
  });

  it('leaves Electron to be found while it runs, and asks for no other package than those that are packed', () => {
    const source = readFileSync(join(root, 'dist', 'electron', 'main.js'), 'utf8');
    expect(source).toMatch(/from "electron"/);
    const files = [
      'main.js',
      'serve.js',
      ...Object.keys(threadEntries(join(root, 'electron', 'host'))).map((one) => `threads/${one}.js`),
    ];
    const packages = files.flatMap((file) =>
      [
        ...readFileSync(join(root, 'dist', 'electron', file), 'utf8').matchAll(/^import .*?from "([^".][^"]*)";$/gm),
      ].map(([, name]) => name),
    );
    expect(
      [...new Set(packages)].filter(
        (name) => !name?.startsWith('node:') && !isBuiltIn(name ?? '') && name !== 'electron',
      ),
    ).toEqual([]);
  });
});

function isBuiltIn(name: string): boolean {
  return createRequire(import.meta.url)('node:module').isBuiltin(name) as boolean;
}

describe('electron-builder.yml', () => {
  const read = () => getConfig(root, join(root, 'electron-builder.yml'), {});
  const logger = { isEnabled: false, add: () => undefined };

  it('fits electron-builder’s own schema', async () => {
    const config = await read();
    expect(config).toMatchObject({ appId: 'org.overread.Overread', asar: true });
    await expect(validateConfiguration(config, logger)).resolves.toBeUndefined();
  });

  it('would be refused with a key or a value that the schema does not know', async () => {
    const config = await read();
    await expect(validateConfiguration({ ...config, appIdd: 'x' }, logger)).rejects.toThrow(/appIdd/);
    await expect(validateConfiguration({ ...config, asar: 7 }, logger)).rejects.toThrow();
  });

  it('packs for Linux, macOS and Windows, and never asks for the sandbox to be off', async () => {
    const config = await read();
    expect(Object.keys(config)).toEqual(expect.arrayContaining(['linux', 'mac', 'win']));
    const { target, executableArgs } = config.linux as { target: string[]; executableArgs: string[] };
    // AppImage and snap add --no-sandbox by themselves.
    expect(target.filter((one) => ['AppImage', 'snap'].includes(one))).toEqual([]);
    expect(executableArgs).toEqual([]);
  });
});

describe('the packed program', () => {
  let unpacked: string;
  let packed: readonly string[];
  beforeAll(async () => {
    const electron = join(place, 'electron');
    mkdirSync(join(electron, 'locales'), { recursive: true });
    writeFileSync(join(electron, 'locales', 'en-US.pak'), '');
    writeFileSync(join(electron, 'version'), '45.4.1');
    programWithFuses(join(electron, 'electron'));
    const cli = join(root, 'node_modules', 'electron-builder', 'cli.js');
    const release = join(place, 'release');
    const { code, text } = await run(cli, [
      ...['--linux', 'dir', '--publish', 'never'],
      ...[`-c.electronDist=${electron}`, `-c.directories.output=${release}`],
    ]);
    if (code !== 0) throw new Error(text);
    unpacked = join(release, 'linux-unpacked');
    packed = asar.listPackage(join(unpacked, 'resources', 'app.asar'), {}).map((one) => one.split('\\').join('/'));
  }, 300_000);

  it('holds what the build emitted, the definitions and the licence, and nothing that is only for building', () => {
    const wanted = [
      '/package.json',
      '/LICENSE',
      '/dist/electron/main.js',
      '/dist/page/index.html',
      '/resources/fhir/structures.json',
      '/resources/vocabulary/radiology.arpa',
      '/resources/models.json',
      '/node_modules/koffi/build/koffi/linux_x64/koffi.node',
      '/node_modules/sherpa-onnx-linux-x64/sherpa-onnx.node',
      ...Object.keys(threadEntries(join(root, 'electron', 'host'))).map((one) => `/dist/electron/threads/${one}.js`),
    ];
    expect(wanted.filter((one) => !packed.includes(one))).toEqual([]);
    const folders = new Set(packed.map((one) => one.split('/').slice(0, 2).join('/')));
    expect([...folders].sort()).toEqual(['/LICENSE', '/dist', '/node_modules', '/package.json', '/resources']);
    const packages = packed.map((one) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(one)?.[1]);
    expect([...new Set(packages.filter((one) => one !== undefined))].sort()).toEqual([
      '@cornerstonejs/codec-charls',
      '@cornerstonejs/codec-libjpeg-turbo-8bit',
      '@cornerstonejs/codec-openjpeg',
      '@cornerstonejs/codec-openjph',
      '@fontsource/ibm-plex-sans',
      'koffi',
      'sherpa-onnx-linux-x64',
      'sherpa-onnx-node',
    ]);
    expect(packed.filter((one) => /\.test\.|\.map$|(?:^|\/)(?:test|scripts|spec)\//.test(one))).toEqual([]);
  });

  it('is enough to run: taken out of its archive, without this checkout, it answers', async () => {
    const folder = join(place, 'taken-out');
    asar.extractAll(join(unpacked, 'resources', 'app.asar'), folder);
    const [capabilities, page] = await answersOf(join(folder, 'dist', 'electron', 'serve.js'), [
      'api/capabilities',
      '/',
    ]);
    expect(JSON.parse(capabilities?.text ?? '')).toMatchObject({ product: 'Overread' });
    expect(page?.status).toBe(200);
  });

  it('has every fuse as it should be (item 19 of Electron’s list)', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'overread'));
    const state = (fuse: FuseV1Options): string => FuseState[wire[fuse] ?? FuseState.INHERIT] ?? 'unknown';
    expect(
      Object.fromEntries(
        Object.values(FuseV1Options)
          .filter((one) => typeof one === 'number')
          .map((one) => [FuseV1Options[one], state(one)]),
      ),
    ).toEqual({
      RunAsNode: 'DISABLE',
      EnableCookieEncryption: 'ENABLE',
      EnableNodeOptionsEnvironmentVariable: 'DISABLE',
      EnableNodeCliInspectArguments: 'DISABLE',
      EnableEmbeddedAsarIntegrityValidation: 'ENABLE',
      OnlyLoadAppFromAsar: 'ENABLE',
      LoadBrowserProcessSpecificV8Snapshot: 'DISABLE',
      GrantFileProtocolExtraPrivileges: 'DISABLE',
      WasmTrapHandlers: 'ENABLE',
    });
    expect(fuses.strictlyRequireAllFuses).toBe(true);
  });

  it('fails to be packed when Electron has a fuse that nobody decided on', async () => {
    const folder = mkdtempSync(join(place, 'ten-'));
    programWithFuses(join(folder, 'overread'), '1011000111');
    const packager = { appInfo: { productFilename: 'Overread' }, executableName: 'overread' };
    await expect(afterPack({ appOutDir: folder, electronPlatformName: 'linux', packager })).rejects.toThrow(/fuse/i);
  });

  it('finds the program of each system', async () => {
    const packager = { appInfo: { productFilename: 'Overread' }, executableName: 'overread' };
    const windows = mkdtempSync(join(place, 'windows-'));
    programWithFuses(join(windows, 'Overread.exe'));
    await afterPack({ appOutDir: windows, electronPlatformName: 'win32', packager });
    const framework = join('Overread.app', 'Contents', 'Frameworks', 'Electron Framework.framework');
    const mac = mkdtempSync(join(place, 'mac-'));
    mkdirSync(join(mac, framework), { recursive: true });
    programWithFuses(join(mac, framework, 'Electron Framework'));
    await afterPack({ appOutDir: mac, electronPlatformName: 'mas', packager });
    for (const file of [join(windows, 'Overread.exe'), join(mac, framework, 'Electron Framework')]) {
      const bytes = readFileSync(file);
      const at = bytes.indexOf(sentinel) + sentinel.length + 2;
      expect(bytes.subarray(at, at + 9).toString(), file).toBe('010011001');
    }
  });
});
