import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplateFile, reportTemplateSchema, writeTemplateFile } from '../../../shared/api/index.ts';
import { bodyRegions } from '../../../shared/domain/order/index.ts';
import { fieldKinds, type ReportField, reportSections } from '../../../shared/domain/report/index.ts';
import {
  askElement,
  blankWritten,
  changeField,
  changeLine,
  fillTemplate,
  putField,
  type ReportTemplate,
  type Statement,
  type TemplateFacts,
  type TemplatePart,
  templateFaults,
  templateOf,
  writtenTemplate,
} from '../../../shared/domain/template/index.ts';
import { writeMrrt } from '../../../shared/interop/mrrt/index.ts';
import { importTemplate } from './import-template.ts';
import { readMarkup } from './read-markup.ts';

const facts: TemplateFacts = {
  ...{ procedureCodes: [], procedure: '', reason: '', modalities: [], bodyPart: '' },
  ...{ sex: 'F', age: 50, facility: null },
};

function imported(html: string, name = 'template.html'): ReportTemplate {
  const read = importTemplate(name, html);
  const [template] = read.ok ? read.value.templates : [];
  if (template === undefined) throw new Error(read.ok ? 'no template' : read.error);
  return template;
}
const refusal = (html: string, name = 'template.html'): string => {
  const read = importTemplate(name, html);
  return read.ok ? '' : read.error;
};

const head = (more = '') =>
  `<title>CT Test</title><meta charset="UTF-8"><meta name="dcterms.title" content="CT Test"><meta name="dcterms.identifier" content="x.1">` +
  `<script type="text/xml"><template_attributes><status>ACTIVE</status></template_attributes></script>${more}`;
const page = (body: string, more = '') => `<!DOCTYPE html><html><head>${head(more)}</head><body>${body}</body></html>`;
const section = (body: string) =>
  `<section data-section-name="Findings"><header class="level1">Findings</header>${body}</section>`;
const words = (template: ReportTemplate): string => JSON.stringify(template);

/** Templates as we may hold them: every kind of field, words with anything in them that can be seen. */
const text = (minLength: number, maxLength = 40) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength, maxLength }),
      fc.stringMatching(/^[ <>&"'=/a-z\n\t-]+$/, { size: 'small' }),
      fc.constantFrom(
        '</span>',
        '<script>alert(1)</script>',
        '" onload="x',
        '&amp;',
        '<!--',
        '-->',
        ']]>',
        '  two  spaces ',
      ),
    )
    .filter(
      (one) =>
        one.length >= minLength &&
        one.length <= 200 &&
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what the form of a template keeps out
        !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/.test(
          one,
        ),
    );
const optional = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: undefined });
const defined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value;
const fieldArbitrary = fc
  .record({
    name: text(1),
    kind: fc.constantFrom(...fieldKinds),
    required: fc.boolean(),
    choices: optional(fc.uniqueArray(text(1), { minLength: 1, maxLength: 4 })),
    many: optional(fc.boolean()),
    unit: optional(text(0, 10).filter((one) => one.length <= 30)),
    minimum: optional(fc.integer({ min: -5, max: 5 })),
    maximum: optional(fc.double({ min: 6, max: 9, noNaN: true })),
    words: optional(text(0)),
    normal: optional(text(0)),
    fill: optional(fc.constantFrom('facility-name' as const, 'facility-address' as const)),
  })
  .map((one) => (one.kind === 'choice' && one.choices === undefined ? { ...one, choices: ['a'] } : one));
type Made = { readonly field: Omit<ReportField, 'id'>; readonly part: Omit<Exclude<TemplatePart, string>, 'field'> };
const madeField = fieldArbitrary.map(
  ({ words: own, normal, fill, ...field }): Made => ({
    field: defined(field),
    part: defined({ words: own, normal, fill }),
  }),
);
const statementArbitrary = fc
  .record({
    element: optional(text(1)),
    also: optional(fc.array(text(1), { maxLength: 3 })),
    when: optional(fc.record({ sex: fc.constantFrom(['M'] as const, ['F', 'O'] as const), minimumAge: fc.nat(99) })),
    joined: optional(fc.boolean()),
    parts: fc.array(fc.oneof(text(1), madeField), { minLength: 1, maxLength: 5 }),
  })
  .map(defined);
const templateArbitrary = fc
  .record({
    title: text(1).filter((one) => one.trim() === one && !/\s\s|[\n\t]/.test(one)),
    description: text(0),
    sections: fc.uniqueArray(
      fc.record({
        code: fc.constantFrom(...reportSections.map(({ code }) => code)),
        statements: fc.array(statementArbitrary, { minLength: 1, maxLength: 4 }),
      }),
      { selector: (one) => one.code, minLength: 1, maxLength: 5 },
    ),
    regions: fc.uniqueArray(fc.constantFrom(...bodyRegions), { maxLength: 3 }),
    origin: fc.option(
      fc.record({
        rights: text(0),
        terms: fc.array(fc.constant({ type: 'modality', scheme: 'RADLEX', code: 'RID1', meaning: 'a <b>' }), {
          maxLength: 2,
        }),
      }),
    ),
  })
  .map(({ title, description, sections, regions, origin }): ReportTemplate => {
    const fields: ReportField[] = [];
    const placed = sections.map(({ code, statements }) => ({
      code,
      statements: statements.map(
        (statement): Statement => ({
          ...statement,
          parts: statement.parts.map((part) => {
            if (typeof part === 'string') return part;
            const id = `f-${fields.length}`;
            fields.push({ id, ...part.field });
            return { field: id, ...part.part };
          }),
        }),
      ),
    }));
    const own = { identifier: 'x', publisher: '', creator: '', date: '', license: '' };
    return reportTemplateSchema.parse({
      ...{
        id: 'made',
        version: 3,
        title,
        description,
        fields,
        sections: placed,
        appliesTo: { bodyParts: regions, views: 2 },
      },
      origin: origin === null ? null : { ...own, ...origin },
    });
  });

describe('a template that goes out as MRRT and comes back', () => {
  it('is the same template, whatever stands in it', () => {
    fc.assert(
      fc.property(templateArbitrary, (template) => {
        const html = writeMrrt(template);
        expect(imported(html)).toEqual(template);
        // Whatever stands in it, it adds no element that would run or load.
        const events = readMarkup(html);
        const opened = events.ok ? events.value.flatMap((one) => (one.kind === 'open' ? [one] : [])) : [];
        expect(opened.filter((one) => one.name === 'script')).toHaveLength(1);
        expect(
          opened.filter((one) => Object.keys(one.attributes).some((name) => /^on|^src$|^href$/.test(name))),
        ).toEqual([]);
      }),
    );
  });

  it('is, written in the program, the template that was written, and opens to be changed', () => {
    let written = { ...blankWritten('template'), title: 'Nodule <b>follow-up</b>' };
    written = askElement(
      changeLine(written, '59776-5', 'line-1', { text: 'Nodule: .', element: 'Nodule', also: 'lump' }),
      'Nodule',
      'both',
    );
    for (const kind of fieldKinds) {
      const put = putField(written, '59776-5', 'line-1', 8, kind);
      if (put === null) throw new Error('no line');
      written = changeField(put.written, put.id, {
        ...{ name: `A ${kind}`, choices: 'Right & left\nNone', minimum: '1', maximum: '2,5', words: '"quoted" & <i>' },
      }).written;
    }
    const template = reportTemplateSchema.parse(templateOf(written, 'nodule'));
    expect(templateFaults(template)).toEqual([]);
    expect(imported(writeMrrt(template))).toEqual(template);
    expect(templateOf(writtenTemplate(imported(writeMrrt(template)), null), 'nodule')).toEqual(template);
  });

  const shipped = new URL('../../../resources/templates/', import.meta.url);
  it.each(readdirSync(shipped).filter((name) => name.endsWith('.json')))('%s does, and as our own file too', (name) => {
    const read = readTemplateFile(readFileSync(new URL(name, shipped), 'utf8'));
    for (const template of read.ok ? read.value : []) {
      expect(imported(writeMrrt(template))).toEqual(template);
      expect(imported(writeTemplateFile([template]), 'own.json')).toEqual(template);
    }
    expect(read.ok).toBe(true);
  });
});

describe('a form of somebody else', () => {
  it('becomes lines with fields: names from labels, units, limits and choices as it has them', () => {
    const template = imported(
      page(
        section(
          '<p><label for="d">Diameter:</label> <input id="d" type="number" data-field-units="mm" min="1" max="90"> across</p>' +
            '<p>Side: <select id="s"><option>-</option><option>right</option><option selected>left</option></select></p>' +
            '<p>Signs: <input type="checkbox" id="a"><label for="a">edema</label> <input type="checkbox" id="b"><label for="b">gas</label></p>' +
            '<p><input type="radio" name="r" id="r1"><label for="r1">yes</label><input type="radio" name="r" id="r2" checked><label for="r2">no</label></p>' +
            '<p><textarea id="t">All else is normal.</textarea></p>',
        ) +
          '<section data-section-name="Impression"><header>Impression</header><p>See above &amp; below.</p></section>',
      ),
    );
    expect(template.sections.map(({ code }) => code)).toEqual(['59776-5', '19005-8']);
    expect(template.fields).toEqual([
      { id: 'd', name: 'Diameter', kind: 'number', required: false, unit: 'mm', minimum: 1, maximum: 90 },
      { id: 's', name: 'Side', kind: 'choice', required: false, choices: ['right', 'left'] },
      { id: 'a', name: 'Signs', kind: 'choice', required: false, choices: ['edema', 'gas'], many: true },
      { id: 'r1', name: expect.any(String), kind: 'choice', required: false, choices: ['yes', 'no'] },
      { id: 't', name: expect.any(String), kind: 'text', required: false },
    ]);
    const [findings, impression] = fillTemplate(template, facts);
    expect(findings?.text).toBe('Diameter:  across\nSide: left\nSigns: \n\nAll else is normal.');
    expect(impression?.text).toBe('See above & below.');
  });

  it.each([
    ['no html', '<head></head><body></body>', 'no html element'],
    ['no head', '<html><body></body></html>', 'one head element'],
    ['no body', `<html><head>${head()}</head></html>`, 'no body element'],
    ['no title', page('<p>x</p>').replace(/<title>.*<\/title>/, ''), 'no title'],
    ['no Dublin Core', page('<p>x</p>').replace(/<meta name="dcterms[^>]*>/g, ''), 'dcterms'],
    ['no attributes', page('<p>x</p>').replace(/<script.*<\/script>/, ''), 'template_attributes'],
    ['two character sets', page('<p>x</p>', '<meta charset="latin1">'), 'character set'],
    ['nothing in it', page('<p> </p>'), 'neither words nor fields'],
    ['a page of something else', '<html><head><title>News</title></head><body><p>x</p></body></html>', 'dcterms'],
  ])('with %s is refused with the reason', (_, html, reason) => expect(refusal(html)).toContain(reason));
});

describe('a hostile file', () => {
  it('leaves nothing that runs or loads: only its words are words', () => {
    const html = page(
      section(
        '<script>document.title="owned"</script><style>body{background:url(//evil.test/x)}</style>' +
          '<p onclick="steal()">Liver <b onmouseover=alert(1)>normal</b><img src="//evil.test/p.gif" onerror="alert(2)"></p>' +
          '<iframe src="javascript:alert(3)">frame words</iframe><object data="x.swf">o</object><svg><text onload=alert(4)>svg words</text></svg>' +
          '<a href="javascript:alert(5)">Spleen normal</a><form action="//evil.test"><input type="hidden" value="secret"><button>Send words</button></form>' +
          '<p>&lt;img src=x onerror=alert(6)&gt;</p><input id="x" value="&quot;><script>alert(7)</script>">',
      ),
      '<link rel="stylesheet" href="//evil.test/s.css"><base href="//evil.test/">',
    );
    const read = importTemplate('hostile.html', html);
    const all = read.ok ? words(read.value.templates[0] as ReportTemplate) : '';
    expect(all).not.toMatch(
      /evil\.test|steal\(|owned|alert\([1-5]\)|frame words|svg words|secret|Send words|javascript:/,
    );
    expect(all).toContain('Spleen normal');
    expect(read.ok ? read.value.remarks.join(' ') : '').toMatch(
      /scripts are left out.*links to other files are left out/,
    );
    // What a page shows as words stays words: whoever shows it, shows text.
    expect(all).toContain('<img src=x onerror=alert(6)>');
    const again = writeMrrt(imported(html));
    expect(again).not.toMatch(/<img|<script>alert/);
  });

  it.each([
    ['very long', page(`<p>${'x'.repeat(400_000)}</p>`), 'longer than'],
    ['very deep', page(`${'<div>'.repeat(5_000)}x`), 'levels deep'],
    ['of very many parts', page('<i>x</i>'.repeat(40_000)), 'more than 60,000 parts'],
    ['with entities of its own', '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html></html>', 'entities'],
  ])('that is %s is refused, and soon', (_, html, reason) => {
    const before = performance.now();
    expect(refusal(html)).toContain(reason);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it.each([
    ['labels that never end', `${'<label>'.repeat(90)}${'<input>'.repeat(15_000)}`],
    ['one line without an end', 'word&nbsp;'.repeat(35_000)],
    ['spaces and colons', `${' :'.repeat(90_000)}<input type="checkbox">`.repeat(2)],
    ['classes without an end', `<p class="${'helper'.repeat(50_000)}">x</p>`],
    ['attributes without an end', `<p ${'a '.repeat(100_000)}>x</p>`],
    ['ticks of one name', '<input type="radio" name="a" value="b">'.repeat(9_000)],
    ['declarations', '<!DOCTYPE'.repeat(40_000)],
  ])('of %s takes no long time', (_, body) => {
    const before = performance.now();
    importTemplate('hostile.html', page(section(`<p>Liver normal.</p>${body}`)));
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('of any kind is read or refused, and never thrown at', () => {
    const piece = fc.constantFrom(
      ...[
        '<p>',
        '</p>',
        '<label for="a">',
        '</label>',
        '<input id="a" type="checkbox">',
        '<select>',
        '<option>',
        '</select>',
      ],
      ...[
        '<section data-section-name="Findings">',
        '</section>',
        '<textarea>',
        'words',
        '&nbsp;',
        '&#0;',
        '\u202e',
        '<header>',
      ],
      ...['<td>', '<script>', '</script>', '<!--', '-->', '<input __proto__="x" type="radio" name="constructor">'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const read = importTemplate('a.html', page(pieces.join('')));
        if (!read.ok) return;
        for (const template of read.value.templates) {
          expect(templateFaults(template)).toEqual([]);
          expect(imported(writeMrrt(template))).toEqual(template);
        }
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (any) => void importTemplate('a.txt', any)));
  });
});

/** Templates that societies and hospitals published; they lie beside the repository and never in it. */
const real = ['../../../../shared/data/templates/', '../../../../../shared/data/templates/']
  .map((path) => new URL(path, import.meta.url))
  .find((one) => existsSync(one));
describe.skipIf(real === undefined)('published templates', () => {
  const files =
    real === undefined
      ? []
      : readdirSync(real).flatMap((folder) =>
          readdirSync(new URL(`${folder}/`, real)).map((name) => `${folder}/${name}`),
        );
  it('are there', () => expect(files.length).toBeGreaterThan(50));
  it.each(files.filter((name) => !name.includes('invalid')))(
    '%s is taken in, filled, and comes back the same',
    (name) => {
      const template = imported(readFileSync(new URL(name, real), 'utf8'), name.split('/').at(-1));
      expect(fillTemplate(template, facts).length).toBeGreaterThan(0);
      expect(imported(writeMrrt(template))).toEqual(template);
      if (name.endsWith('.html') && !name.startsWith('openmrs')) expect(template.fields.length).toBeGreaterThan(4);
    },
  );
  it.each([
    ['missingAttributesInCodeElement', 'lacks meaning, value or scheme'],
    ['missingHtmlElement', 'no html element'],
    ['multipleCodeElementsInTermElement', 'more than one code'],
    ['multipleHeadElements', 'one head element'],
    ['multipleMetaElementsWithCharsetAttribute', 'character set'],
    ['multipleTemplateAttributesElement', 'more than one template_attributes'],
    ['noBodyElement', 'no body element'],
    ['noMetaElementDenotingDublinCoreAttributes', 'dcterms'],
    ['noScriptElement', 'template_attributes'],
    ['noTitleElement', 'no title'],
  ])('the invalid one “%s” is refused with its reason', (name, reason) => {
    const html = readFileSync(new URL(`openmrs-mrrt/invalidMrrtReportTemplate-${name}.html`, real), 'utf8');
    expect(refusal(html)).toContain(reason);
  });
});
