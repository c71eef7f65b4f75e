import type { PlaceWords } from './draft-place.ts';
import type { SourcedWords } from './report-field.ts';
import { shiftFields, shiftSourced } from './span-shift.ts';
import type { TextEdit } from './text-edit.ts';

/** Lines behind the words that stand there, each of them marked until it is touched. */
export function wordsBehind(
  words: PlaceWords,
  lines: readonly string[],
  mark: (line: string, at: number) => SourcedWords,
): PlaceWords {
  const lead = words.text === '' || words.text.endsWith('\n') ? '' : '\n';
  const edit: TextEdit = { from: words.text.length, to: words.text.length, text: lead + lines.join('\n') };
  let from = edit.from + lead.length;
  const marks = lines.flatMap((line, at) => {
    const one = { ...mark(line, at), from, to: from + line.length };
    from += line.length + 1;
    return line === '' ? [] : [one];
  });
  // Words behind the last field of the text are none of it.
  const past = words.fields.at(-1)?.key ?? null;
  return {
    text: words.text + edit.text,
    fields: shiftFields(words.fields, edit, { inside: null, past }),
    sourced: [...shiftSourced(words.sourced, edit, words.text), ...marks],
  };
}
