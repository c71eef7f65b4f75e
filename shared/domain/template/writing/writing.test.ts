import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMacroFile, readTemplateFile, reportMacroSchema, reportTemplateSchema } from '../../../api/index.ts';
import { fieldKinds, reportSections, type SectionCode } from '../../report/index.ts';
import { macroFaults, templateFaults } from '../faults.ts';
import { isField, type TemplatePart } from '../template.ts';
import { macroOf, templateOf, writtenMacro, writtenTemplate } from './convert.ts';
import { beginWriting, redoWriting, undoWriting, withNumber, wrote } from './history.ts';
import { freeId, lineText, listOf, partsOf, slug, tokenAt } from './lines.ts';
import {
  addLine,
  askElement,
  changeField,
  changeLine,
  linesOf,
  moveLine,
  putField,
  removeField,
  removeLine,
} from './moves.ts';
import { versionText } from './version-text.ts';
import { blankWritten, type Written } from './written.ts';
import { placeOfLine, writtenFaults } from './written-faults.ts';

const findings = '59776-5' satisfies SectionCode;

function filesOf(folder: string): readonly string[] {
  const place = new URL(`../../../../resources/${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(new URL(name, place), 'utf8'));
}
const shipped = filesOf('templates').flatMap((text) => {
  const read = readTemplateFile(text);
  return read.ok ? read.value : [];
});
const macros = filesOf('macros').flatMap((text) => {
  const read = readMacroFile(text);
  return read.ok ? read.value : [];
});
/** Words that stand side by side in a file are one run of words. */
const joined = (parts: readonly TemplatePart[]): readonly TemplatePart[] =>
  partsOf(lineText(parts), (id) => parts.filter(isField).find((part) => part.field === id) ?? null);
const stops = (written: Written): readonly string[] =>
  writtenFaults(written)
    .filter((one) => one.stop)
    .map((one) => one.words);

/** A thyroid template as somebody writes it: a side and a size in one line. */
function thyroid(): Written {
  let written: Written = { ...blankWritten('template'), title: 'Thyroid, mine' };
  written = changeLine(written, findings, 'line-1', { text: 'Nodule:  lobe.', element: 'Nodule' });
  const side = putField(written, findings, 'line-1', 8, 'choice');
  if (side === null) throw new Error('no line');
  written = changeField(side.written, side.id, { name: 'Side of nodule', choices: 'Right\nLeft\n' }).written;
  const line = written.sections[findings][0]?.text ?? '';
  const size = putField(written, findings, 'line-1', line.indexOf('.'), 'measurement');
  if (size === null) throw new Error('no line');
  written = changeField(size.written, size.id, { name: 'Nodule size', minimum: '1', maximum: '80' }).written;
  return { ...written, matching: { ...written.matching, modalities: 'us', bodyParts: 'neck' } };
}

describe('a template while it is written', () => {
  it('is, opened and saved untouched, the template that it was: every shipped one, and every macro', () => {
    expect(shipped.length).toBeGreaterThan(30);
    for (const template of shipped) {
      const written = writtenTemplate(template, template.version);
      const inOrder = reportSections.flatMap(({ code }) =>
        template.sections
          .filter((one) => one.code === code)
          .map((one) => ({ code, statements: one.statements.map((each) => ({ ...each, parts: joined(each.parts) })) })),
      );
      expect(reportTemplateSchema.parse(templateOf(written, template.id))).toEqual({ ...template, sections: inOrder });
      expect(stops(written)).toEqual([]);
    }
    expect(macros.length).toBeGreaterThan(10);
    for (const macro of macros) {
      const written = writtenMacro(macro, macro.version);
      expect(reportMacroSchema.parse(macroOf(written, macro.id))).toEqual(macro);
      expect(stops(written)).toEqual([]);
    }
  });

  it('takes fields at the caret, and their places follow their names', () => {
    const written = thyroid();
    expect(written.sections[findings][0]?.text).toBe('Nodule: {side-of-nodule} lobe{nodule-size}.');
    expect(stops(written)).toEqual([]);
    const template = reportTemplateSchema.parse(templateOf(written, 'thyroid-mine'));
    expect(templateFaults(template)).toEqual([]);
    expect(template.fields).toEqual([
      { id: 'side-of-nodule', name: 'Side of nodule', kind: 'choice', required: true, choices: ['Right', 'Left'] },
      {
        id: 'nodule-size',
        name: 'Nodule size',
        kind: 'measurement',
        required: true,
        unit: 'mm',
        minimum: 1,
        maximum: 80,
      },
    ]);
    expect(template.appliesTo).toMatchObject({ modalities: ['US'], bodyParts: ['neck'] });
    expect(removeField(written, 'nodule-size').sections[findings][0]?.text).toBe('Nodule: {side-of-nodule} lobe.');
    // Two of one name are two all the same.
    const twice = putField(written, findings, 'line-1', 0, 'choice');
    expect(twice === null ? '' : changeField(twice.written, twice.id, { name: 'Side of nodule' }).id).toBe(
      'side-of-nodule-2',
    );
  });

  it.each<[string, (written: Written) => Written, RegExp]>([
    ['without a name', (one) => ({ ...one, title: ' ' }), /Give the template a name/],
    ['without words', (one) => changeLine(one, findings, 'line-1', { text: ' ' }), /has no words yet/],
    [
      'with nothing to choose',
      (one) => changeField(one, 'side-of-nodule', { choices: '\n' }).written,
      /“Side of nodule” has nothing to choose/,
    ],
    [
      'with a field in two places',
      (one) => addLine(one, findings, null, 'Again {nodule-size}').written,
      /“Nodule size” stands in 2 places/,
    ],
    [
      'with a range the wrong way round',
      (one) => changeField(one, 'nodule-size', { minimum: '90' }).written,
      /the least is more than the most/,
    ],
    [
      'with a figure that is none',
      (one) => changeField(one, 'nodule-size', { maximum: 'ten' }).written,
      /“ten” is no figure/,
    ],
    [
      'with a measurement without a unit',
      (one) => changeField(one, 'nodule-size', { unit: '' }).written,
      /without a unit/,
    ],
    [
      'with a body part that nobody knows',
      (one) => ({ ...one, matching: { ...one.matching, bodyParts: 'nek' } }),
      /“nek” is no body part/,
    ],
    [
      'with an age in words',
      (one) => ({ ...one, matching: { ...one.matching, minimumAge: 'old' } }),
      /“old” is no age/,
    ],
    [
      'with other names of nothing',
      (one) => changeLine(one, findings, 'line-1', { element: '', also: 'lump' }),
      /none that it speaks of/,
    ],
    [
      'with an element that only words once spoke of',
      (one) => changeLine(askElement(one, 'Nodule', 'both'), findings, 'line-1', { text: '' }),
      /must speak of “Nodule”/,
    ],
  ])('is not saved %s, and says where', (_what, change, words) => {
    const faults = writtenFaults(change(thyroid())).filter((one) => one.stop);
    expect(faults.map((one) => one.words).join(' ')).toMatch(words);
    expect(faults[0]?.at).not.toBe('');
  });

  it('tells of what will be left out or leaves a gap, and keeps it', () => {
    const tells = (written: Written): string =>
      writtenFaults(written)
        .filter((one) => !one.stop)
        .map((one) => one.words)
        .join(' ');
    expect(tells(changeField(thyroid(), 'nodule-size', { required: false }).written)).toContain('has a gap there');
    expect(tells(changeLine(thyroid(), findings, 'line-1', { text: 'Nodule: {side-of-nodule} {sze}' }))).toMatch(
      /“\{sze\}” is no field.*“Nodule size” stands in no line/,
    );
    expect(tells({ ...thyroid(), matching: blankWritten('template').matching })).toContain('offered for none');
    expect(tells(thyroid())).toBe('');
  });

  it('asks an exam to speak of what its lines speak of: a new name follows, a line that goes takes it along', () => {
    const asked = askElement(thyroid(), 'Nodule', 'both');
    expect([asked.complete, asked.limited]).toEqual([['Nodule'], ['Nodule']]);
    const renamed = changeLine(asked, findings, 'line-1', { element: 'Nodules' });
    expect([renamed.complete, renamed.limited]).toEqual([['Nodules'], ['Nodules']]);
    expect(removeLine(renamed, findings, 'line-1')).toMatchObject({ complete: [], limited: [] });
    expect(askElement(renamed, 'Nodules', 'complete')).toMatchObject({ complete: ['Nodules'], limited: [] });
  });

  it('whatever is done to it, no line key is given twice and no field stands under two ids', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'remove', 'move', 'field', 'name', 'text', 'drop'),
      at: fc.nat(8),
      kind: fc.constantFrom(...fieldKinds),
      words: fc.constantFrom('Side', 'side', 'Größe', '', '{side}', 'a {size} b'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let written = thyroid();
        for (const { what, at, kind, words } of steps) {
          const lines = written.sections[findings];
          const line = lines[at % Math.max(1, lines.length)]?.key ?? 'none';
          const field = written.fields[at % Math.max(1, written.fields.length)]?.id ?? 'none';
          if (what === 'add') written = addLine(written, findings, line, words).written;
          if (what === 'remove') written = removeLine(written, findings, line);
          if (what === 'move') written = moveLine(written, findings, line, at % 2 === 0 ? 1 : -1);
          if (what === 'field') written = putField(written, findings, line, at, kind)?.written ?? written;
          if (what === 'name') written = changeField(written, field, { name: words }).written;
          if (what === 'text') written = changeLine(written, findings, line, { text: words, element: words });
          if (what === 'drop') written = removeField(written, field);
        }
        const keys = linesOf(written).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const ids = written.fields.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        // Without a stop the house takes it as it stands.
        if (stops(written).length === 0) {
          const parsed = reportTemplateSchema.parse(templateOf(written, 'made'));
          expect(templateFaults(parsed)).toEqual([]);
          expect(templateOf(writtenTemplate(parsed, 1), 'made')).toEqual(
            templateOf({ ...written, replaces: 1 }, 'made'),
          );
        }
      }),
    );
  });
});

describe('undo while a template is written', () => {
  const named = (title: string): Written => ({ ...blankWritten('template'), title });

  it('goes back by places and by rests, not by letters, and forth again', () => {
    let history = beginWriting(named(''));
    history = wrote(history, named('C'), 'title', 0);
    history = wrote(history, named('CT'), 'title', 200);
    history = wrote(history, { ...named('CT'), description: 'd' }, 'description', 300);
    history = wrote(history, { ...named('CT head'), description: 'd' }, 'title', 5_000);
    const back = [history, undoWriting(history), undoWriting(undoWriting(history))].map(
      ({ now }) => now.title + now.description,
    );
    expect(back).toEqual(['CT headd', 'CTd', 'CT']);
    expect(undoWriting(undoWriting(undoWriting(history))).now.title).toBe('');
    expect(redoWriting(undoWriting(history)).now.title).toBe('CT head');
    expect(undoWriting(beginWriting(named('x'))).now.title).toBe('x');
  });

  it('brings words back from before a save, and follows the version that the save gave', () => {
    const saved = withNumber(wrote(beginWriting(named('A')), named('B'), 'title', 0), 'a', 4);
    expect(undoWriting(saved).now).toMatchObject({ title: 'A', id: 'a', replaces: 4 });
  });
});

describe('a macro while it is written', () => {
  it('is words with fields for whom it is meant', () => {
    let written: Written = {
      ...blankWritten('macro'),
      title: 'no stone',
      also: 'stone free; clear',
      section: '19005-8',
    };
    written = changeLine(written, findings, 'line-1', { text: 'No stone.' });
    written = { ...written, when: { sex: ['F'], minimumAge: '18', maximumAge: '', modality: 'CT' } };
    const macro = reportMacroSchema.parse(macroOf(written, 'no-stone'));
    expect(macroFaults(macro)).toEqual([]);
    expect(macro).toEqual({
      ...{
        id: 'no-stone',
        version: 1,
        name: 'no stone',
        also: ['stone free', 'clear'],
        section: '19005-8',
        fields: [],
      },
      when: { sex: ['F'], minimumAge: 18, modality: ['CT'] },
      statements: [{ parts: ['No stone.'] }],
    });
    expect(stops({ ...written, when: { ...written.when, maximumAge: '3' } })).toEqual([
      'The macro: the least age is more than the most.',
    ]);
  });
});

it('small parts: lists, ids, carets and what a version says', () => {
  expect(listOf(' CT ;MR;; CT')).toEqual(['CT', 'MR']);
  expect([slug('Café, left!', 60), slug('—', 60)]).toEqual(['cafe-left', '']);
  expect(freeId('a', (id) => id === 'a' || id === 'a-2')).toBe('a-3');
  expect(tokenAt('x {side} y', 4)).toBe('side');
  expect(tokenAt('x {side} y', 0)).toBe(null);
  expect(partsOf('a {b} {c}', (id) => (id === 'b' ? { field: 'b' } : null))).toEqual(['a ', { field: 'b' }, ' {c}']);
  expect(placeOfLine(thyroid(), 'line-1')).toBe('Findings, line 1');
  expect(versionText(templateOf(thyroid(), 'x')).split('\n')).toEqual([
    ...['Thyroid, mine', 'Modalities: US', 'Body parts: neck', '', 'Findings'],
    ...['[Nodule] Nodule: {side-of-nodule} lobe{nodule-size}.', '', 'Fields'],
    'Side of nodule: one of the list, or your own words, required: Right | Left',
    'Nodule size: measurement in mm, 1 to 80, required',
  ]);
});
