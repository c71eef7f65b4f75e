import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, cleanPasted, editBetween, splitsCharacter } from './text-edit.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\n', '\u{1F9B4}', '\u{1F9B5}', '\ud83e', 'é'),
  maxLength: 30,
});

describe('the change between two texts', () => {
  it('makes one of the other, and cuts no character in two', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = editBetween(before, after);
        if (edit === null) {
          expect(before).toBe(after);
          return;
        }
        expect(applyEdit(before, edit)).toBe(after);
        expect(edit.from).toBeLessThanOrEqual(edit.to);
        expect(splitsCharacter(before, edit.from) || splitsCharacter(before, edit.to)).toBe(false);
      }),
    );
  });
  it('is no larger than what changed', () => {
    expect(editBetween('No nodule.', 'No large nodule.')).toEqual({ from: 3, to: 3, text: 'large ' });
    expect(editBetween('a\u{1F9B4}', 'a\u{1F9B5}')).toEqual({ from: 1, to: 3, text: '\u{1F9B5}' });
  });
});

describe('what is pasted', () => {
  it('is plain words with lines ended by LF', () => {
    expect(cleanPasted('Liver\r\nSpleen\rKidneys\u2028Pelvis')).toBe('Liver\nSpleen\nKidneys\nPelvis');
    expect(cleanPasted('<b>6</b>\u00a0mm\t± 1')).toBe('<b>6</b>\u00a0mm\t± 1');
  });
  it('holds nothing that is not seen or that turns words round', () => {
    expect(cleanPasted('no\u202e ton\u202c\u2066x\u2069\u200f\u0007\u0000\ufeff\u{e0041}y')).toBe('no tonxy');
    expect(cleanPasted('\ud800x\udc00')).toBe('x');
    fc.assert(
      fc.property(
        fc.array(fc.nat(0x10ffff), { maxLength: 20 }),
        fc.array(fc.nat(0x2100), { maxLength: 20 }),
        (...points) => {
          const words = String.fromCodePoint(...points.flat());
          const clean = cleanPasted(words);
          expect(cleanPasted(clean)).toBe(clean);
          expect([...clean].filter((one) => one < ' ' && one !== '\n' && one !== '\t')).toEqual([]);
          expect(clean).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        },
      ),
    );
  });
});
