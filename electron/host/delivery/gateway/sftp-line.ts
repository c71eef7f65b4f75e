/// <reference path="./ssh2.d.ts" />
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Sftp, SshFailure } from 'ssh2';
import { loginUnopened } from '../../settings/channel-secret.ts';
import type { SftpPlace } from '../../settings/types.ts';

/** A line to a gateway's server that could not be used, in words for whom it concerns. */
export class SftpTrouble extends Error {
  override readonly name = 'SftpTrouble';
  /** `person`: repeating cannot help. */
  readonly needs: 'time' | 'person';
  /** The key that the server showed, where it is not the one that was confirmed: `SHA256:…`. */
  readonly shown: string | null;
  constructor(needs: 'time' | 'person', words: string, shown: string | null = null) {
    super(words);
    this.needs = needs;
    this.shown = shown;
  }
}

/** How long a server may think over its greeting, over the login, and over each move, in milliseconds. */
const usualPatience = 15_000;

/** SHA-256 of a host key as OpenSSH writes it (`ssh-keygen -l`): base64 without padding. */
export function fingerprintOf(hostKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

function same(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

/** Why a private key cannot be used, in words; null where it can. */
export async function privateKeyFault(privateKey: string): Promise<string | null> {
  const { default: ssh2 } = await import('ssh2');
  const found = ssh2.utils.parseKey(privateKey);
  if (!(found instanceof Error)) {
    const key = (Array.isArray(found) ? found[0] : found) as { isPrivateKey?(): boolean } | undefined;
    return key?.isPrivateKey?.() === true ? null : 'This is a public key. Give the private one.';
  }
  return /passphrase|encrypted/i.test(found.message)
    ? 'The private key is locked by a passphrase. Give one without: it is sealed here.'
    : 'This is no private key that can be read. Give it whole, from “-----BEGIN” to the end of its last line, as OpenSSH or PEM.';
}

/**
 * Connects, holds the server's key against the confirmed one before anything is told to it, logs in, and lets `work` have the files. Ends
 * the line in any case. Throws SftpTrouble.
 */
export async function withSftp<Value>(
  place: SftpPlace,
  work: (sftp: SftpSession) => Promise<Value>,
  patience = usualPatience,
): Promise<Value> {
  const { secret } = place;
  const where = `${place.host}:${place.port}`;
  if (secret.kind === 'sealed') throw new SftpTrouble('person', loginUnopened);
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  let refusedKey: SftpTrouble | null = null;
  const ready = new Promise<void>((resolve) => client.on('ready', resolve));
  const broken = new SftpTrouble('time', `The line to ${where} broke off.`);
  client.on('error', (reason) => ended.reject(refusedKey ?? troubleOf(reason, where, place.user, patience)));
  client.on('end', () => ended.reject(refusedKey ?? broken));
  client.on('close', () => ended.reject(refusedKey ?? broken));
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
    finish(prompts.map(({ echo }) => (echo || secret.kind !== 'password' ? '' : secret.password))),
  );
  /** Each step by itself: a server that goes silent in the middle is noticed. */
  const within = async <Step>(step: Promise<Step>): Promise<Step> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new SftpTrouble('time', `${where} did not answer within ${seconds(patience)}.`)),
        patience,
      );
    });
    try {
      return await Promise.race([step, ended.promise, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    try {
      client.connect({
        host: place.host,
        port: place.port,
        username: place.user,
        readyTimeout: patience,
        ...(secret.kind === 'password'
          ? { password: secret.password, tryKeyboard: true, authHandler: ['password', 'keyboard-interactive'] }
          : { privateKey: secret.privateKey, authHandler: ['publickey'] }),
        hostVerifier: (key) => {
          const shown = fingerprintOf(key);
          if (place.hostKey !== null && same(shown, place.hostKey)) return true;
          refusedKey ??= new SftpTrouble('person', keyWords(where, place.hostKey, shown), shown);
          return false;
        },
      });
      // A move is asked when the one before was answered: Nagle's algorithm would hold each up for a delayed acknowledgement, 40 ms.
      client.setNoDelay(true);
    } catch {
      // A key that cannot be read is said before the call.
      throw new SftpTrouble('person', (await faultOfSecret(place)) ?? `${where} cannot be called with these settings.`);
    }
    await within(ready);
    const sftp = await within(
      new Promise<Sftp>((resolve, reject) =>
        client.sftp((reason, opened) =>
          reason
            ? reject(new SftpTrouble('person', `${where} took the login and offers no SFTP to ${place.user}.`))
            : resolve(opened),
        ),
      ),
    );
    sftp.on('error', () => ended.reject(broken));
    return await work(sessionOf(sftp, within, where));
  } finally {
    client.end();
    // A server that does not end its side must not keep the line.
    client.destroy();
  }
}

async function faultOfSecret({ secret }: SftpPlace): Promise<string | null> {
  return secret.kind === 'key' ? privateKeyFault(secret.privateKey) : null;
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`;

function keyWords(where: string, confirmed: string | null, shown: string): string {
  return confirmed === null
    ? `${where} shows the key ${shown}. Nobody has confirmed yet that it is the gateway’s, so nothing was told to it.`
    : `${where} shows another key than was confirmed: ${shown}, not ${confirmed}. It may be another machine, so nothing was told to it. Ask its operator; where the key was changed on purpose, confirm the new one under Delivery by site.`;
}

function troubleOf(reason: SshFailure, where: string, user: string, patience: number): SftpTrouble {
  switch (reason.level) {
    case 'client-authentication':
      return new SftpTrouble(
        'person',
        `${where} does not let ${user} in with what is set here. Correct user, password or key.`,
      );
    case 'client-timeout':
      return new SftpTrouble('time', `${where} did not answer within ${seconds(patience)}.`);
    case 'handshake':
      return new SftpTrouble('time', `${where} and this host found no way to talk SSH.`);
    default:
      return new SftpTrouble(
        'time',
        reason.code === undefined
          ? `The line to ${where} broke off.`
          : `${where} could not be reached (${reason.code}).`,
      );
  }
}

/** Moves on the server's files, each answered or given up. A failure of the server throws SftpRefusal. */
export type SftpSession = {
  /** Null where nothing is there. */
  facts(path: string): Promise<{ readonly size: number; readonly isFolder: boolean } | null>;
  read(path: string, most: number): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  makeFolder(path: string): Promise<void>;
  names(path: string): Promise<readonly string[]>;
  removeFile(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
};

/** As much as every server takes in one packet (filexfer-02, 3). */
const piece = 32 * 1024;
/** SSH_FX_NO_SUCH_FILE and SSH_FX_PERMISSION_DENIED (filexfer-02, 7). */
const [noSuchFile, permissionDenied] = [2, 3];

function sessionOf(sftp: Sftp, within: <Step>(step: Promise<Step>) => Promise<Step>, where: string): SftpSession {
  type Failure = (Error & { readonly code?: number }) | null | undefined;
  const failed = (path: string, reason: NonNullable<Failure>): SftpTrouble =>
    reason.code === permissionDenied
      ? new SftpTrouble('time', `${where} does not let this user use ${path} (permission denied).`)
      : reason.code === noSuchFile
        ? new SftpTrouble('time', `${path} is not there on ${where}.`)
        : reason.code === undefined
          ? new SftpTrouble('time', `The line to ${where} broke off.`)
          : new SftpTrouble(
              'time',
              `${where} could not write or read ${path} (failure ${reason.code}). Is its disk full?`,
            );
  const ask = <Value>(path: string, start: (answer: (reason: Failure, value: Value) => void) => void): Promise<Value> =>
    within(
      new Promise<Value>((resolve, reject) =>
        start((reason, value) => (reason ? reject(failed(path, reason)) : resolve(value))),
      ),
    );
  const done = (path: string, start: (answer: (reason: Failure) => void) => void): Promise<void> =>
    ask<void>(path, (answer) => start((reason) => answer(reason, undefined)));
  const withFile = async <Value>(path: string, flags: 'r' | 'w', work: (handle: Buffer) => Promise<Value>) => {
    const handle = await ask<Buffer>(path, (answer) => sftp.open(path, flags, answer));
    try {
      return await work(handle);
    } finally {
      await done(path, (answer) => sftp.close(handle, answer));
    }
  };
  return {
    facts: (path) =>
      within(
        new Promise((resolve, reject) =>
          sftp.stat(path, (reason, found) => {
            if (!reason) resolve({ size: found.size, isFolder: found.isDirectory() });
            else if (reason.code === noSuchFile) resolve(null);
            else reject(failed(path, reason));
          }),
        ),
      ),
    read: (path, most) =>
      withFile(path, 'r', async (handle) => {
        const whole = Buffer.alloc(most);
        let size = 0;
        while (size < most) {
          // Past its end a file answers 0 bytes here.
          const got = await ask<number>(path, (answer) =>
            sftp.read(handle, whole, size, Math.min(piece, most - size), size, answer),
          );
          if (got === 0) break;
          size += got;
        }
        return whole.subarray(0, size);
      }),
    write: (path, bytes) =>
      withFile(path, 'w', async (handle) => {
        const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (let at = 0; at < whole.byteLength; at += piece)
          await done(path, (answer) =>
            sftp.write(handle, whole, at, Math.min(piece, whole.byteLength - at), at, answer),
          );
        await done(path, (answer) => {
          try {
            sftp.ext_openssh_fsync(handle, answer);
          } catch {
            // A server without it gives its word with the answer to the writing.
            answer(null);
          }
        });
      }),
    makeFolder: (path) => done(path, (answer) => sftp.mkdir(path, answer)),
    names: async (path) =>
      (await ask<readonly { readonly filename: string }[]>(path, (answer) => sftp.readdir(path, answer))).map(
        ({ filename }) => filename,
      ),
    removeFile: (path) => done(path, (answer) => sftp.unlink(path, answer)),
    removeFolder: (path) => done(path, (answer) => sftp.rmdir(path, answer)),
    rename: (from, to) => done(from, (answer) => sftp.rename(from, to, answer)),
  };
}
