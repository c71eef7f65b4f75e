import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMacroFile, readTemplateFile } from '../../api/index.ts';
import {
  fillTemplate,
  isField,
  type ReportTemplate,
  rankTemplates,
  type TemplateFacts,
  templateFaults,
} from './index.ts';
import { expandMacro } from './macro.ts';

const folder = new URL('../../../resources/templates/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const shipped: readonly ReportTemplate[] = names.flatMap((name) => {
  const read = readTemplateFile(readFileSync(new URL(name, folder), 'utf8'));
  if (!read.ok) throw new Error(`${name}: ${read.error.faults.join(' ')}`);
  return read.value;
});
const template = (id: string): ReportTemplate => {
  const found = shipped.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no template ${id}`);
  return found;
};
const macroFile = readMacroFile(
  readFileSync(new URL('../../../resources/macros/general.json', import.meta.url), 'utf8'),
);
const facts: TemplateFacts = {
  procedureCodes: [],
  procedure: '',
  reason: '',
  modalities: [],
  bodyPart: '',
  sex: 'F',
  age: 44,
  facility: null,
};

describe('the templates that come with the program', () => {
  it('are those that were promised, one a file', () => {
    expect(shipped.map((one) => one.id).sort()).toEqual(
      [
        ...[
          'ct-head',
          'cta-head-neck',
          'ct-perfusion-head',
          'ct-cervical-spine',
          'ct-facial',
          'ct-chest-pe',
          'ct-chest',
        ],
        ...['ct-abdomen-pelvis', 'ct-renal-stone', 'ct-trauma', 'cta-aorta', 'mr-brain', 'mr-lumbar-spine', 'mr-knee'],
        ...['us-right-upper-quadrant', 'us-renal', 'us-pelvis', 'us-ob-first-trimester', 'us-scrotum', 'us-dvt-leg'],
        ...[
          'us-appendix',
          'xr-chest-1-view',
          'xr-chest-2-view',
          'xr-abdomen',
          'xr-hand',
          'xr-wrist',
          'xr-ankle',
          'xr-hip',
        ],
        ...['xr-line-placement', 'nm-vq', 'mg-screening', 'mg-diagnostic'],
        ...['us-thyroid', 'xr-knee', 'xr-shoulder', 'xr-foot'],
      ].sort(),
    );
    expect(names).toHaveLength(shipped.length);
    expect(shipped.every((one) => names.includes(`${one.id}.json`))).toBe(true);
  });

  it.each(shipped)('$title: fields have ids of their own, and each required element is spoken of', (one) => {
    expect(templateFaults(one)).toEqual([]);
    const { complete, limited } = one.requiredElements;
    const elements = one.sections.flatMap((section) => section.statements.flatMap(({ element }) => element ?? []));
    expect(complete.length).toBeGreaterThan(3);
    // A screening mammogram is complete or is not one.
    if (one.id !== 'mg-screening') expect(limited.length).toBeGreaterThan(0);
    for (const name of complete) expect(elements).toContain(name);
    expect(complete).toEqual(expect.arrayContaining([...limited]));
  });

  it.each(shipped)('$title: a required element that is taken out is missed', (one) => {
    for (const name of one.requiredElements.complete) {
      const without = one.sections.map((section) => ({
        ...section,
        statements: section.statements.filter(({ element }) => element !== name),
      }));
      expect(templateFaults({ ...one, sections: without }).join(' ')).toContain(`must speak of “${name}”`);
    }
  });

  it.each(shipped)('$title: no sentence has a hole in it once what is required is filled', (one) => {
    for (const sex of ['F', 'M', 'O'] as const) {
      for (const { text, fields } of fillTemplate(one, { ...facts, sex })) {
        const open = fields.filter(({ state }) => state === 'empty');
        expect(open.filter(({ field }) => !field.required).map(({ field }) => field.name)).toEqual([]);
        let filled = text;
        for (const { from, to, field, state } of fields.toReversed())
          if (state === 'empty') filled = `${filled.slice(0, from)}${field.choices?.[0] ?? '12 mm'}${filled.slice(to)}`;
        expect(filled).not.toMatch(/ {2}| \.|: ?$|: \.|\.\.|,\./m);
        // Every line is a sentence, or ends in words that are chosen.
        expect(filled.split('\n').filter((line) => !/[.a-z]$/i.test(line))).toEqual([]);
      }
    }
  });

  it('names a reader’s words for one element only', () => {
    for (const one of shipped) {
      const names_ = one.sections
        .flatMap((section) => section.statements)
        .flatMap(({ element, also }) => (element === undefined ? [] : [element, ...(also ?? [])]))
        .map((name) => name.toLowerCase());
      const twice = names_.filter((name, at) => names_.indexOf(name) !== at);
      expect(twice, one.title).toEqual([]);
    }
  });

  it('hold the mammography words of 21 CFR 900.12(c)(1), required, with facility and address from the site', () => {
    for (const id of ['mg-screening', 'mg-diagnostic']) {
      const one = template(id);
      const field = (name: string) => one.fields.find((each) => each.id === name);
      expect(field('assessment')).toMatchObject({ kind: 'choice', required: true });
      expect(field('assessment')?.choices).toEqual([
        ...['Negative', 'Benign', 'Probably Benign', 'Suspicious', 'Highly Suggestive of Malignancy'],
        ...['Known Biopsy-Proven Malignancy', 'Post-Procedure Mammogram for Marker Placement'],
        'Incomplete: Need additional imaging evaluation',
        'Incomplete: Need prior mammograms for comparison',
      ]);
      expect(field('density')).toMatchObject({ kind: 'choice', required: true });
      expect(field('density')?.choices).toEqual([
        'The breasts are almost entirely fatty.',
        'There are scattered areas of fibroglandular density.',
        'The breasts are heterogeneously dense, which may obscure small masses.',
        'The breasts are extremely dense, which lowers the sensitivity of mammography.',
      ]);
      const facility = { name: 'Cedar Hollow Imaging', address: '1 Main Street, Mesa, AZ 85201, +1 480 555 0100' };
      const [findings] = fillTemplate(one, { ...facts, facility });
      expect(findings?.text.split('\n')[0]).toBe(`Facility: ${facility.name}, ${facility.address}`);
      // A site that did not say leaves it open, and that is a stop.
      const unknown = fillTemplate(one, { ...facts, facility: { name: facility.name, address: null } })[0];
      expect(unknown?.fields.find((each) => each.field.id === 'facility-address')).toMatchObject({
        state: 'empty',
        field: { required: true },
      });
    }
  });

  it.each([
    ['CT', 'CT head without contrast', 'fall', 'ct-head'],
    ['CT', 'CT HEAD W/O', '', 'ct-head'],
    ['CT', 'CTA head and neck', 'stroke', 'cta-head-neck'],
    ['CT', 'CT perfusion head', 'stroke', 'ct-perfusion-head'],
    ['CT', 'CT cervical spine without contrast', 'MVC', 'ct-cervical-spine'],
    ['CT', 'CT facial bones', 'assault', 'ct-facial'],
    ['CT', 'CT chest pulmonary angiogram', 'dyspnea', 'ct-chest-pe'],
    ['CT', 'CT chest with contrast', 'cough', 'ct-chest'],
    ['CT', 'CT chest with contrast', 'rule out PE', 'ct-chest-pe'],
    ['CT', 'CT abdomen pelvis with contrast', 'pain', 'ct-abdomen-pelvis'],
    ['CT', 'CT abdomen pelvis without contrast', 'flank pain', 'ct-renal-stone'],
    ['CT', 'CT chest abdomen pelvis with contrast', 'trauma, MVC', 'ct-trauma'],
    ['CT', 'CTA chest abdomen aorta', 'dissection', 'cta-aorta'],
    ['MR', 'MR brain without contrast', 'headache', 'mr-brain'],
    ['MR', 'MRI lumbar spine', 'sciatica', 'mr-lumbar-spine'],
    ['MR', 'MR knee left', 'pain', 'mr-knee'],
    ['US', 'US abdomen limited RUQ', 'pain', 'us-right-upper-quadrant'],
    ['US', 'US renal', 'AKI', 'us-renal'],
    ['US', 'US pelvis transvaginal', 'pain', 'us-pelvis'],
    ['US', 'US OB first trimester', 'bleeding', 'us-ob-first-trimester'],
    ['US', 'US lower extremity venous duplex', 'swelling', 'us-dvt-leg'],
    ['US', 'US appendix', 'RLQ pain', 'us-appendix'],
    ['US', 'US thyroid', 'palpable nodule', 'us-thyroid'],
    ['US', 'US head neck soft tissue thyroid', 'goiter', 'us-thyroid'],
    ['DX', 'XR chest 1 view', 'fever', 'xr-chest-1-view'],
    ['CR', 'XR CHEST 2V', 'cough', 'xr-chest-2-view'],
    ['DX', 'XR abdomen', 'pain', 'xr-abdomen'],
    ['DX', 'XR hand right 3 views', 'crush', 'xr-hand'],
    ['DX', 'XR wrist left', 'fall', 'xr-wrist'],
    ['DX', 'XR ankle right 3 views', 'twisted', 'xr-ankle'],
    ['DX', 'XR hip left with pelvis', 'fall', 'xr-hip'],
    ['DX', 'XR knee left 3 views', 'fall', 'xr-knee'],
    ['CR', 'XR SHOULDER RT 2V', 'pain after fall', 'xr-shoulder'],
    ['DX', 'XR foot right 3 views', 'crush', 'xr-foot'],
    ['DX', 'XR toes left', 'stubbed', 'xr-foot'],
    ['DX', 'XR chest 1 view', 'PICC placed', 'xr-line-placement'],
    ['NM', 'NM V/Q lung scan', 'dyspnea', 'nm-vq'],
    ['MG', 'Mammogram screening bilateral', '', 'mg-screening'],
    ['MG', 'Mammogram diagnostic left', 'lump', 'mg-diagnostic'],
  ])('%s “%s” (%s) is offered %s, with the reason in words', (modality, procedure, reason, id) => {
    const levelled = shipped.map((one) => ({ level: 'shipped' as const, template: one }));
    const [best] = rankTemplates(levelled, { ...facts, modalities: [modality], procedure, reason });
    expect(best?.template.id).toBe(id);
    expect(best?.reason).not.toBe('');
  });

  it('offer no man an obstetric template, and no woman that of the scrotum', () => {
    const levelled = shipped.map((one) => ({ level: 'shipped' as const, template: one }));
    const ids = (sex: 'M' | 'F' | null, procedure: string) =>
      rankTemplates(levelled, { ...facts, sex, modalities: ['US'], procedure })
        .filter((one) => one.fits)
        .map((one) => one.template.id);
    expect(ids('M', 'US scrotum')).toEqual(['us-scrotum']);
    expect(ids('F', 'US scrotum')).not.toContain('us-scrotum');
    expect(ids('M', 'US OB')).toEqual([]);
    // Not known is no.
    expect(ids(null, 'US OB')).toEqual([]);
  });
});

describe('the macros that come with the program', () => {
  const macros = macroFile.ok ? macroFile.value : [];
  it('are read without a fault, each called by names of its own', () => {
    expect(macroFile.ok ? [] : macroFile.error.faults).toEqual([]);
    expect(macros.length).toBeGreaterThan(20);
    const called = macros.flatMap((one) => [one.name, ...one.also]).map((name) => name.toLowerCase());
    expect(called.filter((name, at) => called.indexOf(name) !== at)).toEqual([]);
  });
  it.each(macros)('“$name” reads as a sentence when its blanks are filled', (macro) => {
    const { text, fields } = expandMacro(macro, facts);
    let filled = text;
    for (const { from, to, field } of fields.toReversed())
      filled = `${filled.slice(0, from)}${field.choices?.[0] ?? 'left'}${filled.slice(to)}`;
    expect(filled).toMatch(/\.$/);
    expect(filled).not.toMatch(/ {2}| \.|\.\./);
    expect(macro.statements.flatMap(({ parts }) => parts.filter(isField)).length).toBe(fields.length);
  });
});
