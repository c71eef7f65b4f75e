import { readFileSync } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Sealer } from '../keys/index.ts';
import type { ChannelBookFailure, ChannelStore } from './channel-book.ts';
import { type ChannelSet, writtenChannels } from './channel-entries.ts';
import { holdsPlainSecret, openedGateway, openedReceiver, sealedGateway, sealedReceiver } from './channel-secret.ts';
import type { Settings } from './types.ts';

type Found = { readonly [key: string]: unknown };

/** The channels that stand in settings.json of this host, their secrets sealed with a key of the data folder. */
export type ChannelFile = ChannelStore & {
  /** Seals what was written there by hand in plain; false where it still lies so. */
  sealPlain(): Promise<boolean>;
};

/** What the file says of channels, by which an edit made by hand while the host runs is seen. */
const listsOf = (found: Found): string =>
  canonicalJson([found.hl7 ?? null, found.imr ?? null, found.gateways ?? null] as JsonValue);

function parsed(text: string): Found | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

export function createChannelFile(
  settings: Pick<Settings, 'dataDirectory' | 'hl7' | 'imr' | 'gateways' | 'hl7From'>,
  sealer: Sealer,
): ChannelFile {
  const file = join(settings.dataDirectory, 'settings.json');
  const ofEnvironment = settings.hl7From === 'environment';
  let set: ChannelSet = {
    hl7: ofEnvironment ? [] : settings.hl7,
    imr: (settings.imr ?? []).map((one) => openedReceiver(one, sealer)),
    gateways: (settings.gateways ?? []).map((one) => openedGateway(one, sealer)),
  };
  let atStart: string | null;
  try {
    const found = parsed(readFileSync(file, 'utf8'));
    atStart = found === null ? null : listsOf(found);
  } catch {
    atStart = listsOf({});
  }

  const read = async (): Promise<Result<Found, ChannelBookFailure>> => {
    const text = await readFile(file, 'utf8').catch((reason: NodeJS.ErrnoException) =>
      reason.code === 'ENOENT' ? '{}' : null,
    );
    const found = text === null ? null : parsed(text);
    if (found === null) return err({ code: 'not-saved', message: 'settings.json in the data folder cannot be read.' });
    if (listsOf(found) !== atStart)
      return err({
        code: 'elsewhere',
        message:
          'settings.json was changed by hand since this host started. Start the host again so that it counts, then change it here.',
      });
    return ok(found);
  };
  const write = async (found: Found, next: ChannelSet): Promise<Result<void, ChannelBookFailure>> => {
    const { hl7, imr, gateways } = writtenChannels({
      ...next,
      imr: next.imr.map((one) => sealedReceiver(one, sealer)),
      gateways: next.gateways.map((one) => sealedGateway(one, sealer)),
    });
    const written: Found = {
      ...found,
      ...(ofEnvironment ? {} : { hl7 }),
      // A file that never spoke of them is not made to.
      ...(imr.length === 0 && found.imr === undefined ? {} : { imr }),
      gateways,
    };
    try {
      await replaceFile(file, `${JSON.stringify(written, null, 2)}\n`);
    } catch (reason) {
      const code = (reason as NodeJS.ErrnoException).code ?? 'error';
      return err({
        code: 'not-saved',
        message: `settings.json in the data folder could not be written (${code}). Nothing was changed.`,
      });
    }
    atStart = listsOf(written);
    set = next;
    return ok(undefined);
  };

  return {
    isOfGroup: false,
    now: () => set,
    unread: () => null,
    ready: async () => null,
    // Who changed what stands in the access log of this host, which is the only one.
    stampOf: () => null,
    overruled: () => [],
    save: async (next) => {
      const found = await read();
      return found.ok ? write(found.value, next) : found;
    },
    sealPlain: async () => {
      const found = await read();
      if (!found.ok) return false;
      return holdsPlainSecret([found.value.imr, found.value.gateways]) ? (await write(found.value, set)).ok : true;
    },
  };
}

/** Whole or not at all, and for this account alone. A file that is a link stays one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const making = `${target}.making`;
  try {
    await rm(making, { force: true });
    const file = await open(making, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(making, target);
  } catch (reason) {
    await rm(making, { force: true }).catch(() => undefined);
    throw reason;
  }
  // The new name is durable with its folder; where a system does not let a folder be opened, the rename stands by itself.
  const folder = await open(dirname(target), 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
