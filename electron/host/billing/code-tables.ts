import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DiagnosisEntry, editionOn, plainCode, type TableEdition } from '../../../shared/domain/billing/index.ts';
import type { ProcedureFacts } from '../../../shared/domain/order/index.ts';
import { parseDiagnosisTable, parseProcedureTable } from '../../../shared/interop/code-tables/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

export type TableKind = 'icd10cm' | 'procedure';
export type LoadedTable = { readonly kind: TableKind; readonly validFrom: string; readonly codes: number };

/** The code tables that the user loaded, several editions of each. They are no patient's data and lie open in the data folder. */
export type CodeTables = {
  list(): readonly LoadedTable[];
  diagnoses(): readonly TableEdition<DiagnosisEntry>[];
  /** What a procedure code stands for on a day ("YYYYMMDD"); null where no table says. Without a day the youngest edition answers. */
  procedure(code: string, on: string | null): ProcedureFacts | null;
  /** Reads what was added or taken away since; true when something was. */
  refresh(): Promise<boolean>;
};

const largestFile = 64 * 1024 * 1024;
/** One code in a table of diagnoses: seven characters and its flag, so that a hundred thousand are found without being parsed. */
const recordLength = 8;
const nameOf = (kind: TableKind, validFrom: string): string =>
  `${kind}-${validFrom}.${kind === 'icd10cm' ? 'codes' : 'json'}`;

/** Takes a file of the user's into the data folder as an edition in force from a day on; one of the same day is replaced. */
export async function addTable(
  directory: string,
  kind: TableKind,
  bytes: Uint8Array,
  validFrom: string,
): Promise<Result<LoadedTable, string>> {
  const unpacked = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzipped(bytes) : bytes;
  if (unpacked === null || unpacked.length > largestFile)
    return err(`That file is larger than ${largestFile / 1024 / 1024} MB, or no gzip file.`);
  const text = new TextDecoder('utf-8').decode(unpacked);
  const made = kind === 'icd10cm' ? diagnosisBytes(text) : procedureBytes(text);
  if (!made.ok) return made;
  const folder = join(directory, 'tables');
  const target = join(folder, nameOf(kind, validFrom));
  await mkdir(folder, { recursive: true });
  const making = `${target}.${process.pid}.part`;
  try {
    await writeFile(making, made.value.bytes);
    await rename(making, target);
  } finally {
    await rm(making, { force: true });
  }
  return ok({ kind, validFrom, codes: made.value.codes });
}

async function unzipped(bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch {
    return null;
  }
}

type Made = { readonly bytes: Uint8Array; readonly codes: number };

function diagnosisBytes(text: string): Result<Made, string> {
  const read = parseDiagnosisTable(text);
  if (!read.ok) return err(read.error.words);
  const sorted = [...read.value].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const lines = sorted.map(({ code, billable }) => `${code.padEnd(recordLength - 1)}${billable ? '1' : '0'}`);
  return ok({ bytes: Buffer.from(lines.join(''), 'latin1'), codes: sorted.length });
}

function procedureBytes(text: string): Result<Made, string> {
  const read = parseProcedureTable(text);
  if (!read.ok) return err(read.error.words);
  return ok({ bytes: Buffer.from(JSON.stringify(read.value)), codes: read.value.length });
}

export async function openCodeTables(directory: string): Promise<CodeTables> {
  const folder = join(directory, 'tables');
  let names = '';
  let diagnoses: (TableEdition<DiagnosisEntry> & { readonly codes: number })[] = [];
  let procedures: { readonly validFrom: string; readonly codes: ReadonlyMap<string, ProcedureFacts> }[] = [];

  const refresh = async (): Promise<boolean> => {
    const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files = found
      .filter((one) => one.isFile())
      .map((one) => one.name)
      .sort();
    if (files.join() === names) return false;
    const nextDiagnoses: typeof diagnoses = [];
    const nextProcedures: typeof procedures = [];
    for (const name of files) {
      const parts = /^(icd10cm|procedure)-(\d{8})\.(?:codes|json)$/.exec(name);
      if (parts === null) continue;
      const [, kind, validFrom = ''] = parts;
      const bytes = await readFile(join(folder, name));
      if (kind === 'icd10cm') {
        const codes = Math.floor(bytes.length / recordLength);
        nextDiagnoses.push({ validFrom, codes, find: (code) => findIn(bytes, code) });
      } else nextProcedures.push({ validFrom, codes: new Map(proceduresIn(bytes)) });
    }
    diagnoses = nextDiagnoses;
    procedures = nextProcedures;
    names = files.join();
    return true;
  };
  await refresh();

  return {
    list: () => [
      ...diagnoses.map(({ validFrom, codes }) => ({ kind: 'icd10cm' as const, validFrom, codes })),
      ...procedures.map(({ validFrom, codes }) => ({ kind: 'procedure' as const, validFrom, codes: codes.size })),
    ],
    diagnoses: () => diagnoses,
    procedure: (code, on) => editionOn(procedures, on ?? '99991231')?.codes.get(plainCode(code)) ?? null,
    refresh,
  };
}

/** Halves the sorted records until the code is found. */
function findIn(bytes: Buffer, code: string): DiagnosisEntry {
  const wanted = code.padEnd(recordLength - 1);
  if (wanted.length !== recordLength - 1) return null;
  let low = 0;
  let high = Math.floor(bytes.length / recordLength) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = middle * recordLength;
    const here = bytes.toString('latin1', start, start + recordLength - 1);
    if (here === wanted) return bytes[start + recordLength - 1] === 0x31 ? 'billable' : 'heading';
    if (here < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/** We wrote the file, but it lies open: what is not as we wrote it is no table. */
function proceduresIn(bytes: Buffer): [string, ProcedureFacts][] {
  try {
    const read: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(read)
      ? (read as [string, ProcedureFacts][]).filter((one) => typeof one?.[0] === 'string')
      : [];
  } catch {
    return [];
  }
}
