import { isDiagnosisShape } from '../../domain/billing/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { csvRows } from './csv.ts';

export type TableFailure = { readonly code: 'not-a-table'; readonly words: string };
export type DiagnosisRow = { readonly code: string; readonly billable: boolean };

/** Lines that may be other than the format before a file is refused: a title, a blank end. */
const mostOdd = 20;
/** Codes of ICD-10-CM; a file of more is none. */
const mostRows = 400_000;

/**
 * ICD-10-CM as CMS publishes it: the order file (`icd10cm_order_YYYY.txt`: number, code at column 7, flag at 15: 0 a heading, 1 valid
 * for billing), the code file (`icd10cm_codes_YYYY.txt`: code and words, all valid), and a CSV with columns code and billable.
 */
export function parseDiagnosisTable(text: string): Result<readonly DiagnosisRow[], TableFailure> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (/^\s*</.test(first)) {
    return err({
      code: 'not-a-table',
      words:
        'That is the tabular list as XML, which does not name every code. Take the order file (icd10cm_order_YYYY.txt) of the same edition.',
    });
  }
  const read = /^\d{5} /.test(first) ? readOrderLine : isHeader(first) ? null : readCodeLine;
  const rows = new Map<string, boolean>();
  let odd = 0;
  if (read === null) {
    const table = csvRows(text);
    const header = (table[0] ?? []).map((name) => name.trim().toLowerCase());
    const [code, billable] = [header.indexOf('code'), header.indexOf('billable')];
    for (const cells of table.slice(1)) {
      const plain = (cells[code] ?? '').trim().toUpperCase().replace('.', '');
      if (isDiagnosisShape(plain))
        rows.set(plain, billable < 0 || /^(TRUE|1|Y|YES)$/i.test((cells[billable] ?? '').trim()));
      else odd += 1;
    }
  } else {
    for (const line of lines) {
      if (line.trim() === '') continue;
      const row = read(line);
      if (row === null) odd += 1;
      else rows.set(row.code, row.billable);
    }
  }
  if (rows.size === 0 || odd > mostOdd || rows.size > mostRows) {
    return err({
      code: 'not-a-table',
      words: `That is no table of ICD-10-CM codes: ${rows.size} lines could be read and ${odd} could not.`,
    });
  }
  return ok([...rows].map(([code, billable]) => ({ code, billable })));
}

const isHeader = (line: string): boolean => /^"?code"?\s*,/i.test(line);

function readOrderLine(line: string): DiagnosisRow | null {
  const code = line.slice(6, 13).trim().toUpperCase();
  const flag = line.slice(14, 15);
  return isDiagnosisShape(code) && (flag === '0' || flag === '1') ? { code, billable: flag === '1' } : null;
}

function readCodeLine(line: string): DiagnosisRow | null {
  const code = (/^(\S{3,8})\s+\S/.exec(line)?.[1] ?? '').toUpperCase().replace('.', '');
  return isDiagnosisShape(code) ? { code, billable: true } : null;
}
