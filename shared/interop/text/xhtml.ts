/** Characters that neither XML 1.0 (2.2) nor a FHIR string may hold: they are shown as U+FFFD, never dropped in silence. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is sought
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function permittedText(text: string): string {
  return text.toWellFormed().replace(forbidden, '\ufffd');
}

/** Text as XHTML character data or a quoted attribute; nothing in it can become markup. */
export function escapeXhtml(text: string): string {
  return permittedText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Escaped text with its line breaks as `<br/>`. */
export function escapeXhtmlLines(text: string): string {
  return linesOf(text).map(escapeXhtml).join('<br/>');
}

/** Lines by CR LF, CR or LF. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}
