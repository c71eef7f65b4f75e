import { bodyRegions, type Region } from '../../order/index.ts';
import { type ReportField, reportSections, type SectionCode } from '../../report/index.ts';
import type { ReportMacro } from '../macro.ts';
import type { Condition, FieldPart, ReportTemplate, Statement } from '../template.ts';
import { isField } from '../template.ts';
import { lineText, listOf, listWords, partsOf, tokensIn } from './lines.ts';
import {
  blankWritten,
  forAnyExam,
  forEverybody,
  type Written,
  type WrittenCondition,
  type WrittenField,
  type WrittenLine,
} from './written.ts';

/** A figure as it was typed, with comma or point; undefined where nothing or no figure stands. */
export function figureOf(typed: string): number | undefined {
  const text = typed.trim().replace(',', '.');
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

const typed = (figure: number | null | undefined): string => (figure == null ? '' : String(figure));

function writtenField(field: ReportField, part: FieldPart | undefined): WrittenField {
  return {
    ...{ id: field.id, name: field.name, kind: field.kind, required: field.required, many: field.many === true },
    choices: (field.choices ?? []).join('\n'),
    ...{ unit: field.unit ?? '', minimum: typed(field.minimum), maximum: typed(field.maximum) },
    ...{ words: part?.words ?? '', normal: part?.normal ?? '', fill: part?.fill ?? '' },
  };
}

function writtenCondition(when: Condition | null | undefined): WrittenCondition {
  if (when == null) return forEverybody;
  const { sex, minimumAge, maximumAge, modality } = when;
  return {
    ...{ sex: sex ?? [], minimumAge: typed(minimumAge), maximumAge: typed(maximumAge) },
    modality: listWords(modality),
  };
}

function withStatements(
  from: Written,
  fields: readonly ReportField[],
  sections: readonly { readonly code: SectionCode; readonly statements: readonly Statement[] }[],
): Written {
  let nextLine = 1;
  const parts = sections.flatMap(({ statements }) => statements.flatMap((one) => one.parts.filter(isField)));
  const lines = (code: SectionCode): readonly WrittenLine[] =>
    sections
      .filter((one) => one.code === code)
      .flatMap((one) => one.statements)
      .map((statement) => {
        const key = `line-${nextLine}`;
        nextLine += 1;
        return {
          ...{
            key,
            text: lineText(statement.parts),
            element: statement.element ?? '',
            also: listWords(statement.also),
          },
          ...{ joined: statement.joined === true, when: writtenCondition(statement.when) },
        };
      });
  const written = Object.fromEntries(reportSections.map(({ code }) => [code, lines(code)])) as Written['sections'];
  return {
    ...from,
    fields: fields.map((field) =>
      writtenField(
        field,
        parts.find((part) => part.field === field.id),
      ),
    ),
    sections: written,
    nextLine,
  };
}

/** A template to go on from: as its next version, or as a copy (`replaces` null, its id to be found anew). */
export function writtenTemplate(template: ReportTemplate, replaces: number | null): Written {
  const { appliesTo } = template;
  const base: Written = {
    ...blankWritten('template'),
    ...{ id: replaces === null ? '' : template.id, replaces, title: template.title },
    ...{ description: template.description, language: template.language, origin: template.origin },
    matching: {
      procedureCodes: listWords(appliesTo.procedureCodes),
      procedureWords: listWords(appliesTo.procedureWords),
      reasonWords: listWords(appliesTo.reasonWords),
      notProcedureWords: listWords(appliesTo.notProcedureWords),
      modalities: listWords(appliesTo.modalities),
      bodyParts: listWords(appliesTo.bodyParts),
      views: typed(appliesTo.views),
      sex: appliesTo.sex ?? '',
      minimumAge: typed(appliesTo.minimumAge),
      maximumAge: typed(appliesTo.maximumAge),
    },
    complete: template.requiredElements.complete,
    limited: template.requiredElements.limited,
  };
  return withStatements(base, template.fields, template.sections);
}

export function writtenMacro(macro: ReportMacro, replaces: number | null): Written {
  const base: Written = {
    ...blankWritten('macro'),
    ...{ id: replaces === null ? '' : macro.id, replaces, title: macro.name, matching: forAnyExam },
    ...{ also: listWords(macro.also), section: macro.section ?? '', when: writtenCondition(macro.when) },
  };
  return withStatements(base, macro.fields, [{ code: '59776-5', statements: macro.statements }]);
}

function fieldOf(one: WrittenField): ReportField {
  const choices = one.choices
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const listed = (one.kind === 'choice' || one.kind === 'laterality') && choices.length > 0;
  const figures = one.kind === 'number' || one.kind === 'measurement';
  const [minimum, maximum] = [figureOf(one.minimum), figureOf(one.maximum)];
  return {
    ...{ id: one.id, name: one.name.trim(), kind: one.kind, required: one.required },
    ...(listed ? { choices: [...new Set(choices)] } : {}),
    ...(one.many && (one.kind === 'choice' || one.kind === 'laterality') ? { many: true } : {}),
    ...(figures && one.unit.trim() !== '' ? { unit: one.unit.trim() } : {}),
    ...(figures && minimum !== undefined ? { minimum } : {}),
    ...(figures && maximum !== undefined ? { maximum } : {}),
  };
}

function conditionOf(when: WrittenCondition): Condition | null {
  const [minimumAge, maximumAge] = [figureOf(when.minimumAge), figureOf(when.maximumAge)];
  const modality = listOf(when.modality);
  const condition: Condition = {
    ...(when.sex.length === 0 ? {} : { sex: when.sex }),
    ...(minimumAge === undefined ? {} : { minimumAge }),
    ...(maximumAge === undefined ? {} : { maximumAge }),
    ...(modality.length === 0 ? {} : { modality }),
  };
  return Object.keys(condition).length === 0 ? null : condition;
}

/** Lines with words or fields; the others are left out. */
export function linesWithWords(lines: readonly WrittenLine[]): readonly WrittenLine[] {
  return lines.filter(({ text }) => text.trim() !== '');
}

function statementsOf(lines: readonly WrittenLine[], fields: readonly WrittenField[]): readonly Statement[] {
  const part = (id: string): FieldPart | null => {
    const one = fields.find((each) => each.id === id);
    if (one === undefined) return null;
    return {
      field: id,
      ...(one.words === '' ? {} : { words: one.words }),
      ...(one.normal === '' ? {} : { normal: one.normal }),
      ...(one.fill === '' ? {} : { fill: one.fill }),
    };
  };
  return linesWithWords(lines).map((line) => {
    const also = listOf(line.also);
    const when = conditionOf(line.when);
    return {
      ...(line.element.trim() === '' ? {} : { element: line.element.trim() }),
      ...(also.length === 0 ? {} : { also }),
      ...(when === null ? {} : { when }),
      ...(line.joined ? { joined: true } : {}),
      parts: partsOf(line.text, part),
    };
  });
}

/** Fields that stand in a line, in the order of the text; the others are kept while it is written and are no part of what is saved. */
export function fieldsInUse({ fields, sections }: Pick<Written, 'fields' | 'sections'>): readonly WrittenField[] {
  const used = reportSections
    .flatMap(({ code }) => sections[code])
    .flatMap(({ text }) => tokensIn(text).map(({ id }) => id));
  return [...new Set(used)].flatMap((id) => fields.find((field) => field.id === id) ?? []);
}

/** What is saved, under this id; faults and all. `version` is the host's to count. */
export function templateOf(written: Written, id: string): ReportTemplate {
  const { matching } = written;
  const views = figureOf(matching.views);
  return {
    ...{ id, version: written.replaces ?? 1, title: written.title.trim(), description: written.description.trim() },
    language: written.language,
    appliesTo: {
      procedureCodes: listOf(matching.procedureCodes),
      procedureWords: listOf(matching.procedureWords),
      reasonWords: listOf(matching.reasonWords),
      notProcedureWords: listOf(matching.notProcedureWords),
      modalities: listOf(matching.modalities).map((one) => one.toUpperCase()),
      bodyParts: listOf(matching.bodyParts).filter(isRegion),
      views: views ?? null,
      sex: matching.sex === '' ? null : matching.sex,
      minimumAge: figureOf(matching.minimumAge) ?? null,
      maximumAge: figureOf(matching.maximumAge) ?? null,
    },
    fields: fieldsInUse(written).map(fieldOf),
    sections: reportSections.flatMap(({ code }) => {
      const statements = statementsOf(written.sections[code], written.fields);
      return statements.length === 0 ? [] : [{ code, statements }];
    }),
    requiredElements: { complete: written.complete, limited: written.limited },
    origin: written.origin,
  };
}

export function macroOf(written: Written, id: string): ReportMacro {
  return {
    ...{ id, version: written.replaces ?? 1, name: written.title.trim(), also: listOf(written.also) },
    section: written.section === '' ? null : written.section,
    when: conditionOf(written.when),
    fields: fieldsInUse(written).map(fieldOf),
    statements: statementsOf(written.sections['59776-5'], written.fields),
  };
}

export function isRegion(word: string): word is Region {
  return (bodyRegions as readonly string[]).includes(word);
}
