import type { Narrative } from '@medplum/fhirtypes';
import { escapeXhtml, escapeXhtmlLines } from '../text/xhtml.ts';

/** R4 Narrative of titled paragraphs. Every text is escaped; there is no markup in it but our own. */
export function narrative(rows: readonly (readonly [title: string, text: string])[]): Narrative {
  const paragraphs = rows
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `<p><b>${escapeXhtml(title)}</b><br/>${escapeXhtmlLines(text)}</p>`);
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join('')}</div>` };
}

/** The words of a narrative, white space folded: what stays equal when a server formats the markup anew. */
export function narrativeWords(div: string): string {
  return div
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#(\d{1,7}|x[0-9a-f]{1,6});/gi, (whole, point: string) => character(point) ?? whole)
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A numeric character reference, decimal or `x` and hexadecimal; null beyond Unicode. */
function character(point: string): string | null {
  const number = /^x/i.test(point) ? Number.parseInt(point.slice(1), 16) : Number(point);
  return number <= 0x10ffff ? String.fromCodePoint(number) : null;
}
