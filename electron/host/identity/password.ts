import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt's cost (RFC 7914; OWASP asks for N 2^15 with r 8 at the least): 32 MiB and some 80 ms a check, in libuv's pool. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

/** What is kept of a password. The cost is kept beside it, so that a later, higher one can tell old hashes. */
export type PasswordHash = { readonly cost: 15; readonly salt: string; readonly hash: string };

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  // NFKC: one password typed on two keyboards may come as different code points (RFC 8265 4.2.1).
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, 32, cost, (reason, key) => (reason === null ? resolve(key) : reject(reason)));
  });
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { cost: 15, salt: salt.toString('base64'), hash: (await derive(password, salt)).toString('base64') };
}

// What an unknown name is checked against: the answer takes as long as for a known one, and is always no.
const nobody: PasswordHash = {
  cost: 15,
  salt: Buffer.alloc(16).toString('base64'),
  hash: Buffer.alloc(32).toString('base64'),
};

/** Takes the same time for null (no such account) as for a wrong password. */
export async function isPassword(password: string, kept: PasswordHash | null): Promise<boolean> {
  const { salt, hash } = kept ?? nobody;
  const derived = await derive(password, Buffer.from(salt, 'base64'));
  return timingSafeEqual(derived, Buffer.from(hash, 'base64')) && kept !== null;
}
