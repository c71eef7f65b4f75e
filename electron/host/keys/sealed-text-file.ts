import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere, syncFolder, writeBeside } from './key-file.ts';
import type { Sealer } from './types.ts';

/** Writes a file whole or not at all: on disk with its folder before it answers, in the place of what was there. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = await writeBeside(file, text);
  try {
    await rename(temporary, file);
  } catch (reason) {
    await rm(temporary, { force: true });
    throw reason;
  }
  await syncFolder(dirname(file));
}

/** A small value that is sealed in a file of its own and written over as it changes. */
export type SealedValue<Value> = {
  /** `damaged`: there is something, and it was not sealed here. */
  read(): Promise<Value | null | 'damaged'>;
  write(value: Value): Promise<void>;
};

export function sealedValue<Value>(file: string, sealer: Sealer, about: string): SealedValue<Value> {
  return {
    read: async () => {
      const text = await readIfThere(file);
      if (text === null) return null;
      const opened = sealer.openText(new Uint8Array(Buffer.from(text.trim(), 'base64')), about);
      return opened.ok ? (JSON.parse(opened.value) as Value) : 'damaged';
    },
    write: (value) =>
      writeWhole(file, `${Buffer.from(sealer.sealText(JSON.stringify(value), about)).toString('base64')}\n`),
  };
}
