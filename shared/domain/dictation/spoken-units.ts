/** Units as they are said, longest first, and as they are written (UCUM as shown in reports). */
const said: readonly (readonly [spoken: string, written: string])[] = [
  ['centimeters per second', 'cm/s'],
  ['meters per second', 'm/s'],
  ['milligrams per deciliter', 'mg/dL'],
  ['beats per minute', 'bpm'],
  ['cubic centimeters', 'cm³'],
  ['cubic centimeter', 'cm³'],
  ['square centimeters', 'cm²'],
  ['square centimeter', 'cm²'],
  ['hounsfield units', 'HU'],
  ['hounsfield unit', 'HU'],
  ['millimeters', 'mm'],
  ['millimeter', 'mm'],
  ['centimeters', 'cm'],
  ['centimeter', 'cm'],
  ['milliliters', 'mL'],
  ['milliliter', 'mL'],
  ['milligrams', 'mg'],
  ['milligram', 'mg'],
  ['micrograms', 'mcg'],
  ['kilograms', 'kg'],
  ['kilogram', 'kg'],
  ['millisieverts', 'mSv'],
  ['milligray', 'mGy'],
  ['liters', 'L'],
  ['liter', 'L'],
  ['grams', 'g'],
  ['gram', 'g'],
  ['percent', '%'],
  ['cc', 'cc'],
  ['hu', 'HU'],
  ['mm', 'mm'],
  ['cm', 'cm'],
  ['ml', 'mL'],
];
const spokenUnits = said.map(([spoken, written]) => ({ spoken: spoken.split(' '), written }));

/** Words after which a number stands in figures, though they are no units. */
const counted: ReadonlySet<string> = new Set(
  ['degree', 'day', 'week', 'month', 'year', 'hour', 'minute', 'second', 'inch'].flatMap((one) =>
    one === 'inch' ? ['inch', 'inches'] : [one, `${one}s`],
  ),
);

export type SpokenUnit = { readonly length: number; readonly written: string };

const american = (word: string | undefined): string =>
  (word ?? '').replace(/metre(s?)$/, 'meter$1').replace(/litre(s?)$/, 'liter$1');

/** The unit that begins at `at`, British or American. */
export function spokenUnit(words: readonly string[], at: number): SpokenUnit | null {
  const found = spokenUnits.find(({ spoken }) => spoken.every((word, index) => american(words[at + index]) === word));
  return found === undefined ? null : { length: found.spoken.length, written: found.written };
}

export function isCounted(word: string | undefined): boolean {
  return word !== undefined && counted.has(word);
}
