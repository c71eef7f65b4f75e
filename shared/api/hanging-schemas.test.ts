import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHangingFile, writeHangingFile } from './hanging-schemas.ts';

const rule = {
  id: 'own-1',
  hangingProtocolName: 'Mine',
  hangingProtocolDefinition: [{ modality: ['CT'] }],
  imageSets: [{ imageSetNumber: 1, label: 'Current', selectors: [] }],
  presentationGroups: [{ presentationGroupNumber: 1, description: 'One', rows: 1, columns: 1 }],
  displaySets: [{ displaySetNumber: 1, presentationGroup: 1, imageSetNumber: 1 }],
};
const file = (...rules: readonly unknown[]) =>
  JSON.stringify({ schema: 'overread-hanging-protocols-1', hangingProtocols: rules });
const faults = (text: string) => {
  const read = readHangingFile(text);
  return read.ok ? [] : read.error.faults;
};

describe('a file of hanging protocols', () => {
  it('is read with what it leaves out, and what a later version added does no harm', () => {
    const read = readHangingFile(file({ ...rule, somethingNew: { deep: [1] } }));
    expect(read).toMatchObject({
      ok: true,
      value: [{ id: 'own-1', numberOfScreens: 1, displaySets: [{ imageBox: [1, 1] }] }],
    });
    if (read.ok) expect('somethingNew' in (read.value[0] ?? {})).toBe(false);
  });

  it('comes back as it was written', () => {
    const read = readHangingFile(file(rule));
    if (!read.ok) throw new Error(read.error.faults.join());
    expect(readHangingFile(writeHangingFile(read.value))).toEqual(read);
  });

  it('names each fault with its place, in the words of the file', () => {
    expect(faults('{')).toEqual(['The file is not JSON: a comma, bracket or quotation mark may be missing.']);
    expect(faults('[]')[0]).toContain('This is no file of hanging protocols');
    expect(faults(file({ ...rule, displaySets: [{ ...rule.displaySets[0], window: { preset: 'lnug' } }] }))).toEqual([
      '“Mine”, displaySets, number 1, window: fits none of the forms that are allowed here.',
    ]);
    expect(faults(file({ ...rule, displaySets: [{ ...rule.displaySets[0], imageBox: [1, 2] }] }))).toEqual([
      '“Mine”, display set 1: box 1, 2 lies outside its 1 by 1 layout.',
    ]);
    expect(faults(file({ ...rule, displaySets: [{ ...rule.displaySets[0], imageSetNumber: 7 }] }))).toEqual([
      '“Mine”, display set 1: there is no image set 7.',
    ]);
    expect(faults(file(rule, rule))).toEqual(['Two rules have the id “own-1”.']);
    expect(faults(file({ ...rule, hangingProtocolDefinition: [{ bodyPart: ['elbwo'] }] }))[0]).toContain(
      'must be one of',
    );
  });

  it('may be hostile: it is refused or read, and no prototype is touched', () => {
    const hostile = file(rule).replace(
      '{"id"',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id"',
    );
    expect(readHangingFile(hostile).ok).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(faults('x'.repeat(500_000))[0]).toContain('longer than');
    expect(faults(file(...Array.from({ length: 300 }, (_, at) => ({ ...rule, id: `r${at}` }))))).toHaveLength(1);
    fc.assert(
      fc.property(fc.json(), fc.anything(), (text, value) => {
        readHangingFile(text);
        readHangingFile(file(value));
        readHangingFile(file({ ...rule, displaySets: value }));
      }),
    );
  });
});
