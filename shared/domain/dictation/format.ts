import { type Piece, piecesOf } from './pieces.ts';
import { isDoubtful, type RecognisedWord } from './recognised.ts';

/** UTF-16 offsets in the words. `grave`: it turns the meaning and is shown again before it is signed. */
export type DoubtfulSpan = { readonly from: number; readonly to: number; readonly grave: boolean };

export type DictatedText = {
  readonly text: string;
  /** Words of which the engine was not sure; negations, sides, numbers with their units, levels and dates are grave. */
  readonly doubtful: readonly DoubtfulSpan[];
};

/** The words on both sides of the place where the text goes. */
export type TextAround = { readonly before: string; readonly after: string };

const grave: ReadonlySet<Piece['kind']> = new Set(['negation', 'side', 'number', 'level', 'date'] as const);
const endsSentence = /(?:^|[.?!]["')]*\s*|\n\s*)$/;

/**
 * Recognised words as a report has them, as they stand within a sentence (`fitDictated` puts them into a text). Pure of engines:
 * punctuation, capitals and figures are ours, whatever recognised the words.
 */
export function formatDictated(words: readonly RecognisedWord[]): DictatedText {
  let text = '';
  const doubtful: DoubtfulSpan[] = [];
  let joinsNext = true;
  for (const piece of piecesOf(words)) {
    if (piece.kind === 'break') text = text.replace(/ +$/, '');
    else if (!joinsNext && needsSpace(text, piece)) text += ' ';
    const from = text.length;
    const isHead = text !== '' && !piece.isFixed && piece.kind !== 'break' && endsSentence.test(text);
    text += isHead ? capitalised(piece.text) : piece.text;
    const isGrave = grave.has(piece.kind);
    if (piece.text.trim() !== '' && isDoubtful(piece.words, isGrave))
      doubtful.push({ from, to: text.length, grave: isGrave });
    joinsNext = piece.joins === 'both' || piece.joins === 'right';
  }
  return { text, doubtful };
}

/** The same words with the spaces and the capital that their neighbours in the report ask for. */
export function fitDictated({ text, doubtful }: DictatedText, { before, after }: TextAround): DictatedText {
  if (text === '') return { text, doubtful };
  const head = endsSentence.test(before) ? capitalised(text) : text;
  const lead = before === '' || /[\s([/-]$/.test(before) || /^[\s.,;:?!)/-]/.test(head) ? '' : ' ';
  const trail = /^[\p{L}\p{N}(]/u.test(after) && /[\p{L}\p{N}%).,;:?!]$/u.test(head) ? ' ' : '';
  return {
    text: `${lead}${head}${trail}`,
    doubtful: doubtful.map((one) => ({ ...one, from: one.from + lead.length, to: one.to + lead.length })),
  };
}

function needsSpace(standing: string, piece: Piece): boolean {
  if (piece.joins === 'left' || piece.joins === 'both') return false;
  return standing !== '' && !/[\s(]$/.test(standing);
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
