import { expect, test } from 'vitest';
import { petUptake } from './pet-uptake.ts';

const of = (vr: string, ...Value: unknown[]) => ({ vr, Value });
const pet = {
  '00541001': of('CS', 'BQML'),
  '00280051': of('CS', 'DECY', 'ATTN'),
  '00541102': of('CS', 'START'),
  '00101030': of('DS', 70),
  '00080021': of('DA', '20260103'),
  '00080031': of('TM', '100000'),
  '00080022': of('DA', '20260103'),
  '00080032': of('TM', '100212.50'),
  '00540016': of('SQ', {
    '00181072': of('TM', '090000.00'),
    '00181074': of('DS', 370_000_000),
    '00181075': of('DS', 6586.2),
  }),
};

test('the factor of a PET image to SUV, from its header', () => {
  const factorOf = (data: object): number => {
    const factor = petUptake(data as never, 'PT');
    return factor?.ok === true ? factor.value : Number.NaN;
  };
  expect(factorOf(pet)).toBeCloseTo(70_000 / (370e6 * 2 ** (-3_600 / 6_586.2)), 10);
  const drug = { ...(pet['00540016'].Value[0] as object), '00181078': of('DT', '20260103093000.000000') };
  expect(factorOf({ ...pet, '00540016': of('SQ', drug) })).toBeCloseTo(70_000 / (370e6 * 2 ** (-1_800 / 6_586.2)), 10);
});
test('no other image has one, and no PET without its facts', () => {
  expect(petUptake(pet, 'CT')).toBeNull();
  expect(petUptake({}, 'PT')).toMatchObject({ ok: false, error: 'its values are in no named unit' });
  expect(petUptake({ ...pet, '00540016': of('SQ', null, 'x') }, 'PT')).toMatchObject({ ok: false });
});
test('counts of a Philips scanner go by its own factor, and only where the private block is its own', () => {
  const counts = { ...pet, '00541001': of('CS', 'CNTS'), '70531000': of('DS', 0.00042) };
  expect(petUptake({ ...counts, '70530010': of('LO', 'Philips PET Private Group') }, 'PT')).toEqual({
    ok: true,
    value: 0.00042,
  });
  expect(petUptake({ ...counts, '70530010': of('LO', 'Somebody else') }, 'PT')).toMatchObject({ ok: false });
  const elsewhere = { ...counts, '705300E1': of('LO', 'Philips PET Private Group'), '7053E100': of('DS', 0.0007) };
  expect(petUptake(elsewhere, 'PT')).toEqual({ ok: true, value: 0.0007 });
});
