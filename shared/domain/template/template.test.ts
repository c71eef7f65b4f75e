import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMacroFile, readTemplateFile } from '../../api/index.ts';
import { instant } from '../../lib/instant.ts';
import { type Draft, draftFrom, signedSections } from '../report/index.ts';
import {
  ageAt,
  applyTemplate,
  changedSet,
  emptyShelf,
  hasNoWords,
  insertMacro,
  type LevelledTemplate,
  macroNamed,
  macrosOf,
  macrosTurnedOff,
  rankTemplates,
  readExceptions,
  searchTemplates,
  sectionsInTheWay,
  type TemplateFacts,
  templateNamed,
  templatesFor,
  turnedOffStamps,
  undoneApply,
  unplacedWords,
} from './index.ts';

const shipped = (id: string): LevelledTemplate => {
  const read = readTemplateFile(
    readFileSync(new URL(`../../../resources/templates/${id}.json`, import.meta.url), 'utf8'),
  );
  const [template] = read.ok ? read.value : [];
  if (template === undefined) throw new Error(`no template ${id}`);
  return { level: 'shipped', template };
};
const head = shipped('ct-head');
const quadrant = shipped('us-right-upper-quadrant');
const abdomen = shipped('ct-abdomen-pelvis');
const readMacros = readMacroFile(
  readFileSync(new URL('../../../resources/macros/general.json', import.meta.url), 'utf8'),
);
const macros = readMacros.ok ? readMacros.value : [];
const facts: TemplateFacts = {
  procedureCodes: ['CTHEADWO'],
  procedure: 'CT head without contrast',
  reason: 'fall',
  modalities: ['CT'],
  bodyPart: 'HEAD',
  sex: 'M',
  age: 71,
  facility: { name: 'Cedar Hollow Imaging', address: null },
};
const prefill = {
  clinicalInformation: 'Fall.',
  technique: 'CT head; 64 images in 2 series.',
  comparison: 'None available.',
};
const empty = draftFrom(prefill, { taskId: 'task-1', studyUid: '1.2.3', readerId: 'reader-1', now: instant(0) });
const write = (draft: Draft, code: keyof Draft['sections'], text: string): Draft => ({
  ...draft,
  sections: { ...draft.sections, [code]: text },
});
const findings = (draft: Draft): string => draft.sections['59776-5'];
const spanText = (draft: Draft, id: string): string | undefined => {
  const field = draft.fields?.find((one) => one.field.id === id);
  return field === undefined ? undefined : draft.sections[field.section].slice(field.from, field.to);
};

describe('a template in a draft', () => {
  it('fills the sections that are empty and leaves what order and images said', () => {
    expect(hasNoWords(empty)).toBe(true);
    const draft = applyTemplate(empty, head, facts);
    expect(findings(draft)).toContain('Hemorrhage: No acute intracranial hemorrhage.');
    expect(draft.sections['55752-0']).toBe('Fall.');
    expect(draft.sections['55111-9']).toBe(prefill.technique);
    expect(spanText(draft, 'hemorrhage')).toBe('No acute intracranial hemorrhage.');
    expect(draft.templates).toEqual([{ id: 'ct-head', version: 1, title: head.template.title, level: 'shipped' }]);
    expect(hasNoWords(draft)).toBe(false);
  });

  it('leaves the impression open: nothing of it is in the text, and it is required', () => {
    const draft = applyTemplate(empty, head, facts);
    expect(draft.sections['19005-8']).toBe('');
    expect(draft.fields?.find((one) => one.field.id === 'impression')).toMatchObject({
      state: 'empty',
      from: 0,
      to: 0,
      field: { required: true },
    });
    expect(signedSections(draft).map(({ title }) => title)).not.toContain('Impression');
  });

  it('never puts its words in place of a reader’s: it says what would go, and waits to be told', () => {
    const typed = write(empty, '59776-5', 'Subdural hematoma on the left.');
    expect(sectionsInTheWay(typed, head, facts)).toEqual([
      { code: '59776-5', title: 'Findings', words: 'Subdural hematoma on the left.' },
    ]);
    const kept = applyTemplate(typed, head, facts);
    expect(findings(kept)).toBe('Subdural hematoma on the left.');
    const replaced = applyTemplate(typed, head, facts, { replace: new Set(['59776-5']) });
    expect(findings(replaced)).not.toContain('Subdural');
    const back = undoneApply(replaced, typed, replaced);
    expect(back?.sections).toEqual(typed.sections);
    expect(undoneApply(write(replaced, '59776-5', 'Typed since.'), typed, replaced)).toBeNull();
  });

  it('makes way for another template while nobody has touched it, and not after', () => {
    const first = applyTemplate(empty, head, facts);
    expect(sectionsInTheWay(first, abdomen, facts)).toEqual([]);
    const second = applyTemplate(first, abdomen, facts);
    expect(findings(second)).not.toContain('Hemorrhage');
    expect(second.templates?.map(({ id }) => id)).toEqual(['ct-abdomen-pelvis']);
    const touched = write(first, '59776-5', `${findings(first)} More.`);
    expect(sectionsInTheWay(touched, abdomen, facts).map(({ title }) => title)).toEqual(['Findings']);
  });

  it('speaks of the organs that the patient has', () => {
    const of = (sex: TemplateFacts['sex']) => findings(applyTemplate(empty, abdomen, { ...facts, sex }));
    expect(of('M')).toContain('Prostate:');
    expect(of('M')).not.toContain('Uterus');
    expect(of('F')).toContain('Uterus and ovaries:');
    expect(of(null)).not.toMatch(/Prostate|Uterus/);
  });

  it('goes to the exam that is meant in a report over several', () => {
    const texts = { '55111-9': '', '59776-5': '', '19005-8': '' };
    const other = { taskId: 'task-2', studyUid: '1.2.4', accession: 'A2', exam: 'US RUQ', studyDate: null, texts };
    const draft = applyTemplate({ ...empty, together: [other] }, quadrant, facts, { exam: '1.2.4' });
    expect(findings(draft)).toBe('');
    expect(draft.together?.[0]?.texts['59776-5']).toContain('Liver:');
    expect(draft.fields?.every((one) => one.exam === '1.2.4')).toBe(true);
    expect(draft.templates?.[0]?.exam).toBe('1.2.4');
  });

  it('is nothing for an addendum', () => {
    const addendum: Draft = { ...empty, kind: 'addendum', addendum: 'More.' };
    expect(applyTemplate(addendum, head, facts)).toBe(addendum);
  });

  it('keeps every span on its words, whatever is applied one after the other', () => {
    const all = [head, quadrant, abdomen];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            which: fc.nat(2),
            replace: fc.boolean(),
            sex: fc.constantFrom('M' as const, 'F' as const, null),
          }),
          { maxLength: 5 },
        ),
        fc.string({ maxLength: 20 }),
        (steps, typed) => {
          let draft = write(empty, '59776-5', typed);
          for (const { which, replace, sex } of steps) {
            const chosen = all[which] ?? head;
            const how = replace ? { replace: new Set(['59776-5', '19005-8'] as const) } : {};
            const before = draft;
            draft = applyTemplate(draft, chosen, { ...facts, sex }, how);
            if (!replace && typed.trim() !== '' && findings(before) === typed) expect(findings(draft)).toBe(typed);
            const keys = [...(draft.fields ?? []), ...(draft.sourced ?? [])].map(({ key }) => key);
            expect(new Set(keys).size).toBe(keys.length);
            for (const one of draft.sourced ?? [])
              expect(draft.sections[one.section].slice(one.from, one.to)).toBe(one.value);
            for (const one of draft.fields ?? []) {
              expect(one.to).toBeLessThanOrEqual(draft.sections[one.section].length);
              expect(one.state === 'empty').toBe(one.from === one.to);
            }
          }
        },
      ),
    );
  });
});

describe('normal except', () => {
  const read = (said: string, of = abdomen) => readExceptions(of.template, facts, said);
  const put = (said: string, of = abdomen): Draft => {
    const exceptions = read(said, of);
    if (!exceptions.ok) throw new Error(unplacedWords(exceptions.error));
    return applyTemplate(empty, of, facts, {
      said: { normal: exceptions.value.size === 0, exceptions: exceptions.value },
    });
  };

  it('puts the reader’s words where the normal sentence of that organ stands', () => {
    const draft = put('normal except liver: 2.5 cm cyst in segment 6; gallbladder contains stones');
    expect(findings(draft)).toContain('Liver: 2.5 cm cyst in segment 6.');
    expect(findings(draft)).toContain('Gallbladder and bile ducts: Contains stones.');
    expect(findings(draft)).not.toContain('No focal lesion');
    expect(findings(draft)).toContain('Spleen: Normal in size.');
    // With a finding the impression is hers to say.
    expect(draft.sections['19005-8']).toBe('');
  });

  it('finds the organ inside a sentence, when only one is named', () => {
    expect(findings(put('everything is normal except 4 mm stone in the left kidney'))).toContain(
      'Kidneys and ureters: 4 mm stone in the left kidney.',
    );
    expect(read('normal except stone between kidney and bladder')).toMatchObject({
      ok: false,
      error: { code: 'two-elements' },
    });
    const unknown = read('normal except the flux capacitor is broken');
    expect(unknown).toMatchObject({ ok: false, error: { code: 'unknown-element' } });
    expect(unknown.ok ? '' : unplacedWords(unknown.error)).toContain('Liver');
  });

  it('takes the normal sentence out even where no words follow: the place is open and must be filled', () => {
    const draft = put('normal except spleen');
    expect(findings(draft)).toContain('Spleen: \n');
    expect(draft.fields?.find((one) => one.field.id === 'spleen')).toMatchObject({
      state: 'empty',
      field: { required: true },
    });
  });

  it('says that all is normal only where nothing is excepted', () => {
    expect(put('normal', head).sections['19005-8']).toBe('No acute intracranial abnormality.');
    expect(put('normal except skull: frontal fracture', head).sections['19005-8']).toBe('');
    const wall = put('normal except Murphy sign positive', quadrant);
    expect(findings(wall)).toContain('Murphy sign: Positive.\n');
  });

  it('names no organ that the patient has not', () => {
    expect(read('normal except uterus: fibroid').ok).toBe(false);
    expect(readExceptions(abdomen.template, { ...facts, sex: 'F' }, 'normal except uterus: fibroid').ok).toBe(true);
  });

  it('either holds every word that was said or is refused', () => {
    const word = fc.constantFrom('cyst', 'mass', '2 cm', '3.5', 'left', 'new', 'stone');
    const name = fc.constantFrom('liver', 'spleen', 'pancreas', 'bowel', 'nothing', 'the adrenals');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.array(word, { minLength: 1, maxLength: 4 })), { minLength: 1, maxLength: 4 }),
        (clauses) => {
          const said = `normal except ${clauses.map(([of, words]) => `${of}: ${words.join(' ')}`).join('; ')}`;
          const exceptions = read(said);
          if (!exceptions.ok) return;
          const text = findings(put(said)).toLowerCase();
          for (const [, words] of clauses) expect(text).toContain(words.join(' '));
        },
      ),
    );
  });
});

describe('a macro', () => {
  const named = (name: string, of: TemplateFacts = facts) => macroNamed(macros, name, of);
  it('is put in by name, with its blanks behind the words that stand there', () => {
    const macro = named('AAA');
    if (!macro.ok) throw new Error('no macro');
    const draft = applyTemplate(empty, head, facts);
    const at = findings(draft).indexOf('\n');
    const put = insertMacro(draft, macro.value, facts, { section: '59776-5', at });
    expect(put?.draft.sections['59776-5'].slice(at, put.caret)).toBe(
      ' Infrarenal aortic aneurysm,  in greatest diameter. No sign of rupture.',
    );
    // What stood behind it is still on its words.
    expect(spanText(put?.draft ?? draft, 'parenchyma')).toContain('No acute territorial infarct.');
    expect(put?.draft.fields?.find((one) => one.field.id === 'aneurysm-size')).toMatchObject({ state: 'empty' });
  });
  it('is only for those for whom it is meant', () => {
    expect(named('BPH').ok).toBe(true);
    expect(named('BPH', { ...facts, sex: 'F' })).toMatchObject({ ok: false, error: { code: 'not-for-this-exam' } });
    expect(named('growth plates')).toMatchObject({ ok: false });
    expect(named('growth plates', { ...facts, age: 9 }).ok).toBe(true);
    expect(named('kidney')).toMatchObject({ ok: false, error: { code: 'unknown-macro', near: ['kidney stone'] } });
  });
  it('that was turned off is told to be so, unless another of its name is there', () => {
    const own = macros.filter(({ id }) => id === macros[0]?.id);
    const [off] = own;
    if (off === undefined) throw new Error('no macro');
    const others = macros.filter((one) => one !== off);
    const { name } = off;
    expect(macroNamed(others, name, facts, [off])).toEqual({ ok: false, error: { code: 'turned-off', macro: off } });
    expect(macroNamed([...others, { ...off, id: 'hers' }], name, facts, [off])).toMatchObject({
      value: { id: 'hers' },
    });
    // What would not be offered anyway is not for this exam, off or on.
    const forChildren = { ...off, when: { maximumAge: 3 } };
    expect(macroNamed(others, name, facts, [forChildren])).toMatchObject({ error: { code: 'unknown-macro' } });
    const group = { owner: { kind: 'group' as const }, shelf: { ...emptyShelf, disabled: [off.id] } };
    expect(macrosTurnedOff([group], 'here', macros)).toEqual([off]);
    expect(macrosOf([group], 'here', macros)).toEqual(others);
  });
  it('moves every span behind it by its own length and none before it', () => {
    const draft = applyTemplate(empty, head, facts);
    fc.assert(
      fc.property(fc.nat(findings(draft).length), fc.nat(macros.length - 1), (at, which) => {
        const macro = macros[which];
        if (macro === undefined) return;
        const put = insertMacro(draft, macro, facts, { section: '59776-5', at });
        for (const before of draft.fields ?? []) {
          const after = put?.draft.fields?.find(({ key }) => key === before.key);
          const was = draft.sections[before.section].slice(before.from, before.to);
          const is = put?.draft.sections[before.section].slice(after?.from, after?.to) ?? '';
          if (before.section !== '59776-5' || at <= before.from || at >= before.to) expect(is).toBe(was);
          else expect(is.length).toBeGreaterThan(was.length);
        }
      }),
    );
  });
});

describe('the list of templates', () => {
  const all = [head, quadrant, abdomen];
  it('has those that fit first, the reader’s own before others, each with its reason', () => {
    const own: LevelledTemplate = { level: 'user', template: { ...head.template, id: 'mine', title: 'My head' } };
    const ranked = rankTemplates([...all, own], facts);
    expect(ranked.map((one) => [one.template.id, one.fits])).toEqual([
      ['mine', true],
      ['ct-head', true],
      ['ct-abdomen-pelvis', false],
      ['us-right-upper-quadrant', false],
    ]);
    expect(ranked[0]?.reason).toBe('your own, CT, head');
    expect(ranked[2]?.reason).toBe('for abdomen, pelvis');
  });
  it('is searched by words, and a spoken name finds the one that is meant', () => {
    expect(searchTemplates(all, 'quad right').map((one) => one.template.id)).toEqual(['us-right-upper-quadrant']);
    expect(templateNamed(all, 'CT Head, without contrast')?.template.id).toBe('ct-head');
    expect(templateNamed(all, 'head')?.template.id).toBe('ct-head');
    expect(templateNamed(all, 'elbow')).toBeNull();
  });
  it('leaves out what was turned off, and what is another site’s', () => {
    const group = { owner: { kind: 'group' as const }, shelf: { ...emptyShelf, disabled: ['ct-head'] } };
    const site = {
      owner: { kind: 'site' as const, id: 'other' },
      shelf: { ...emptyShelf, templates: [quadrant.template] },
    };
    expect(
      templatesFor([group, site], 'here', [head.template, abdomen.template]).map((one) => one.template.id),
    ).toEqual(['ct-abdomen-pelvis']);
  });
});

describe('a shelf of templates', () => {
  const owner = { kind: 'group' as const };
  const stamp = { by: 'Lead', at: 1 };
  it('counts a changed template as its next version, and never gives a number twice', () => {
    const other = { ...head.template, title: 'Another title' };
    const first = changedSet(null, owner, { ...emptyShelf, templates: [head.template] }, stamp);
    expect(first.shelf.templates[0]?.version).toBe(1);
    const same = changedSet(first, owner, { ...emptyShelf, templates: [{ ...head.template, version: 99 }] }, stamp);
    expect(same.shelf.templates[0]?.version).toBe(1);
    const changed = changedSet(same, owner, { ...emptyShelf, templates: [other] }, stamp);
    expect(changed.shelf.templates[0]?.version).toBe(2);
    const gone = changedSet(changed, owner, emptyShelf, stamp);
    const again = changedSet(gone, owner, { ...emptyShelf, templates: [head.template] }, stamp);
    expect(again.shelf.templates[0]?.version).toBe(3);
  });
  it('knows who turned one off, as long as it is off, whoever changes something else', () => {
    const off = changedSet(null, owner, { ...emptyShelf, disabled: ['ct-head'] }, stamp);
    expect(turnedOffStamps(off)).toEqual([{ id: 'ct-head', ...stamp }]);
    const other = { by: 'Another lead', at: 2 };
    const more = changedSet(off, owner, { ...off.shelf, disabled: ['ct-head', 'mr-knee'] }, other);
    expect(turnedOffStamps(more)).toEqual([
      { id: 'ct-head', ...stamp },
      { id: 'mr-knee', ...other },
    ]);
    const on = changedSet(more, owner, { ...more.shelf, disabled: ['mr-knee'] }, stamp);
    const again = changedSet(on, owner, { ...on.shelf, disabled: ['mr-knee', 'ct-head'] }, other);
    expect(turnedOffStamps(on)).toEqual([{ id: 'mr-knee', ...other }]);
    expect(turnedOffStamps(again)).toContainEqual({ id: 'ct-head', ...other });
    // From before anybody wrote it down.
    expect(turnedOffStamps({ ...off, stamps: {} })).toEqual([]);
  });
});

describe('age at the exam', () => {
  it.each([
    ['1955-03-09', '2026-03-08', 70],
    ['19550309', '20260309', 71],
    ['2026-01-01', '2025-01-01', null],
    [null, '2025-01-01', null],
  ])('born %s, examined %s: %s', (born, on, age) => expect(ageAt(born, on)).toBe(age));
});
