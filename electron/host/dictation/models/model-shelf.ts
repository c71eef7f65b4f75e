import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { err, type Result } from '../../../../shared/lib/result.ts';
import type { SherpaModel } from '../engine-messages.ts';
import { rememberedDigests } from './digest-of-file.ts';
import { downloadFile, type Fetch, isWhole } from './download-file.ts';
import { modelInFolder } from './model-in-folder.ts';
import { type DownloadableModel, downloadable, type SpeechModel } from './model-list.ts';

export type ModelDownload = {
  readonly id: string;
  readonly received: number;
  readonly bytes: number;
  readonly phase: 'running' | 'ended' | 'failed';
  /** Why it failed, with the next step; empty otherwise. */
  readonly words: string;
};
/** Where the model is taken from; null until the reader chose. */
export type ModelChoice =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'download'; readonly id: string };

export type ModelShelf = {
  readonly offered: readonly DownloadableModel[];
  choice(): ModelChoice | null;
  download(): ModelDownload | null;
  /** The model that an engine may open now: whole, and checked. Otherwise why not, in words for the reader. */
  forUse(): Promise<Result<SherpaModel, string>>;
  /** Takes a folder that holds a model; one that holds none changes nothing. */
  takeFolder(path: string): Promise<Result<SherpaModel, string>>;
  /** Begins, or goes on with, a download, and takes the model once it is there. False for a model that is not offered. */
  begin(id: string): boolean;
  stop(): void;
  close(): void;
};

const choiceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string() }),
  z.object({ kind: z.literal('download'), id: z.string() }),
]);

/** Models of the sherpa-onnx engine on this computer. No words of a patient come here. */
export function createModelShelf(options: {
  /** The data folder. */
  readonly directory: string;
  readonly models: readonly SpeechModel[];
  readonly fetch: Fetch;
}): ModelShelf {
  const { directory, models, fetch } = options;
  const offered = downloadable(models);
  const choiceFile = join(directory, 'speech-model.json');
  const folderOf = (id: string): string => join(directory, 'speech-models', id);
  let choice: ModelChoice | null = readChoice(choiceFile);
  let download: ModelDownload | null = null;
  let running: AbortController | null = null;
  const digest = rememberedDigests();

  const choose = async (next: ModelChoice): Promise<void> => {
    choice = next;
    await mkdir(directory, { recursive: true });
    await writeFile(`${choiceFile}.new`, JSON.stringify(next));
    await rename(`${choiceFile}.new`, choiceFile);
  };
  const downloaded = async (model: DownloadableModel): Promise<Result<SherpaModel, string>> => {
    const folder = folderOf(model.id);
    for (const file of model.files) {
      const path = join(folder, file.name);
      if (!existsSync(path))
        return err(
          `The speech model is not there whole: ${file.name} is missing. Press Download: it goes on where it ended.`,
        );
      if (!(await isWhole(file, folder, digest)))
        return err(
          `The speech model is damaged: ${file.name} did not pass its check (SHA-256). Press Download to bring it anew.`,
        );
    }
    return modelInFolder(folder, []);
  };
  return {
    offered,
    choice: () => choice,
    download: () => download,
    forUse: async () => {
      if (choice === null)
        return err(
          'sherpa-onnx has no speech model yet. Download one or give its folder where the speech engine is chosen.',
        );
      if (choice.kind === 'folder') return modelInFolder(choice.path, models, digest);
      const { id } = choice;
      const model = offered.find((one) => one.id === id);
      return model === undefined
        ? err('The speech model that was chosen is not offered any more. Download another one, or give its folder.')
        : downloaded(model);
    },
    takeFolder: async (path) => {
      const found = await modelInFolder(path, models, digest);
      if (found.ok) await choose({ kind: 'folder', path });
      return found;
    },
    begin: (id) => {
      const model = offered.find((one) => one.id === id);
      if (model === undefined) return false;
      if (running !== null) return true;
      const mine = new AbortController();
      running = mine;
      const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
      const told = (change: Partial<ModelDownload>): void => {
        download = { id, bytes, received: download?.received ?? 0, phase: 'running', words: '', ...change };
      };
      told({ received: 0 });
      void (async () => {
        let before = 0;
        for (const file of model.files) {
          const got = await downloadFile(file, folderOf(id), {
            fetch,
            signal: mine.signal,
            onBytes: (now) => told({ received: before + now }),
          });
          if (!got.ok) return told({ phase: 'failed', words: got.error });
          before += file.bytes;
        }
        await choose({ kind: 'download', id });
        told({ phase: 'ended', received: bytes });
      })()
        .catch(() =>
          told({ phase: 'failed', words: 'The choice could not be kept. Look at the disk, then press Download.' }),
        )
        .finally(() => {
          running = null;
        });
      return true;
    },
    stop: () => running?.abort(),
    close: () => running?.abort(),
  };
}

function readChoice(file: string): ModelChoice | null {
  try {
    const parsed = choiceSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
