import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Debian's OpenSSH as a gateway's server, run by the present user on a free port of 127.0.0.1 with a configuration and keys of its own. */
export type SshServer = {
  readonly port: number;
  readonly user: string;
  /** Lets this user in. */
  readonly privateKey: string;
  /** `SHA256:…`, as ssh-keygen tells it. */
  readonly hostKey: string;
  /** What a gateway watches; empty at the start. */
  readonly folder: string;
  /** The same server on the same port, changed: with another host key, without leave to write, or with a limit of so many KiB a file. */
  restart(changes: {
    readonly newHostKey?: true;
    readonly readOnly?: true;
    readonly mostKiB?: number;
  }): Promise<SshServer>;
  stop(): Promise<void>;
};

const program = '/usr/sbin/sshd';
/** What is missing, in words; null where it can be started here. */
export const sshdMissing = existsSync(program)
  ? null
  : 'OpenSSH’s server is not installed (apt install openssh-server)';

export async function startSshd(): Promise<SshServer> {
  if (sshdMissing !== null) throw new Error(sshdMissing);
  const directory = await mkdtemp(join(tmpdir(), 'overread-sshd-'));
  // Started by root it separates its privileges there.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const keyPair = (name: string): string => {
    const file = join(directory, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    return file;
  };
  const userKey = keyPair('user');
  await writeFile(join(directory, 'authorized_keys'), await readFile(`${userKey}.pub`), { mode: 0o600 });
  const folder = join(directory, 'fax');
  await mkdir(folder);
  const port = await freePort();
  const { username: user } = userInfo();
  const privateKey = await readFile(userKey, 'utf8');
  let hostKeyFile = keyPair('host');
  let keys = 0;

  const run = async (changes: Parameters<SshServer['restart']>[0]): Promise<SshServer> => {
    if (changes.newHostKey) {
      keys += 1;
      hostKeyFile = keyPair(`host-${keys}`);
    }
    const configuration = join(directory, 'sshd_config');
    await writeFile(
      configuration,
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${hostKeyFile}`,
        `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication yes',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin yes',
        'MaxStartups 200',
        'LogLevel ERROR',
        `Subsystem sftp internal-sftp${changes.readOnly ? ' -R' : ''}`,
        '',
      ].join('\n'),
    );
    const sshd = [program, '-D', '-e', '-f', configuration] as const;
    // A full disk and a file that may not grow are one and the same failure to an SFTP client (filexfer-02, 7).
    const limited = `trap '' XFSZ; ulimit -f ${changes.mostKiB}; exec ${sshd.join(' ')}`;
    const child = spawn(
      changes.mostKiB === undefined ? program : 'bash',
      changes.mostKiB === undefined ? sshd.slice(1) : ['-c', limited],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    await answering(port, child, () => said);
    const end = (): Promise<void> =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      });
    return {
      ...{ port, user, privateKey, folder },
      hostKey:
        execFileSync('ssh-keygen', ['-l', '-f', `${hostKeyFile}.pub`])
          .toString()
          .split(' ')[1] ?? '',
      restart: async (next) => {
        await end();
        return run(next);
      },
      stop: async () => {
        await end();
        await rm(directory, { recursive: true, force: true });
      },
    };
  };
  return run({});
}

async function answering(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said()}`);
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      const settle = (answer: boolean): void => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('data', () => settle(true));
      socket.once('error', () => settle(false));
      socket.once('close', () => resolve(false));
    });
    if (greeted) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
