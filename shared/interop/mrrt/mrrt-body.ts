import { type ReportField, reportSections, type SectionCode } from '../../domain/report/index.ts';
import { isField, type Statement, type TemplatePart, type TemplateSection } from '../../domain/template/index.ts';
import { cleanWords, type MarkupEvent } from './markup.ts';
import {
  type Control,
  type Controls,
  choicesOf,
  isHelp,
  isTick,
  noFields,
  readControls,
  typedField,
  voids,
} from './mrrt-controls.ts';
import { sectionNamed } from './section-names.ts';

export type MrrtBody = {
  readonly fields: readonly ReportField[];
  readonly sections: readonly TemplateSection[];
  readonly remarks: readonly string[];
};

/** Nothing of what stands in these is read. */
const unread: ReadonlySet<string> = new Set([
  ...['script', 'style', 'head', 'button', 'template', 'noscript', 'svg', 'math', 'iframe', 'object', 'embed'],
  ...['select', 'textarea', 'audio', 'video', 'canvas', 'noembed', 'noframes', 'applet', 'xmp', 'plaintext', 'h1'],
]);
const blocks: ReadonlySet<string> = new Set([
  ...['p', 'div', 'tr', 'li', 'ul', 'ol', 'dl', 'dt', 'dd', 'table', 'tbody', 'thead', 'tfoot', 'section', 'article'],
  ...['header', 'footer', 'fieldset', 'details', 'form', 'br', 'hr', 'blockquote', 'pre', 'caption', 'body'],
]);
const headings: ReadonlySet<string> = new Set(['header', 'h2', 'h3', 'h4', 'h5', 'h6', 'legend', 'summary']);
const findings = '59776-5' satisfies SectionCode;
const mostFields = 500;

/** The form of a template as sections of statements and fields, in the order in which they stand. */
export function readMrrtBody(events: readonly MarkupEvent[]): MrrtBody {
  const reader = createBodyReader(readControls(events));
  let closed = 0;
  for (const [at, one] of events.entries()) {
    if (closed > 0) {
      if (one.kind === 'open' && !voids.has(one.name)) closed += 1;
      if (one.kind === 'close' && !voids.has(one.name)) closed -= 1;
      continue;
    }
    if (one.kind === 'text') {
      reader.words(one.text);
      continue;
    }
    if (one.kind === 'open') {
      reader.control(at);
      if (voids.has(one.name)) {
        if (blocks.has(one.name)) reader.endLine();
      } else if (unread.has(one.name) || isHelp(one.attributes.class)) closed = 1;
      else reader.open(at, one.name, one.attributes);
    } else if (!voids.has(one.name)) reader.close(one.name);
  }
  return reader.end();
}

function createBodyReader({ controls, tickLabels }: Controls) {
  const fields: ReportField[] = [];
  const sections = new Map<SectionCode, Statement[]>();
  const codes: SectionCode[] = [findings];
  /** A heading named the section that stands now, so the next heading ends it. */
  let byHeading = false;
  const ids = new Set<string>();
  const radios = new Map<string, number>();
  const left = { identity: 0, useless: 0, tooMany: 0 };
  let parts: TemplatePart[] = [];
  let pending = '';
  /** Words of a heading that is being read, with what its section is called in the file. */
  let heading: { words: string; readonly english: string } | null = null;
  let sectionName: string | null = null;
  let lastWords = '';
  /** Ticks that stand beside each other are one choice. */
  let ticks: { readonly field: number; readonly part: number } | null = null;
  /** Inside the label of a tick: its words are what is chosen. */
  let tickLabel = 0;

  const code = (): SectionCode => codes.at(-1) ?? findings;

  function takeWords(): void {
    const words = pending;
    pending = '';
    if (words !== '') parts.push(words);
  }

  function endLine(): void {
    takeWords();
    ticks = null;
    const trimmed = trimLine(parts);
    parts = [];
    if (trimmed.length === 0) return;
    const [only] = trimmed;
    if (trimmed.length === 1 && typeof only === 'string') lastWords = only;
    const statements = sections.get(code()) ?? [];
    if (statements.length < 500) statements.push({ parts: trimmed });
    sections.set(code(), statements);
  }

  function newId(wanted: string): string {
    const plain =
      wanted
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[^A-Za-z0-9_-]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .slice(0, 56) || 'field';
    let id = plain;
    for (let number = 2; ids.has(id); number += 1) id = `${plain}-${number}`;
    ids.add(id);
    return id;
  }

  function nameOf(control: Control): string {
    const own = isTick(control) ? null : control.label;
    const before = pending.slice(-300).trim() || lastWordsOf(parts);
    const { attributes } = control;
    const found = [own ?? '', before, attributes.title ?? '', attributes['aria-label'] ?? '', lastWords]
      .map((one) =>
        cleanWords(one.slice(0, 300))
          .replace(/[\s:]+$/, '')
          .trim(),
      )
      .find((one) => one !== '');
    return (found ?? cleanWords(attributes.name ?? attributes.id ?? 'Field').trim()).slice(0, 200) || 'Field';
  }

  function put(field: Omit<ReportField, 'id' | 'name' | 'required'>, control: Control, words: string): number {
    const name = nameOf(control);
    takeWords();
    const { attributes } = control;
    const required = 'required' in attributes || /^(true|yes)$/i.test(attributes['data-field-required'] ?? '');
    const id = newId(attributes.id ?? attributes.name ?? name);
    fields.push({ id, name, required, ...field });
    const own = cleanWords(words).trim().slice(0, 5_000);
    // Words on both sides of a field would run into it.
    const last = parts.at(-1);
    if (typeof last === 'string' && !last.endsWith(' ')) parts[parts.length - 1] = `${last} `;
    parts.push({ field: id, ...(own === '' ? {} : { words: own }) });
    pending = ' ';
    return fields.length - 1;
  }

  function tick(control: Control): void {
    const { attributes, type } = control;
    let label = control.label ?? '';
    if (label === '') {
      // "right: [ ]": the word before it is its name.
      const near = pending.slice(-100);
      const before = /(\S+?)\s*:\s*$/.exec(near);
      if (before?.[1] !== undefined) {
        label = before[1];
        pending = pending.slice(0, pending.length - near.length + before.index);
      }
    }
    // A dash beside it is how a form says "not yet", and never a word of a report.
    if (label !== '' && choicesOf([label]).length === 0) return;
    const [words] = choicesOf([label, attributes.value ?? '', attributes.id ?? '']);
    const choice = words ?? 'yes';
    const checked = 'checked' in attributes && words !== undefined && label !== '';
    const group = type === 'radio' ? (radios.get(attributes.name ?? '') ?? null) : (ticks?.field ?? null);
    const known = group === null ? undefined : fields[group];
    if (group !== null && known !== undefined && pending.trim() === '') {
      fields[group] = { ...known, choices: choicesOf([...(known.choices ?? []), choice]) };
      pending = ' ';
      return;
    }
    const field = { kind: 'choice' as const, choices: [choice], ...(type === 'checkbox' ? { many: true } : {}) };
    const at = put(field, control, checked ? choice : '');
    if (type === 'radio') radios.set(attributes.name ?? '', at);
    else ticks = { field: at, part: parts.length - 1 };
  }

  return {
    words(text: string): void {
      if (heading !== null) heading.words += text;
      else if (tickLabel === 0) {
        const words = cleanWords(text);
        pending += /\s$/.test(pending.slice(-1)) ? words.trimStart() : words;
        if (words.trim() !== '') ticks = null;
      }
    },
    control(at: number): void {
      const control = controls.get(at);
      if (control === undefined || heading !== null) return;
      if ('data-ris-source' in control.attributes) {
        left.identity += 1;
        return;
      }
      if (noFields.has(control.type)) {
        left.useless += 1;
        return;
      }
      if (fields.length >= mostFields) {
        left.tooMany += 1;
        return;
      }
      if (isTick(control)) {
        tick(control);
        return;
      }
      ticks = null;
      if (control.element === 'select') {
        const choices = choicesOf(control.options.map((one) => one.words));
        const chosen = control.options.find((one) => one.selected && choices.includes(one.words));
        const many = 'multiple' in control.attributes ? { many: true } : {};
        if (choices.length === 0) left.useless += 1;
        else put({ kind: 'choice', choices, ...many }, control, chosen?.words ?? '');
        return;
      }
      put(
        typedField(control),
        control,
        control.element === 'textarea' ? control.text : (control.attributes.value ?? ''),
      );
    },
    open(at: number, name: string, attributes: Readonly<Record<string, string>>): void {
      if (name === 'label' && (tickLabel > 0 || tickLabels.has(at))) tickLabel += 1;
      if (blocks.has(name) || headings.has(name)) endLine();
      if (name === 'section') {
        sectionName = attributes['data-section-name'] ?? '';
        codes.push(sectionNamed(sectionName) ?? code());
      }
      if (headings.has(name)) heading = { words: '', english: attributes['data-english'] ?? '' };
    },
    close(name: string): void {
      if (name === 'label' && tickLabel > 0) tickLabel -= 1;
      if (headings.has(name) && heading !== null) {
        const words = cleanWords(heading.words).trim();
        const named = sectionNamed(words) ?? sectionNamed(heading.english);
        heading = null;
        if (named === null && byHeading && name === 'h2') codes[codes.length - 1] = findings;
        if (named !== null) {
          codes[codes.length - 1] = named;
          byHeading = name === 'h2';
        } else if (words !== '' && sectionNamed(sectionName ?? '') === null) {
          pending = /[:.?!]$/.test(words) ? words : `${words}:`;
          endLine();
        }
        sectionName = null;
        return;
      }
      if (name === 'td' || name === 'th') pending += pending.endsWith(' ') ? '' : ' ';
      else if (blocks.has(name)) endLine();
      if (name === 'section' && codes.length > 1) codes.pop();
    },
    endLine,
    end(): MrrtBody {
      endLine();
      const remarks: string[] = [];
      const ordered = reportSections.flatMap((one) => {
        const statements = sections.get(one.code) ?? [];
        return statements.length === 0 ? [] : [{ code: one.code, statements }];
      });
      const places = new Map(
        ordered
          .flatMap((one) => one.statements.flatMap(({ parts: all }) => all.filter(isField)))
          .map((one, at) => [one.field, at]),
      );
      if (left.identity > 0)
        remarks.push(
          `${left.identity} fields for patient, order or signature are left out: Overread has these itself.`,
        );
      if (left.useless > 0) remarks.push(`${left.useless} buttons or empty lists are left out.`);
      if (left.tooMany > 0) remarks.push(`${left.tooMany} fields beyond the first ${mostFields} are left out.`);
      return {
        // In the order of the text; what fell out with a line that was too long is no field.
        fields: fields
          .filter(({ id }) => places.has(id))
          .toSorted((left, right) => (places.get(left.id) ?? 0) - (places.get(right.id) ?? 0)),
        sections: ordered,
        remarks,
      };
    },
  };
}

/** Words of a line without white space at its ends; nothing where no words and no field are left. */
function trimLine(parts: readonly TemplatePart[]): TemplatePart[] {
  const kept = parts.slice(0, 200).map((one) => (typeof one === 'string' ? one.slice(0, 5_000) : one));
  const first = kept[0];
  if (typeof first === 'string') kept[0] = first.trimStart();
  const last = kept.at(-1);
  if (typeof last === 'string') kept[kept.length - 1] = last.trimEnd();
  const filled = kept.filter((one) => one !== '');
  const hasField = filled.some((one) => typeof one !== 'string');
  const text = filled.filter((one) => typeof one === 'string').join('');
  return !hasField && /^[\s\p{P}\p{S}]*$/u.test(text) ? [] : filled;
}

function lastWordsOf(parts: readonly TemplatePart[]): string {
  const last = parts.at(-1);
  return typeof last === 'string' ? last.slice(-300).trim() : '';
}
