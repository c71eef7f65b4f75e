import { linesOf } from '../text/xhtml.ts';
import { escapeText } from './escape.ts';

/**
 * How a site's system takes the lines of a section (spec/standards.md 4.3): one OBX a line; one OBX with the lines as repetitions (`~`); or
 * one OBX of formatted text, broken by `\.br\`. All three say the same lines.
 */
export const textForms = ['line-each', 'repetitions', 'formatted'] as const;
export type TextForm = (typeof textForms)[number];

/** One OBX of a section: OBX-2 (table 0125) and OBX-5 as written. */
export type TextValue = { readonly type: 'TX' | 'FT'; readonly value: string };

/**
 * A line of formatted text. A signed `\.br\` would stand between two escapes as `\E\.br\E\`, in which a receiver that looks for `\.br\`
 * before it unescapes finds a line break that nobody wrote: the dot after an escape travels as a byte.
 */
function formattedLine(line: string): string {
  return escapeText(line).replace(/\\\./g, '\\\\X2E\\');
}

/** The text of one section, in order. An empty line is a value of its own. */
export function textValues(text: string, form: TextForm): readonly TextValue[] {
  const lines = linesOf(text);
  switch (form) {
    case 'line-each':
      return lines.map((line) => ({ type: 'TX', value: escapeText(line) }));
    case 'repetitions':
      return [{ type: 'TX', value: lines.map(escapeText).join('~') }];
    case 'formatted':
      return [{ type: 'FT', value: lines.map(formattedLine).join('\\.br\\') }];
  }
}
