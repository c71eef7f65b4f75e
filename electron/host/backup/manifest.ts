import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { KeyRing } from '../keys/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const path = z
  .string()
  .max(300)
  // A manifest of somebody else's must not write outside the folder that is restored.
  .refine((text) => !text.startsWith('/') && !text.includes('\\') && !text.split('/').includes('..'));

const bodySchema = z.strictObject({
  format: z.literal(1),
  /** The program that made it. */
  program: z.string().max(60),
  /** Tells one data folder from another; says nothing about what is in it. */
  host: z.string().regex(/^[0-9a-f]{12}$/),
  generation: z.string().regex(/^\d{8}T\d{6}Z(?:-\d+)?$/),
  /** When the copying began, milliseconds, and the zone of the host that did it. */
  begunAt: z.number().int(),
  zone: z.string().max(60),
  parts: z
    .array(
      z.strictObject({
        path,
        kind: z.enum(['database', 'as-is', 'sealed']),
        bytes: z.number().int().nonnegative(),
        sha256: digest,
      }),
    )
    .max(10_000),
  /** The DICOM objects of an embedded archive; null where the archive is another server. */
  archive: z
    .strictObject({
      objects: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative(),
      /** Of the list beside the manifest. */
      listSha256: digest,
    })
    .nullable(),
});
const manifestSchema = bodySchema.extend({
  /** SHA-256 of the rest: tells a damaged manifest before any key is asked for. */
  check: digest,
  /** Keyed hash of the rest: tells one that was made up. */
  seal: digest,
});

export type ManifestBody = z.infer<typeof bodySchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type BackupKeys = Pick<KeyRing, 'derive' | 'sealer'>;

export const manifestFile = 'manifest.json';
export const objectListFile = 'archive-objects.jsonl';

const textOf = (body: ManifestBody): string => canonicalJson(body as unknown as JsonValue);
const bodyOf = ({ check: _check, seal: _seal, ...body }: Manifest): ManifestBody => body;

/** Names the data folder in a target that several hosts share. */
export function hostOf(keys: BackupKeys): string {
  return keys.sealer('backup').index('this data folder').slice(0, 12);
}

export function manifestText(body: ManifestBody, keys: BackupKeys): string {
  const text = textOf(body);
  return `${JSON.stringify({ ...body, check: sha256(text), seal: keys.sealer('backup').index(text) }, null, 1)}\n`;
}

/** The manifest of a generation, as far as it can be judged without a key. */
export async function readManifest(folder: string): Promise<Result<Manifest, 'missing' | 'damaged'>> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestFile), 'utf8');
  } catch {
    return err('missing');
  }
  try {
    const read = manifestSchema.safeParse(JSON.parse(text));
    return read.success && sha256(textOf(bodyOf(read.data))) === read.data.check ? ok(read.data) : err('damaged');
  } catch {
    return err('damaged');
  }
}

/** Whether it was made with this key. */
export function isOurs(manifest: Manifest, keys: BackupKeys): boolean {
  return keys.sealer('backup').index(textOf(bodyOf(manifest))) === manifest.seal;
}
