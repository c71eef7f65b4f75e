import { type ExamProtocol, usualQuietMinutes } from '../study/index.ts';
import { count, type Field, fault, flag, items, members, optional, words } from './read-fields.ts';

/** How it is told at a site that all images of a study have come. */
export type ArrivalRules = {
  /** Minutes without a new image, 1 to 120. */
  readonly quietMinutes: number;
  /** What its exams consist of; empty where nobody said. */
  readonly protocols: readonly ExamProtocol[];
  /** The site takes no final while images are still arriving; STAT and code studies never wait. False where nobody said. */
  readonly finalWaits: boolean;
};

export const usualArrival: ArrivalRules = { quietMinutes: usualQuietMinutes, protocols: [], finalWaits: false };

/** Two hours: longer would keep a study away for a whole shift. */
const longestQuiet = 120;

export function readArrival(field: Field): ArrivalRules {
  const found = members(field, ['quietMinutes', 'protocols', 'finalWaits']);
  return {
    quietMinutes: optional(found.quietMinutes, usualQuietMinutes, (one) => count(one, 1, longestQuiet)),
    protocols: optional(found.protocols, [], (one) => items(one).map(readProtocol)),
    finalWaits: optional(found.finalWaits, false, flag),
  };
}

function readProtocol(field: Field): ExamProtocol {
  const found = members(field, ['name', 'codes', 'modality', 'series']);
  const codes = optional(found.codes, [], (one) => items(one).map((each) => words(each, 60)));
  const modality = optional<string | null>(found.modality, null, readModality);
  if (codes.length === 0 && modality === null) fault(field, 'must name procedure codes, or a modality.');
  const series = items(found.series).map((one) => {
    const each = members(one, ['name', 'modality', 'words', 'images']);
    return {
      name: words(each.name, 60),
      modality: optional<string | null>(each.modality, null, readModality),
      words: optional(each.words, [], (list) => items(list).map((word) => words(word, 60))),
      images: optional<number | null>(each.images, null, (number) => count(number, 1, 100_000)),
    };
  });
  if (Array.isArray(found.series.value) && (series.length === 0 || series.length > 100))
    fault(found.series, 'must name 1 to 100 series.');
  return { name: words(found.name, 60), codes, modality, series };
}

/** PS3.5 6.2, CS. */
function readModality(field: Field): string {
  const modality = words(field, 16);
  if (modality !== '' && !/^[A-Z0-9_ ]+$/.test(modality)) fault(field, 'must be a DICOM modality, like CT.');
  return modality;
}
