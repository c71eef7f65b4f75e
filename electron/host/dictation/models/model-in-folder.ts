import { open, readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { SherpaModel } from '../engine-messages.ts';
import { type DigestOfFile, digestOfFile } from './digest-of-file.ts';
import type { SpeechModel } from './model-list.ts';

/** The files of one transducer have their names in common: "encoder-epoch-99.int8.onnx" and "decoder-epoch-99.onnx". */
function familyOf(part: string, name: string): string | null {
  const found = new RegExp(`^${part}(.*?)(?:\\.int8|\\.fp16)?\\.onnx$`).exec(name);
  return found === null ? null : (found[1] ?? '');
}

function pick(names: readonly string[], part: string, family: string, wanted: 'small' | 'exact'): string | null {
  const found = names.filter((name) => familyOf(part, name) === family && !name.endsWith('.fp16.onnx'));
  const isSmall = (name: string): boolean => name.endsWith('.int8.onnx');
  return found.find((name) => isSmall(name) === (wanted === 'small')) ?? found[0] ?? null;
}

const parts = ['encoder', 'decoder', 'joiner'] as const;
/** Below this a file holds no model: it is a pointer to one, or the beginning of a download. In bytes. */
const smallestModel = 1_000;

/** Why a file is no ONNX model that is worth opening, in words; null where it may be one. */
async function complaintOf(
  folder: string,
  name: string,
  known: readonly SpeechModel[],
  digest: DigestOfFile,
): Promise<string | null> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size < smallestModel)
    return `${name} is not whole (${size} bytes; it may be a pointer to the file). Copy the file itself there.`;
  const handle = await open(path);
  try {
    // ONNX is a protocol buffer that begins with its version, field 1 (onnx.proto, ModelProto.ir_version).
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 0);
    if (buffer[0] !== 0x08) return `${name} is no ONNX model. Copy the model there again.`;
  } finally {
    await handle.close();
  }
  const same = known.flatMap(({ files }) => files).find((file) => file.name === name && file.bytes === size);
  if (same === undefined || same.sha256 === null || (await digest(path)) === same.sha256) return null;
  return `${name} is damaged: it is not what was published. Copy it there again, or download the model.`;
}

/**
 * The streaming transducer that lies in a folder, with Silero's voice detector and its word pieces where they lie beside it. Otherwise
 * why not, and the next step, in words for the reader.
 */
export async function modelInFolder(
  folder: string,
  known: readonly SpeechModel[],
  digest: DigestOfFile = digestOfFile,
): Promise<Result<SherpaModel, string>> {
  if (!isAbsolute(folder)) return err('Give the whole path of the folder that holds the model’s files.');
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch {
    return err(`The folder ${folder} cannot be read. Give the folder that holds the model’s files.`);
  }
  try {
    const families = [...new Set(names.flatMap((name) => familyOf('encoder', name) ?? []))].sort().reverse();
    const family = families.find((one) => parts.every((part) => pick(names, part, one, 'exact') !== null));
    const missing: string[] =
      family === undefined
        ? parts.filter((part) => !names.some((name) => familyOf(part, name) !== null)).map((part) => `${part}….onnx`)
        : [];
    if (!names.includes('tokens.txt')) missing.push('tokens.txt');
    if (family === undefined || missing.length > 0)
      return err(
        missing.length > 0
          ? `The folder ${folder} holds no whole streaming model: ${missing.join(', ')} missing. Copy what is missing there, or download the model.`
          : `The encoder, decoder and joiner in ${folder} do not belong together. Copy the files of one model there.`,
      );
    const encoder = pick(names, 'encoder', family, 'small') ?? '';
    const decoder = pick(names, 'decoder', family, 'exact') ?? '';
    const joiner = pick(names, 'joiner', family, 'small') ?? '';
    const voice = names.find((name) => /^silero_vad.*\.onnx$/.test(name) && !name.includes('int8')) ?? null;
    for (const name of [encoder, decoder, joiner, ...(voice === null ? [] : [voice])]) {
      const complaint = await complaintOf(folder, name, known, digest);
      if (complaint !== null) return err(complaint);
    }
    const tokens = (await readFile(join(folder, 'tokens.txt'), 'utf8')).trim().split('\n');
    if (tokens.length < 10 || !tokens.every((line) => /^\S* ?\S* \d+\s*$/.test(line)))
      return err('tokens.txt is no list of tokens. Copy the model’s own file there.');
    return ok({
      encoder: join(folder, encoder),
      decoder: join(folder, decoder),
      joiner: join(folder, joiner),
      tokens: join(folder, 'tokens.txt'),
      pieces: names.includes('bpe.model') ? join(folder, 'bpe.model') : null,
      voice: voice === null ? null : join(folder, voice),
    });
  } catch {
    return err(`A file in ${folder} cannot be read. Look at its permissions, or copy the model there again.`);
  }
}
