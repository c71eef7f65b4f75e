import { type FieldKind, reportSections, type SectionCode } from '../../report/index.ts';
import { freeId, slug, withToken } from './lines.ts';
import { forEverybody, type Written, type WrittenField, type WrittenLine } from './written.ts';

const titles: Readonly<Record<FieldKind, string>> = {
  text: 'Words',
  choice: 'Choice',
  number: 'Number',
  measurement: 'Size',
  laterality: 'Side',
  date: 'Date',
};

function withLines(
  written: Written,
  code: SectionCode,
  change: (lines: readonly WrittenLine[]) => readonly WrittenLine[],
): Written {
  return { ...written, sections: { ...written.sections, [code]: change(written.sections[code]) } };
}

export function linesOf({ sections }: Written): readonly WrittenLine[] {
  return reportSections.flatMap(({ code }) => sections[code]);
}

/** Elements that no line speaks of any more are asked of no exam. */
function withoutGone(written: Written): Written {
  const there = new Set(linesOf(written).map(({ element }) => element.trim()));
  const stays = (names: readonly string[]): readonly string[] => names.filter((name) => there.has(name));
  return { ...written, complete: stays(written.complete), limited: stays(written.limited) };
}

/** A line as it is changed. A new name of its element is the new name of what exams must speak of, where no other line has the old one. */
export function changeLine(
  written: Written,
  code: SectionCode,
  key: string,
  change: Partial<Omit<WrittenLine, 'key'>>,
): Written {
  const before = written.sections[code].find((one) => one.key === key);
  if (before === undefined) return written;
  const next = withLines(written, code, (lines) => lines.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const [old, now] = [before.element.trim(), (change.element ?? before.element).trim()];
  if (old === now) return next;
  const others = linesOf(next).some(({ element }) => element.trim() === old);
  if (others || now === '' || old === '') return withoutGone(next);
  const renamed = (names: readonly string[]): readonly string[] => [
    ...new Set(names.map((name) => (name === old ? now : name))),
  ];
  return { ...next, complete: renamed(next.complete), limited: renamed(next.limited) };
}

/** An empty line behind the one named, else at the end; `key` names it. */
export function addLine(
  written: Written,
  code: SectionCode,
  after: string | null,
  text = '',
): { readonly written: Written; readonly key: string } {
  const key = `line-${written.nextLine}`;
  const line: WrittenLine = { key, text, element: '', also: '', joined: false, when: forEverybody };
  const next = withLines(written, code, (lines) => {
    const at = after === null ? -1 : lines.findIndex((one) => one.key === after);
    return at === -1 ? [...lines, line] : lines.toSpliced(at + 1, 0, line);
  });
  return { written: { ...next, nextLine: written.nextLine + 1 }, key };
}

export function removeLine(written: Written, code: SectionCode, key: string): Written {
  return withoutGone(withLines(written, code, (lines) => lines.filter((one) => one.key !== key)));
}

/** A line one place up (-1) or down (1) in its section; at the edge it stays. */
export function moveLine(written: Written, code: SectionCode, key: string, by: 1 | -1): Written {
  return withLines(written, code, (lines) => {
    const at = lines.findIndex((one) => one.key === key);
    const other = lines[at + by];
    const line = lines[at];
    return line === undefined || other === undefined ? lines : lines.with(at, other).with(at + by, line);
  });
}

/** What exams a line's element is asked of. */
export type AskedOf = 'none' | 'complete' | 'both';

export function askedOf({ complete, limited }: Written, element: string): AskedOf {
  if (limited.includes(element.trim())) return 'both';
  return complete.includes(element.trim()) ? 'complete' : 'none';
}

export function askElement(written: Written, element: string, of: AskedOf): Written {
  const name = element.trim();
  if (name === '') return written;
  const set = (names: readonly string[], is: boolean): readonly string[] =>
    is ? (names.includes(name) ? names : [...names, name]) : names.filter((one) => one !== name);
  return { ...written, complete: set(written.complete, of !== 'none'), limited: set(written.limited, of === 'both') };
}

/** A new field at a caret of a line. `caret` stands behind it. */
export function putField(
  written: Written,
  code: SectionCode,
  key: string,
  caret: number,
  kind: FieldKind,
): { readonly written: Written; readonly id: string; readonly caret: number } | null {
  const line = written.sections[code].find((one) => one.key === key);
  if (line === undefined) return null;
  const name = titles[kind];
  const id = freeId(slug(name, 60), (one) => written.fields.some((field) => field.id === one));
  const field: WrittenField = {
    ...{ id, name: '', kind, required: true, choices: '', many: false, unit: kind === 'measurement' ? 'mm' : '' },
    ...{ minimum: '', maximum: '', words: '', normal: '', fill: '' },
  };
  const at = Math.min(Math.max(caret, 0), line.text.length);
  const text = `${line.text.slice(0, at)}{${id}}${line.text.slice(at)}`;
  const next = changeLine({ ...written, fields: [...written.fields, field] }, code, key, { text });
  return { written: next, id, caret: at + id.length + 2 };
}

/** A field as it is changed. Its id follows its name, in every line where it stands. */
export function changeField(
  written: Written,
  id: string,
  change: Partial<Omit<WrittenField, 'id'>>,
): { readonly written: Written; readonly id: string } {
  const before = written.fields.find((one) => one.id === id);
  if (before === undefined) return { written, id };
  const wanted = change.name === undefined ? '' : slug(change.name, 60);
  const next =
    wanted === '' ? id : freeId(wanted, (one) => one !== id && written.fields.some((field) => field.id === one));
  const fields = written.fields.map((one) => (one.id === id ? { ...one, ...change, id: next } : one));
  return { written: renamedToken({ ...written, fields }, id, `{${next}}`), id: next };
}

/** A field out of the template and of every line; the words around it stay. */
export function removeField(written: Written, id: string): Written {
  return renamedToken({ ...written, fields: written.fields.filter((one) => one.id !== id) }, id, '');
}

function renamedToken(written: Written, id: string, token: string): Written {
  if (token === `{${id}}`) return written;
  return reportSections.reduce(
    (all, { code }) =>
      withLines(all, code, (lines) =>
        lines.some((one) => one.text.includes(`{${id}}`))
          ? lines.map((one) => ({ ...one, text: withToken(one.text, id, token) }))
          : lines,
      ),
    written,
  );
}
