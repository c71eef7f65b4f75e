import { modalityGroup, readExamWords } from '../order/index.ts';
import type { StudyDescription } from './description.ts';
import type { Definition, HangingProtocol } from './protocol.ts';
import { hasWords, noImages } from './select.ts';

/** What of a study its rule is found by, read once. */
export type StudyTraits = {
  /** Codes as the images give them, and their groups: a radiograph is one whether its machine writes CR or DX. */
  readonly modalities: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  readonly sides: ReadonlySet<string>;
  readonly codes: ReadonlySet<string>;
  readonly words: string;
  /** "CT chest", for the reasons. */
  readonly name: string;
};

export function traitsOf(study: StudyDescription): StudyTraits {
  const shown = (study.series ?? []).filter(
    (one) => one.studyUid === study.studyUid && one.images > 0 && !noImages.has(one.modality),
  );
  const modalities = shown.length > 0 ? shown.map((one) => one.modality) : study.modalities;
  const own = modalities.map((one) => one.toUpperCase()).filter((one) => one !== 'OT' && !noImages.has(one));
  const texts = [study.bodyPart, study.description, ...study.procedure.map((one) => one.meaning)];
  let regions = new Set<string>(texts.flatMap((one) => [...readExamWords(one).regions]));
  // Only where the study itself names no place: a series "neck" in a chest CT is not what was asked for.
  if (regions.size === 0)
    regions = new Set(
      shown.flatMap((one) => [...readExamWords(one.bodyPart).regions, ...readExamWords(one.description).regions]),
    );
  const names = [...new Set(own)];
  return {
    modalities: new Set([...own, ...own.flatMap((one) => modalityGroup(one) ?? [])]),
    regions,
    sides: new Set(
      [
        ...texts.map((one) => readExamWords(one).laterality),
        ...shown.map((one) => one.laterality),
        ...shown.flatMap((one) => one.instances.map((instance) => instance.laterality)),
      ].filter((one) => one !== null),
    ),
    codes: new Set(study.procedure.map((one) => one.code)),
    words: texts.join(' · '),
    name: `${names.length === 0 ? 'images' : names.join('/')}${regions.size === 0 ? '' : ` of ${[...regions].join(', ')}`}`,
  };
}

const isIn = (wanted: string, modalities: ReadonlySet<string>): boolean =>
  modalities.has(wanted.toUpperCase()) || modalities.has(modalityGroup(wanted) ?? '');

/** "chest, abdomen"; a study that may be of half the body ("EXTREMITY") is not told part by part. */
function partsOf(found: readonly string[]): string | undefined {
  return found.length === 0 ? undefined : found.length > 3 ? 'limbs or bones' : found.join(', ');
}

/** How well a study fits one definition, and by what; null where it does not. Codes weigh more than words, words more than places. */
function fitOf(definition: Definition, traits: StudyTraits): { readonly weight: number; readonly by: string[] } | null {
  const { modality, everyModality, bodyPart, laterality, procedureCode, procedureWords } = definition;
  const by: string[] = [];
  let weight = 0;
  const mustHave = (wanted: readonly string[], found: string | undefined, points: number, word: string): boolean => {
    if (wanted.length === 0) return true;
    if (found === undefined) return false;
    weight += points;
    by.push(word === '' ? found : `${word} ${found}`);
    return true;
  };
  const fits =
    everyModality.every((one) => isIn(one, traits.modalities)) &&
    mustHave(
      modality,
      modality.find((one) => isIn(one, traits.modalities)),
      1,
      '',
    ) &&
    mustHave(bodyPart, partsOf(bodyPart.filter((one) => traits.regions.has(one))), 20, '') &&
    mustHave(
      laterality === null ? [] : [laterality],
      laterality !== null && traits.sides.has(laterality) ? laterality : undefined,
      5,
      'side',
    ) &&
    mustHave(
      procedureCode,
      procedureCode.find((one) => traits.codes.has(one)),
      100,
      'procedure',
    ) &&
    mustHave(
      procedureWords,
      procedureWords.find((one) => hasWords(traits.words, one)),
      40,
      'the word',
    ) &&
    !definition.notProcedureWords.some((one) => hasWords(traits.words, one));
  if (!fits) return null;
  if (everyModality.length > 0) by.unshift(everyModality.join(' and '));
  return { weight: weight + everyModality.length * 30, by };
}

/** The best of a rule's definitions; null where the study fits none of them. */
export function bestFit(
  protocol: HangingProtocol,
  traits: StudyTraits,
): { readonly weight: number; readonly words: string } | null {
  let best: { readonly weight: number; readonly by: string[] } | null = null;
  for (const definition of protocol.hangingProtocolDefinition) {
    const fit = fitOf(definition, traits);
    if (fit !== null && (best === null || fit.weight > best.weight)) best = fit;
  }
  return best === null ? null : { weight: best.weight, words: best.by.length === 0 ? 'any study' : best.by.join(', ') };
}

/** Whether an earlier study may stand in for the one that a rule compares with: not another place, nor the other side alone. */
export function isComparable(current: StudyTraits, prior: StudyTraits): boolean {
  const place =
    current.regions.size === 0 ||
    prior.regions.size === 0 ||
    [...current.regions].some((one) => prior.regions.has(one)) ||
    prior.regions.has('whole body') ||
    current.regions.has('whole body');
  const sided = current.sides.size === 0 || prior.sides.size === 0 || prior.sides.has('B') || current.sides.has('B');
  return place && (sided || [...current.sides].some((one) => prior.sides.has(one)));
}
