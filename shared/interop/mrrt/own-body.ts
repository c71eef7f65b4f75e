import {
  type FieldKind,
  fieldKinds,
  type ReportField,
  reportSections,
  type SectionCode,
} from '../../domain/report/index.ts';
import type { FieldPart, Statement, TemplatePart } from '../../domain/template/index.ts';
import type { MarkupEvent } from './markup.ts';
import type { MrrtBody } from './mrrt-body.ts';

/** Marks elements that Overread wrote, so that what they hold is read back word for word. */
export const ownMark = 'data-overread';

type Attributes = Readonly<Record<string, string>>;

/** What stands in an attribute as JSON; undefined where it is absent or none. What it is worth is checked with the whole template. */
export function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text, (key, found) => (key === '__proto__' || key === 'constructor' ? undefined : found));
  } catch {
    return undefined;
  }
}

function fieldOf(attributes: Attributes, choices: readonly string[]): ReportField {
  const kind: FieldKind = fieldKinds.find((one) => one === attributes['data-kind']) ?? 'text';
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  const [minimum, maximum] = [number(attributes['data-minimum']), number(attributes['data-maximum'])];
  const unit = attributes['data-field-units'];
  return {
    id: attributes.id ?? '',
    name: attributes.title ?? '',
    kind,
    required: 'required' in attributes,
    ...('data-choices' in attributes ? { choices } : {}),
    ...('data-many' in attributes ? { many: attributes['data-many'] === 'true' } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function partOf(attributes: Attributes): FieldPart {
  const words = attributes['data-words'];
  const normal = attributes['data-normal'];
  const fill = attributes['data-fill'];
  return {
    field: attributes.id ?? '',
    ...(words === undefined ? {} : { words }),
    ...(normal === undefined ? {} : { normal }),
    ...(fill === undefined ? {} : { fill: fill as NonNullable<FieldPart['fill']> }),
  };
}

/** The body of a file that writeMrrt wrote: the same statements, word for word. */
export function readOwnBody(events: readonly MarkupEvent[]): MrrtBody {
  const fields: ReportField[] = [];
  const sections: { readonly code: SectionCode; readonly statements: Statement[] }[] = [];
  let parts: TemplatePart[] = [];
  let words: string | null = null;
  let select: { readonly attributes: Attributes; readonly choices: string[] } | null = null;
  for (const one of events) {
    if (one.kind === 'text') {
      if (words !== null) words += one.text;
      continue;
    }
    if (one.kind === 'close') {
      if (one.name === 'span' && words !== null) {
        if (words !== '') parts.push(words);
        words = null;
      }
      if (one.name === 'select' && select !== null) {
        fields.push(fieldOf(select.attributes, select.choices));
        parts.push(partOf(select.attributes));
        select = null;
      }
      continue;
    }
    const { attributes } = one;
    if (one.name === 'option' && select !== null) {
      // The first stands for "not yet".
      if (attributes.value !== '') select.choices.push(attributes.value ?? '');
      continue;
    }
    switch (attributes[ownMark]) {
      case 'section': {
        const section = reportSections.find(({ code }) => code === attributes['data-loinc']);
        if (section !== undefined) sections.push({ code: section.code, statements: [] });
        break;
      }
      case 'statement': {
        parts = [];
        const also = jsonOf(attributes['data-also']);
        const when = jsonOf(attributes['data-when']);
        const element = attributes['data-element'];
        sections.at(-1)?.statements.push({
          ...(element === undefined ? {} : { element }),
          ...(also === undefined ? {} : { also: also as readonly string[] }),
          ...(when === undefined ? {} : { when: when as NonNullable<Statement['when']> }),
          ...('data-joined' in attributes ? { joined: attributes['data-joined'] === 'true' } : {}),
          parts,
        });
        break;
      }
      case 'words':
        words = '';
        break;
      case 'field':
        if (one.name === 'select') select = { attributes, choices: [] };
        else {
          fields.push(fieldOf(attributes, []));
          parts.push(partOf(attributes));
        }
        break;
      default:
        break;
    }
  }
  return { fields, sections, remarks: [] };
}
