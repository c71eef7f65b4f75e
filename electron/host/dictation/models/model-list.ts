import { existsSync, readFileSync } from 'node:fs';
import { z } from '../../../../shared/api/jitless-zod.ts';

const fileSchema = z.object({
  name: z.string().regex(/^[\w.-]+$/),
  address: z.url({ protocol: /^https$/ }),
  bytes: z.number().int().positive(),
  /** Null where nobody has published it: the model is then taken from a folder only. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
const modelSchema = z.object({
  id: z.string().regex(/^[\w.-]+$/),
  name: z.string(),
  licence: z.string(),
  /** Where it comes from, as it is said to the reader. */
  source: z.string(),
  files: z.array(fileSchema).nonempty(),
});
export type SpeechModelFile = z.output<typeof fileSchema>;
export type SpeechModel = z.output<typeof modelSchema>;
export type DownloadableFile = SpeechModelFile & { readonly sha256: string };
export type DownloadableModel = Omit<SpeechModel, 'files'> & { readonly files: readonly DownloadableFile[] };

/** The models of a list like resources/models.json. Throws where it is not one: the file is ours. */
export function readModelList(text: string): readonly SpeechModel[] {
  return z.object({ models: z.array(modelSchema) }).parse(JSON.parse(text)).models;
}

/** Models of which every file can be checked: the others are not offered for download. */
export function downloadable(models: readonly SpeechModel[]): readonly DownloadableModel[] {
  return models.flatMap((model) => {
    const files = model.files.flatMap((file) => (file.sha256 === null ? [] : [{ ...file, sha256: file.sha256 }]));
    return files.length === model.files.length ? [{ ...model, files }] : [];
  });
}

/** What the program was given: resources/models.json, up from the running file, in the sources as in the build. */
export function shippedModels(): readonly SpeechModel[] {
  for (let up = './', depth = 0; depth < 7; up += '../', depth += 1) {
    const file = new URL(`${up}resources/models.json`, import.meta.url);
    if (existsSync(file)) return readModelList(readFileSync(file, 'utf8'));
  }
  return [];
}
