import type { ReceivedMessageView } from '../../../../shared/api/index.ts';
import { type AccessionField, parseMessage, understoodOf } from '../../../../shared/interop/hl7v2/index.ts';
import type { CaseFacts } from '../../reading/case-book.ts';
import { decodeCharacters } from './decode-characters.ts';
import type { Kept, Ledger } from './ledger.ts';

const mostLines = 2_000;
const longestLine = 20_000;

function shownLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .map((line) =>
      line
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what cannot be seen is shown as a mark
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
        .slice(0, longestLine),
    );
}

/** The message's text as far as its bytes can be read; what cannot be decoded is shown byte by byte. */
export async function receivedLines(
  ledger: Ledger,
  kept: Kept,
  characterSet: string | null,
): Promise<{ readonly text: string; readonly lines: string[] }> {
  const bytes = await ledger.raw(kept.key);
  if (bytes === null) return { text: '', lines: [] };
  const decoded = decodeCharacters(bytes, characterSet);
  const text = decoded.ok ? decoded.value : Buffer.from(bytes).toString('latin1');
  if (kept.interfaceName !== 'FHIR') return { text, lines: shownLines(text) };
  try {
    return { text, lines: shownLines(JSON.stringify(JSON.parse(text), null, 1)) };
  } catch {
    return { text, lines: shownLines(text) };
  }
}

/** One message about a case, beside what was understood of it. */
export async function receivedView(
  ledger: Ledger,
  kept: Kept,
  facts: CaseFacts,
  setting: { readonly characterSet: string | null; readonly accession: AccessionField },
): Promise<ReceivedMessageView> {
  const { text, lines } = await receivedLines(ledger, kept, setting.characterSet);
  const parsed = kept.interfaceName === 'FHIR' ? null : parseMessage(text);
  const rows =
    parsed?.ok === true && facts.order !== null
      ? understoodOf(parsed.value, facts.order, facts.seen?.study ?? null, {
          zone: kept.zone,
          accession: setting.accession,
        })
      : [];
  return {
    key: kept.key,
    title: kept.title,
    receivedAt: kept.receivedAt,
    answer: kept.outcome?.code ?? null,
    words: kept.outcome?.words ?? 'Kept; it is applied when the record answers.',
    rows: rows.map((row) => ({
      ...row,
      received: row.received.slice(0, longestLine),
      understood: row.understood.slice(0, longestLine),
    })),
    lines,
  };
}
