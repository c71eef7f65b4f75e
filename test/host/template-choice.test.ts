import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateDemoDay } from '../../electron/host/demo/index.ts';
import { readTemplateFile } from '../../shared/api/index.ts';
import { ageAt, type LevelledTemplate, rankTemplates, type TemplateFacts } from '../../shared/domain/template/index.ts';
import { instant } from '../../shared/lib/instant.ts';

const folder = new URL('../../resources/templates/', import.meta.url);
const shipped: readonly LevelledTemplate[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const read = readTemplateFile(readFileSync(new URL(name, folder), 'utf8'));
    return read.ok ? read.value.map((template) => ({ level: 'shipped' as const, template })) : [];
  });
const nothing: TemplateFacts = {
  ...{ procedureCodes: [], procedure: '', reason: '', modalities: [], bodyPart: '' },
  ...{ sex: null, age: null, facility: null },
};
const offered = (facts: Partial<TemplateFacts>): string => {
  const [best] = rankTemplates(shipped, { ...nothing, ...facts });
  return best?.fits === true ? best.template.id : 'none';
};

/** What each exam of the demo day is offered, written by hand; there is no template of ours for the last ones. */
const wanted: Readonly<Record<string, string>> = {
  'CT head without contrast': 'ct-head',
  'CT chest with contrast': 'ct-chest',
  'CT chest without contrast': 'ct-chest',
  'CT pulmonary angiogram': 'ct-chest-pe',
  'CT abdomen pelvis with contrast': 'ct-abdomen-pelvis',
  'CT abdomen pelvis without contrast': 'ct-abdomen-pelvis',
  'CT abdomen pelvis, stone protocol': 'ct-renal-stone',
  'MR brain without contrast': 'mr-brain',
  'MR lumbar spine without contrast': 'mr-lumbar-spine',
  'MR right knee without contrast': 'mr-knee',
  'MR left knee without contrast': 'mr-knee',
  'CR chest, 2 views': 'xr-chest-2-view',
  'CR chest, portable, 1 view': 'xr-chest-1-view',
  'DX chest, 1 view': 'xr-chest-1-view',
  'DX right hand, 2 views': 'xr-hand',
  'DX right ankle, 3 views': 'xr-ankle',
  'DX pelvis and hip, 2 views': 'xr-hip',
  'US pelvis, transvaginal': 'us-pelvis',
  'US abdomen, right upper quadrant': 'us-right-upper-quadrant',
  'MG screening, bilateral': 'mg-screening',
  'MG screening, digitised film': 'mg-screening',
  'US thyroid': 'us-thyroid',
  'DX left shoulder, 1 view': 'xr-shoulder',
  'DX left shoulder, 2 views': 'xr-shoulder',
  'DX left knee, 2 views': 'xr-knee',
  'DX right knee, 2 views': 'xr-knee',
  'DX left foot, 1 view': 'xr-foot',
};

describe('the template that is offered', () => {
  it('for each exam of the demo day is the one that is meant for it', () => {
    const day = generateDemoDay({ now: instant(Date.UTC(2026, 10, 22, 14)), seed: 1 });
    const found = new Map<string, Set<string>>();
    for (const { procedure, modality, bodyPart, patient, performedAt } of day.studies) {
      // One patient’s sex is wrong on purpose.
      if (wanted[procedure.display] === 'us-pelvis' && patient.sex !== 'F') continue;
      const id = offered({
        procedureCodes: [procedure.code],
        procedure: procedure.display,
        modalities: [modality],
        bodyPart,
        sex: patient.sex,
        age: ageAt(patient.birthDate, new Date(performedAt).toISOString().slice(0, 10)),
      });
      found.set(procedure.display, new Set([...(found.get(procedure.display) ?? []), id]));
    }
    expect(found.size).toBeGreaterThan(15);
    for (const [display, ids] of found)
      expect([display, ...ids]).toEqual([display, wanted[display] ?? 'not written here']);
  });

  const fhir = ['../../../shared/data/fhir/', '../../../../shared/data/fhir/']
    .map((path) => new URL(path, import.meta.url))
    .find((one) => existsSync(one));
  it.skipIf(fhir === undefined)('for orders as HL7 and IHE write them', () => {
    const read = (path: string): string => readFileSync(new URL(path, fhir), 'utf8');
    const order = JSON.parse(read('hl7-r4-examples/ServiceRequest-di.json')) as {
      readonly code: { readonly text: string };
    };
    expect(offered({ procedure: order.code.text })).toBe('ct-chest');
    const words = /"(RADIOLOGIC EXAMINATION[^"]*)"/.exec(
      read('ihe-fsh/example-ServiceRequest-single-view-chest-xray.fsh'),
    );
    expect(offered({ procedure: words?.[1] ?? '', modalities: ['DX'] })).toBe('xr-chest-1-view');
  });
});
