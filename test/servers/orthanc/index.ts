import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

/** Debian's Orthanc with its DICOMweb plugin: somebody else's archive, in a folder of its own. */
export type OrthancServer = {
  /** Base of the DICOMweb service, without a slash at the end. */
  readonly url: string;
  /** Base of Orthanc's own REST interface. */
  readonly restUrl: string;
  readonly name: string;
  stop(): Promise<void>;
};

const programs = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc'];
const plugins = ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so', '/usr/lib/orthanc/libOrthancDicomWeb.so'];

const program = programs.find((path) => existsSync(path));
const plugin = plugins.find((path) => existsSync(path));

/** What is missing, in words; null when Orthanc can be started here. */
export const orthancMissing: string | null =
  program === undefined
    ? 'Orthanc is not installed (apt install orthanc)'
    : plugin === undefined
      ? 'the DICOMweb plugin is not installed (apt install orthanc-dicomweb)'
      : null;

/**
 * Starts Orthanc on free ports of 127.0.0.1 and waits until it answers with its own `Name`: a test that writes must know whom it writes to.
 * Stopped by its process id.
 */
export async function startOrthanc(
  options: { readonly credentials?: { readonly user: string; readonly password: string } } = {},
): Promise<OrthancServer> {
  if (program === undefined || plugin === undefined) throw new Error(orthancMissing ?? 'Orthanc is missing');
  const directory = await mkdtemp(join(tmpdir(), 'overread-orthanc-'));
  const httpPort = await freePort();
  const dicomPort = await freePort();
  const name = `OverreadTest${process.pid}x${httpPort}`;
  const { credentials } = options;
  const configuration = {
    Name: name,
    StorageDirectory: join(directory, 'storage'),
    IndexDirectory: join(directory, 'index'),
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: credentials !== undefined,
    RegisteredUsers: credentials === undefined ? {} : { [credentials.user]: credentials.password },
    Plugins: [plugin],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
    HttpThreadsCount: 8,
  };
  const file = join(directory, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(program, [file], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(forced);
    await rm(directory, { recursive: true, force: true });
  };
  const restUrl = `http://127.0.0.1:${httpPort}`;
  const headers = new Headers();
  if (credentials !== undefined)
    headers.set(
      'Authorization',
      `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`,
    );
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) break;
    try {
      const answer = await fetch(`${restUrl}/system`, { headers });
      const system = (await answer.json()) as { Name?: string };
      if (system.Name !== name) {
        await stop();
        throw new Error(`another server (${String(system.Name)}) answers on the port of our Orthanc`);
      }
      return { url: `${restUrl}/dicom-web`, restUrl, name, stop };
    } catch (reason) {
      if (reason instanceof Error && reason.message.startsWith('another server')) throw reason;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await stop();
  throw new Error('Orthanc did not start');
}
