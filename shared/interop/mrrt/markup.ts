import type { Result } from '../../lib/result.ts';

/** What a reader of HTML sees, one after the other: no tree, so that nothing of it is ever a page. Names in small letters. */
export type MarkupEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string };

export type BadMarkup = {
  readonly code: 'too-long' | 'too-deep' | 'too-many-parts' | 'declares-entities';
  readonly reason: string;
};

/** Reads HTML as events, with an end to length and depth; the host hands it in. Comments and processing instructions are no events. */
export type ReadMarkup = (text: string) => Result<readonly MarkupEvent[], BadMarkup>;

/** One line of words that show what they are: white space made one, what cannot be seen or turns the reading order left out. */
export function cleanWords(text: string): string {
  return (
    text
      .normalize('NFC')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
      .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
      .replace(/[\s\u00a0\u2028\u2029]+/g, ' ')
  );
}
