import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { placesOf } from '../../launch/places.ts';
import { runDesktopShell, type Surroundings } from '../run-desktop-shell.ts';
import { type FakeElectron, fakeElectron, happening } from './fake-electron.ts';

export const places = placesOf(new URL('../../main.ts', import.meta.url).href);

export async function emptyFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'overread-desktop-'));
}

export function surroundings(directory: string, changes: Partial<Surroundings> = {}) {
  const printed: string[] = [];
  const around: Surroundings = {
    argv: ['--data', directory, '--empty'],
    env: {},
    platform: 'linux',
    print: (line) => printed.push(line),
    ask: null,
    monotonic: () => 0,
    ...changes,
  };
  return { around, printed };
}

/** The shell with its first window, on a fake Electron. */
export async function openShell(directory: string, fake = fakeElectron(), changes: Partial<Surroundings> = {}) {
  const { around, printed } = surroundings(directory, changes);
  fake.becomeReady();
  await runDesktopShell(fake.electron, places, around);
  const [window] = fake.windows;
  if (window === undefined) throw new Error(`no window: ${printed.join(' ')}`);
  return { fake, printed, window };
}

/** Quits as Electron does, and waits until the host has closed. */
export async function quit(fake: FakeElectron): Promise<number> {
  fake.app.emit('will-quit', happening());
  return await fake.exit;
}

export async function removeFolder(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** Addresses that look like ours and are not, beside arbitrary ones. */
export const foreign = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    'https://app/',
    'overread://app.example.evil/',
    'overread://app@evil.example/',
    'overread://user:word@app/',
    'overread://user@app/',
    'overread://:word@app/',
    'overread://app:81/',
    'overread://evil/app',
    'overread:app',
    'overreads://app/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://evil.example/1',
    'about:blank',
    'view-source:overread://app/',
    'http://xn--overread-9ya/',
    '//evil.example',
    '',
  ),
  fc.string(),
);
