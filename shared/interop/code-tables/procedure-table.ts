import { plainCode } from '../../domain/billing/index.ts';
import { modalityGroup, type ProcedureFacts, readExamWords } from '../../domain/order/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { csvRows } from './csv.ts';
import type { TableFailure } from './diagnosis-table.ts';

const mostRows = 100_000;

/**
 * The group's own table of procedure codes: a CSV with columns code, modality, body_part, laterality, contrast (all but code may be
 * empty or absent). Other columns are not read and not kept: descriptions of codes are somebody's property.
 */
export function parseProcedureTable(
  text: string,
): Result<readonly (readonly [string, ProcedureFacts])[], TableFailure> {
  const refuse = (words: string): Result<never, TableFailure> => err({ code: 'not-a-table', words });
  const [head, ...lines] = csvRows(text);
  const header = (head ?? []).map((name) => name.trim().toLowerCase().replaceAll(/[\s-]/g, '_'));
  const column = (name: string): number => header.indexOf(name);
  const [code, modality, part, side, contrast] = ['code', 'modality', 'body_part', 'laterality', 'contrast'].map(
    column,
  );
  if (code === undefined || code < 0)
    return refuse('The first line must name the columns, and one of them must be “code”.');
  if (lines.length > mostRows) return refuse(`More than ${mostRows} lines.`);
  const rows = new Map<string, ProcedureFacts>();
  for (const [index, cells] of lines.entries()) {
    const at = (place: number | undefined): string =>
      place === undefined || place < 0 ? '' : (cells[place] ?? '').trim();
    const name = plainCode(at(code));
    if (name === '') continue;
    const where = `line ${index + 2} (${name})`;
    if (at(modality) !== '' && modalityGroup(at(modality)) === null)
      return refuse(`${where}: “${at(modality)}” is no modality.`);
    if (at(part) !== '' && readExamWords(at(part)).regions.size === 0)
      return refuse(`${where}: “${at(part)}” is no part of the body that Overread knows.`);
    const laterality = sideOf(at(side));
    if (laterality === undefined) return refuse(`${where}: the side is L, R, B or empty, not “${at(side)}”.`);
    const use = contrastOf(at(contrast));
    if (use === undefined) return refuse(`${where}: contrast is with, without, both or empty, not “${at(contrast)}”.`);
    rows.set(name, { modality: at(modality) || null, bodyPart: at(part) || null, laterality, contrast: use });
  }
  return rows.size === 0 ? refuse('There are no codes in it.') : ok([...rows]);
}

function sideOf(text: string): ProcedureFacts['laterality'] | undefined {
  const plain = text.toUpperCase();
  if (plain === '') return null;
  return plain === 'L' || plain === 'R' || plain === 'B' ? plain : undefined;
}

function contrastOf(text: string): ProcedureFacts['contrast'] | undefined {
  const plain = text.toLowerCase();
  if (plain === '') return null;
  return plain === 'with' || plain === 'without' || plain === 'both' ? plain : undefined;
}
