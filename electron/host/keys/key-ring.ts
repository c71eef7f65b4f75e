import { createHash, randomBytes, scrypt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { readIfThere, writeOnce } from './key-file.ts';
import { deriveKey, sealerFromKey } from './sealer.ts';
import type { KeyFailure, KeyRing, SecretSource } from './types.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** What lies in `keys/data-key.json`. The bounds on scrypt keep a damaged file from costing an hour or all memory. */
const storedKey = z.strictObject({
  version: z.literal(1),
  source: z.enum(['passphrase', 'os-key-store', 'key-file']),
  scrypt: z
    .strictObject({
      salt: base64,
      // RFC 7914: N a power of two. 2^15 with r 8 takes 32 MiB, 2^17 128 MiB.
      cost: z.number().int().min(15).max(18),
      blockSize: z.literal(8),
      parallelization: z.number().int().min(1).max(4),
    })
    .nullable(),
  wrapped: base64,
  /** A known text sealed under the data key: an OS key store that answers with another key is seen at once. */
  proof: base64,
  /** SHA-256 of the rest: tells a damaged file from a wrong passphrase, which need different remedies. */
  check: z.string().regex(/^[0-9a-f]{64}$/),
});
type StoredKey = z.infer<typeof storedKey>;

const passphraseCost = 17;
const proofText = 'overread data key';

/** Rooms whose files are worthless without the key: with one of them there, a missing key is a loss and not a first start. */
const sealedFiles = ['journal/journal.sqlite', 'audit/audit.sqlite', 'identity/accounts.sqlite'] as const;

const remedies: { readonly [Kind in SecretSource['kind']]: string } = {
  passphrase: 'a passphrase: start the browser version and give it on the terminal or in OVERREAD_PASSPHRASE',
  'os-key-store': "this computer's key store: start the desktop version, as the same user",
  'key-file': 'a key file in the data folder: start with --key-file',
};

function failure(code: KeyFailure['code'], message: string): { readonly ok: false; readonly error: KeyFailure } {
  return err({ code, message });
}

function checkOf(stored: Omit<StoredKey, 'check'>): string {
  const { version, source, scrypt: cost, wrapped, proof } = stored;
  return createHash('sha256')
    .update(canonicalJson({ version, source, scrypt: cost, wrapped, proof }))
    .digest('hex');
}

function fromPassphrase(passphrase: string, cost: NonNullable<StoredKey['scrypt']>): Promise<Uint8Array> {
  // NFC: the same passphrase typed on macOS and on Linux may come as different code points.
  const text = passphrase.normalize('NFC');
  const N = 2 ** cost.cost;
  const options = { N, r: cost.blockSize, p: cost.parallelization, maxmem: 256 * N * cost.blockSize };
  return new Promise((resolve, reject) => {
    scrypt(text, Buffer.from(cost.salt, 'base64'), 32, options, (reason, key) =>
      reason === null ? resolve(new Uint8Array(key)) : reject(reason),
    );
  });
}

async function readKeyFile(file: string): Promise<Result<Uint8Array, 'absent' | 'damaged'>> {
  const text = await readIfThere(file);
  if (text === null) return err('absent');
  return /^[0-9a-f]{64}\s*$/.test(text) ? ok(new Uint8Array(Buffer.from(text.trim(), 'hex'))) : err('damaged');
}

/** What locks a data folder: `null` before its first start, `damaged` where the key's file is unreadable. */
export async function lockOf(directory: string): Promise<SecretSource['kind'] | 'damaged' | null> {
  let text: string | null;
  try {
    text = await readIfThere(join(directory, 'keys', 'data-key.json'));
  } catch {
    return 'damaged';
  }
  return text === null ? null : (parseStored(text)?.source ?? 'damaged');
}

/**
 * Opens the data key of a data folder; the first open makes it. Nothing that exists is ever written over: with a wrong secret or a
 * damaged file the folder stays as it is and the failure says what to do.
 */
export async function openKeyRing(options: {
  readonly directory: string;
  readonly secret: SecretSource;
}): Promise<Result<KeyRing, KeyFailure>> {
  const { directory, secret } = options;
  if (secret.kind === 'passphrase' && secret.passphrase.length === 0) {
    return failure('no-secret', 'No passphrase was given. Type one on the terminal, or set OVERREAD_PASSPHRASE.');
  }
  const file = join(directory, 'keys', 'data-key.json');
  const wrappingFile = join(directory, 'keys', 'key-file');
  try {
    if ((await readIfThere(file)) === null) {
      const orphan = sealedFiles.find((one) => existsSync(join(directory, one)));
      if (orphan !== undefined) {
        return failure(
          'damaged',
          `${orphan} is sealed, but the key that opens it (keys/data-key.json) is gone. Nothing was changed. Put the file back from a copy, or start with another data folder.`,
        );
      }
      const created = await create(file, wrappingFile, secret);
      if (!created.ok) return created;
    }
    const text = await readIfThere(file);
    return text === null
      ? failure('damaged', 'keys/data-key.json vanished while it was read. Start again.')
      : await unwrap(text, wrappingFile, secret);
  } catch (reason) {
    return failure(
      'damaged',
      `The key in the data folder cannot be read or written (${reason instanceof Error ? reason.message : String(reason)}). Nothing was changed.`,
    );
  }
}

async function create(
  file: string,
  wrappingFile: string,
  secret: SecretSource,
): Promise<Result<'created', KeyFailure>> {
  const dataKey = new Uint8Array(randomBytes(32));
  const proof = Buffer.from(sealerFromKey(dataKey).sealText(proofText, 'proof')).toString('base64');
  let cost: StoredKey['scrypt'] = null;
  let wrapped: Uint8Array;
  if (secret.kind === 'os-key-store') {
    try {
      wrapped = await secret.wrap(dataKey);
    } catch (reason) {
      return failure(
        'no-secret',
        `This computer's key store would not keep the key (${reason instanceof Error ? reason.message : String(reason)}).`,
      );
    }
  } else if (secret.kind === 'passphrase') {
    cost = { salt: randomBytes(16).toString('base64'), cost: passphraseCost, blockSize: 8, parallelization: 1 };
    wrapped = sealerFromKey(await fromPassphrase(secret.passphrase, cost)).seal(dataKey, 'data-key');
  } else {
    await writeOnce(wrappingFile, `${randomBytes(32).toString('hex')}\n`);
    const wrapping = await readKeyFile(wrappingFile);
    if (!wrapping.ok) return failure('damaged', 'keys/key-file is damaged. Nothing was changed.');
    wrapped = sealerFromKey(wrapping.value).seal(dataKey, 'data-key');
  }
  const content = {
    version: 1,
    source: secret.kind,
    scrypt: cost,
    wrapped: Buffer.from(wrapped).toString('base64'),
    proof,
  } as const;
  await writeOnce(file, `${JSON.stringify({ ...content, check: checkOf(content) }, null, 2)}\n`);
  return ok('created');
}

function parseStored(text: string): StoredKey | null {
  try {
    const parsed = storedKey.safeParse(JSON.parse(text));
    return parsed.success && checkOf(parsed.data) === parsed.data.check ? parsed.data : null;
  } catch {
    return null;
  }
}

async function unwrap(text: string, wrappingFile: string, secret: SecretSource): Promise<Result<KeyRing, KeyFailure>> {
  const damaged = failure(
    'damaged',
    'keys/data-key.json is damaged, so nothing in this data folder can be opened. Nothing was changed. Put the file back from a copy, or start with another data folder.',
  );
  const stored = parseStored(text);
  if (stored === null) return damaged;
  if (stored.source !== secret.kind) {
    return failure('other-source', `This data folder is locked with ${remedies[stored.source]}.`);
  }
  const wrapped = new Uint8Array(Buffer.from(stored.wrapped, 'base64'));
  let dataKey: Uint8Array;
  if (secret.kind === 'os-key-store') {
    try {
      dataKey = await secret.unwrap(wrapped);
    } catch (reason) {
      return failure(
        'no-secret',
        `This computer's key store did not open the key of the data folder (${reason instanceof Error ? reason.message : String(reason)}). Nothing was changed; it opens again with the key store and user that made it.`,
      );
    }
  } else {
    let wrapping: Uint8Array;
    if (secret.kind === 'passphrase') {
      if (stored.scrypt === null) return damaged;
      wrapping = await fromPassphrase(secret.passphrase, stored.scrypt);
    } else {
      const read = await readKeyFile(wrappingFile);
      if (!read.ok) {
        return read.error === 'absent'
          ? failure(
              'no-secret',
              'keys/key-file is gone, so this data folder cannot be opened. Put it back from a copy.',
            )
          : failure('damaged', 'keys/key-file is damaged. Nothing was changed. Put it back from a copy.');
      }
      wrapping = read.value;
    }
    const opened = sealerFromKey(wrapping).open(wrapped, 'data-key');
    if (!opened.ok) {
      return secret.kind === 'passphrase'
        ? failure('wrong-passphrase', 'That passphrase does not open this data folder.')
        : failure('damaged', 'keys/key-file is not the one that locked this data folder. Nothing was changed.');
    }
    dataKey = opened.value;
  }
  if (dataKey.byteLength !== 32) return damaged;
  const proof = sealerFromKey(dataKey).openText(new Uint8Array(Buffer.from(stored.proof, 'base64')), 'proof');
  return proof.ok && proof.value === proofText ? ok(keyRingOf(secret.kind, dataKey)) : damaged;
}

function keyRingOf(kind: SecretSource['kind'], dataKey: Uint8Array): KeyRing {
  const derive = (label: string): Uint8Array => deriveKey(dataKey, `room|${label}`);
  return { kind, derive, sealer: (label) => sealerFromKey(derive(label)) };
}
