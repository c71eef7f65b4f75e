import { randomBytes } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deviceIdPattern } from '../../../shared/domain/devices/index.ts';
import { readIfThere, syncFolder } from '../keys/key-file.ts';
import { writeWhole } from '../keys/sealed-text-file.ts';
import type { Ports } from '../ports.ts';
import { HostStartError } from '../start-error.ts';

const endSchema = z.strictObject({
  deviceId: z.string().regex(deviceIdPattern),
  name: z.string(),
  why: z.enum(['revoked', 'offline']),
  /** On this computer's clock. */
  decidedAt: z.number(),
  /** The device's own, over what it decided: made while it still had a key. */
  signature: z.string(),
  /** Null until everything is gone. */
  destroyedAt: z.number().nullable(),
  /** The group knows. */
  confirmed: z.boolean(),
  /** It knows, and had revoked this computer. */
  revoked: z.boolean(),
});
/** The decision to destroy the keys of this data folder, and how far it has come. It is plain: it must be read without a key. */
export type EndOfKeys = z.output<typeof endSchema>;

const fileOf = (directory: string): string => join(directory, 'device', 'end-of-keys.json');

export async function readEnd(directory: string): Promise<EndOfKeys | null> {
  const text = await readIfThere(fileOf(directory));
  if (text === null) return null;
  try {
    return endSchema.parse(JSON.parse(text));
  } catch {
    throw new HostStartError(
      'device/end-of-keys.json is damaged: the keys of this computer were to be destroyed, and nothing is opened. Ask the lead of your group; to go on, start with another data folder.',
    );
  }
}

export function writeEnd(directory: string, end: EndOfKeys): Promise<void> {
  return writeWhole(fileOf(directory), `${JSON.stringify(end)}\n`);
}

/** This data folder begins anew. */
export function forgetEnd(directory: string): Promise<void> {
  return rm(fileOf(directory), { force: true });
}

/** Writes noise over a file before its name goes. Where a disk keeps old blocks, its own encryption is what protects them. */
async function overwrite(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  try {
    await handle.write(new Uint8Array(randomBytes(Math.max(size, 1))), 0, Math.max(size, 1), 0);
    await handle.sync();
    await handle.truncate(0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file, { force: true });
}

async function overwriteAll(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return;
  for (const name of names) await overwrite(join(folder, name));
  await syncFolder(folder);
}

/** The data key in every wrapping, first of all: after this nothing in the folder can be opened, whatever else is still there. */
export async function destroyKeys(directory: string, ports: Pick<Ports, 'step'>): Promise<void> {
  ports.step?.('device-keys-before');
  await overwriteAll(join(directory, 'keys'));
  ports.step?.('device-keys-after');
}

/** What the keys had sealed. The envelopes for the group stay: no key of this computer opens them. */
export async function removeSealed(directory: string, ports: Pick<Ports, 'step'>): Promise<void> {
  for (const name of ['device/identity.sealed', 'device/clock.sealed'])
    await overwrite(join(directory, name)).catch(() => undefined);
  for (const name of ['frame-cache', 'journal', 'audit', 'identity', 'events'])
    await rm(join(directory, name), { recursive: true, force: true });
  ports.step?.('device-data-after');
}
