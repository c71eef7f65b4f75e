import { bodyRegions } from '../../order/index.ts';
import { reportSections } from '../../report/index.ts';
import { fieldsInUse, figureOf, isRegion, linesWithWords } from './convert.ts';
import { listOf, tokensIn } from './lines.ts';
import { linesOf } from './moves.ts';
import type { Written, WrittenCondition, WrittenField } from './written.ts';

/**
 * What is wrong with what is written, in the writer's words. `at` names the place: `title`, a line's key, `field ID`, `matching NAME`.
 * `stop`: it cannot be saved like this; the others are told and kept.
 */
export type WrittenFault = { readonly at: string; readonly words: string; readonly stop: boolean };

/** Every fault, the first in reading order first. */
export function writtenFaults(written: Written): readonly WrittenFault[] {
  const it = written.kind === 'template' ? 'template' : 'macro';
  const faults: WrittenFault[] = [];
  const stop = (at: string, words: string): number => faults.push({ at, words, stop: true });
  const tell = (at: string, words: string): number => faults.push({ at, words, stop: false });
  if (written.title.trim() === '') stop('title', `Give the ${it} a name: it is found by it.`);
  else if (written.title.trim().length > 200) stop('title', 'The name is longer than 200 letters.');
  const lines = linesOf(written);
  if (linesWithWords(lines).length === 0)
    stop(lines[0]?.key ?? 'title', `The ${it} has no words yet: write at least one line.`);
  for (const line of lines) {
    conditionFaults(line.when, 'This line', (words) => stop(line.key, words));
    if (line.text.length > 5_000) stop(line.key, 'A line is longer than 5,000 letters.');
    if (listOf(line.also).length > 0 && line.element.trim() === '')
      stop(line.key, 'A line has other names but none that it speaks of: give that first.');
    if (line.text.trim() === '' && line.element.trim() !== '')
      tell(line.key, `The line of “${line.element.trim()}” has no words and is left out.`);
    for (const { id } of tokensIn(line.text)) {
      if (!written.fields.some((field) => field.id === id))
        tell(line.key, `“{${id}}” is no field and stays as these words. Alt 1 to Alt 6 put a field in.`);
    }
  }
  const used = fieldsInUse(written);
  for (const field of used) fieldFaults(written, field, stop, tell);
  for (const { id, name } of written.fields) {
    if (!used.some((one) => one.id === id))
      tell(`field ${id}`, `${named(name, id)} stands in no line and is left out.`);
  }
  if (written.kind === 'template') matchingFaults(written, stop, tell);
  else conditionFaults(written.when, 'The macro', (words) => stop('matching', words));
  const spoken = new Set(linesWithWords(lines).map(({ element }) => element.trim()));
  for (const name of written.complete) {
    if (!spoken.has(name)) stop('title', `Exams must speak of “${name}”, and no line with words does.`);
  }
  for (const name of written.limited) {
    if (!written.complete.includes(name))
      stop('title', `“${name}” is asked of a limited exam and not of a complete one.`);
  }
  return faults.sort((left, right) => Number(right.stop) - Number(left.stop));
}

const named = (name: string, id: string): string => (name.trim() === '' ? `The field {${id}}` : `“${name.trim()}”`);

type Add = (at: string, words: string) => number;

function fieldFaults(written: Written, field: WrittenField, stop: Add, tell: Add): void {
  const at = `field ${field.id}`;
  const of = named(field.name, field.id);
  const times = linesOf(written)
    .flatMap(({ text }) => tokensIn(text))
    .filter(({ id }) => id === field.id).length;
  if (field.name.trim() === '') stop(at, `${of} has no name: it is what the reader hears and sees.`);
  if (times > 1) stop(at, `${of} stands in ${times} places; a field has one. Put a second field in.`);
  const choices = listOf(field.choices.replaceAll(';', ','));
  if (field.kind === 'choice' && choices.length === 0) stop(at, `${of} has nothing to choose: one choice a line.`);
  if (field.kind === 'choice' && choices.length === 1) tell(at, `${of} has a single choice.`);
  const figures = field.kind === 'number' || field.kind === 'measurement';
  if (figures) {
    const [least, most] = [figureOf(field.minimum), figureOf(field.maximum)];
    if (field.minimum.trim() !== '' && least === undefined) stop(at, `${of}: “${field.minimum}” is no figure.`);
    if (field.maximum.trim() !== '' && most === undefined) stop(at, `${of}: “${field.maximum}” is no figure.`);
    if (least !== undefined && most !== undefined && least > most) stop(at, `${of}: the least is more than the most.`);
    if (field.kind === 'measurement' && field.unit.trim() === '') stop(at, `${of} is a measurement without a unit.`);
    if (field.unit.trim().length > 30) stop(at, `${of}: the unit is longer than 30 letters.`);
  }
  if (!field.required && field.words === '' && field.fill === '')
    tell(at, `${of} may stay empty: what is signed then has a gap there. Give it words, or make it required.`);
}

function conditionFaults(when: WrittenCondition, who: string, stop: (words: string) => number): void {
  ageFaults(when, who, stop);
}

function ageFaults(
  { minimumAge, maximumAge }: { readonly minimumAge: string; readonly maximumAge: string },
  who: string,
  stop: (words: string) => number,
): void {
  const [least, most] = [minimumAge, maximumAge].map((typed) => {
    const age = figureOf(typed);
    const right = typed.trim() === '' || (age !== undefined && Number.isInteger(age) && age >= 0 && age <= 150);
    if (!right) stop(`${who}: “${typed}” is no age in whole years.`);
    return age;
  });
  if (least !== undefined && most !== undefined && least > most) stop(`${who}: the least age is more than the most.`);
}

function matchingFaults({ matching }: Written, stop: Add, tell: Add): void {
  for (const word of listOf(matching.bodyParts)) {
    if (!isRegion(word))
      stop(
        'matching bodyParts',
        `“${word}” is no body part that exams are matched by. Known: ${bodyRegions.join(', ')}.`,
      );
  }
  const views = figureOf(matching.views);
  if (matching.views.trim() !== '' && (views === undefined || !Number.isInteger(views) || views < 1 || views > 10))
    stop('matching views', `“${matching.views}” is no number of views.`);
  ageFaults(matching, 'Which exams', (words) => stop('matching minimumAge', words));
  const { procedureCodes, procedureWords, reasonWords, modalities, bodyParts } = matching;
  const says = [procedureCodes, procedureWords, reasonWords, modalities, bodyParts, matching.views];
  if (says.every((one) => one.trim() === ''))
    tell(
      'matching modalities',
      'It does not say for which exams it is: it is offered for none, and found by its name.',
    );
}

/** "Findings, line 3": where a fault stands; null for what is no line. */
export function placeOfLine(written: Written, key: string): string | null {
  for (const { code, title } of reportSections) {
    const at = written.sections[code].findIndex((one) => one.key === key);
    if (at !== -1) return `${written.kind === 'macro' ? 'Line' : `${title}, line`} ${at + 1}`;
  }
  return null;
}
