/** One change of a text: UTF-16 offsets into the text before, and the words that stand there instead. */
export type TextEdit = { readonly from: number; readonly to: number; readonly text: string };

export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.from) + edit.text + text.slice(edit.to);
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Whether this offset lies between the two halves of a character outside the basic plane. */
export function splitsCharacter(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

/**
 * The smallest change that makes one text of the other, never cutting a character in two; null where they are equal. Where the same
 * words were put in twice it cannot be known which of them are new: the later ones are taken for new.
 */
export function editBetween(before: string, after: string): TextEdit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (splitsCharacter(before, start) || splitsCharacter(after, start)) start -= 1;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  if (splitsCharacter(before, before.length - end) || splitsCharacter(after, after.length - end)) end -= 1;
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) };
}

/** Where an offset of the text before stands after the change; within words that are gone, behind what replaced them. */
export function mapOffset(edit: TextEdit, at: number): number {
  if (at <= edit.from) return at;
  return at >= edit.to ? at + edit.text.length - (edit.to - edit.from) : edit.from + edit.text.length;
}

/**
 * First and last code points that no report holds. Control characters but tab and line feed; marks, embeddings, overrides and isolates of
 * direction, which make words read otherwise than they are (Unicode TR9); byte order mark, interlinear marks and tags, which are not seen.
 */
const unwanted: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
];
const isUnwanted = (point: number): boolean => unwanted.some(([first, last]) => first <= point && point <= last);
/** Ends of a line other than LF: vertical tab, form feed, next line, line and paragraph separator. */
const lineEnds: ReadonlySet<number> = new Set([0x0b, 0x0c, 0x85, 0x2028, 0x2029]);

/** Words from elsewhere as they may stand in a report: plain, lines ended by LF, and nothing in them that is not seen. */
export function cleanPasted(text: string): string {
  let clean = '';
  for (const character of oneLineEnd(text)) {
    const point = character.codePointAt(0) ?? 0;
    if (lineEnds.has(point)) clean += '\n';
    else if (!isUnwanted(point)) clean += character;
  }
  return clean;
}

/** Every end of a line is LF. */
export function oneLineEnd(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
