import { describe, expect, it } from 'vitest';
import { cleanDicomJson, type DicomJson, seriesFactsFromDicom } from './index.ts';

function dataset(values: Readonly<Record<string, readonly (string | number)[]>>): DicomJson {
  const read = cleanDicomJson(
    Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'LO', Value }])),
  );
  if (!read.ok) throw new Error(read.error.words);
  return read.value;
}
const row = dataset({ '00080060': ['CT'], '0008103E': ['Axial'], '00180015': ['CHEST'], '00201209': [40] });

describe('a series as it speaks of an order', () => {
  it.each<[string, readonly DicomJson[], 'given' | 'none' | null]>([
    ['an agent is named', [dataset({ '00180010': ['Iohexol'] })], 'given'],
    ['the machine writes NONE', [dataset({ '00180010': ['NONE'] })], 'none'],
    ['nothing is said', [dataset({})], null],
    ['nothing was looked into', [], null],
    ['it was given by mouth', [dataset({ '00180010': ['Barium'], '00181040': ['ORAL'] })], null],
    ['one instance of two has it', [dataset({ '00180010': ['NO'] }), dataset({ '00180010': ['Iohexol'] })], 'given'],
  ])('contrast: %s', (_, samples, contrast) => expect(seriesFactsFromDicom(row, samples).contrast).toBe(contrast));

  it('reads contrast and side from its description where no element says them', () => {
    const described = dataset({ '00080060': ['CT'], '0008103E': ['LT knee WO contrast'] });
    expect(seriesFactsFromDicom(described, [])).toMatchObject({ contrast: 'none', sides: ['L'], instances: 0 });
  });

  it('takes every side that an instance is marked with, and unpaired for none', () => {
    const marked = [dataset({ '00200062': ['L'] }), dataset({ '00200062': ['R'] }), dataset({ '00200062': ['U'] })];
    expect(seriesFactsFromDicom(row, marked).sides).toEqual(['L', 'R']);
    expect(seriesFactsFromDicom(row, [dataset({ '00200062': ['U'] })]).sides).toEqual([]);
  });

  it('counts what the archive counts', () => {
    expect(seriesFactsFromDicom(row, [])).toMatchObject({
      modality: 'CT',
      bodyPart: 'CHEST',
      instances: 40,
      age: null,
    });
  });
});
