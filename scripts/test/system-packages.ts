import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages that the tests need, with a file by which each is known, on other systems too. */
export const systemPackages = [
  { name: 'chromium', file: '/usr/bin/chromium' },
  { name: 'orthanc', file: '/usr/sbin/Orthanc' },
  { name: 'orthanc-dicomweb', file: '/usr/share/orthanc/plugins/libOrthancDicomWeb.so' },
  { name: 'dcmtk', file: '/usr/bin/dcmdump' },
  { name: 'dicom3tools', file: '/usr/bin/dciodvfy' },
  // Decoders that share no code with the page's: its pixels are held against theirs.
  { name: 'libgdcm-tools', file: '/usr/bin/gdcmconv' },
  { name: 'grokj2k-tools', file: '/usr/bin/grk_decompress' },
  // Speech to words, and a voice that speaks to it.
  { name: 'libpocketsphinx3', file: '/usr/share/doc/libpocketsphinx3/copyright' },
  { name: 'pocketsphinx-en-us', file: '/usr/share/pocketsphinx/model/en-us/en-us/mdef' },
  // Somebody else's SFTP server, run by a test on a port of its own.
  { name: 'openssh-server', file: '/usr/sbin/sshd' },
  { name: 'flite', file: '/usr/bin/flite' },
] as const;

export type PackageSystem = {
  exists(file: string): boolean;
  /** Null when the package manager is not apt. */
  readonly install: ((names: readonly string[]) => boolean) | null;
  isRoot(): boolean;
  print(line: string): void;
};

/** Installs what is missing where it may; otherwise answers the sentence that says what to install. Null when all is there. */
export function provideSystemPackages(system: PackageSystem): string | null {
  const missing = (): readonly string[] =>
    systemPackages.filter((one) => !system.exists(one.file)).map((one) => one.name);
  const before = missing();
  if (before.length === 0) return null;
  const names = before.join(' ');
  if (system.install === null)
    return `The tests need these programs, known here by their Debian names: ${names}. Install them, then run the tests again.`;
  if (!system.isRoot())
    return `The tests need Debian packages that are missing: sudo apt-get install -y --no-install-recommends ${names}`;
  system.print(`Installing the Debian packages ${names}…`);
  if (!system.install(before))
    return `apt-get could not install: ${names}. Install them by hand, then run the tests again.`;
  const after = missing();
  return after.length === 0
    ? null
    : `After their installation these Debian packages still lack their files: ${after.join(' ')}.`;
}

function apt(...parameters: string[]): boolean {
  const run = spawnSync('apt-get', parameters, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run.status === 0;
}

export function thisSystem(print: (line: string) => void): PackageSystem {
  return {
    exists: existsSync,
    // Old package lists name files that are gone, so they are renewed first; without them a second try is pointless.
    install: existsSync('/usr/bin/apt-get')
      ? (names) => apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', ...names)
      : null,
    isRoot: () => process.getuid?.() === 0,
    print,
  };
}
