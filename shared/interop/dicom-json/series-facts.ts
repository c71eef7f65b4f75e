import { readExamWords, type SeriesFacts } from '../../domain/order/index.ts';
import type { Laterality } from '../../domain/study/index.ts';
import { type DicomJson, number, text, texts } from './dicom-json.ts';
import { tags } from './tags.ts';

const sides: { readonly [code: string]: Laterality | undefined } = { L: 'L', R: 'R', B: 'B' };
/** What machines write into Contrast/Bolus Agent (0018,0010) where none was given. */
const noAgent = /^(NONE|NO|N|NIL|NOT GIVEN|WITHOUT|0|-+|NO CONTRAST|NON[- ]?CONTRAST)$/i;
/** Contrast/Bolus Route (0018,1040) that does not reach the vessels. */
const entericRoute = /ORAL|RECTAL|ENTERIC|PER OS|^PO$/i;

/**
 * One series as it speaks for or against an order: its row of a search (QIDO-RS, PS3.18 10.6) and the instances that were looked into.
 * A server may leave any of it out; what is not there says nothing.
 */
export function seriesFactsFromDicom(row: DicomJson, samples: readonly DicomJson[]): SeriesFacts {
  const all = [row, ...samples];
  const first = (tag: string): string | null => all.map((one) => text(one, tag)).find((one) => one !== null) ?? null;
  const description = [first(tags.SeriesDescription), first(tags.ProtocolName)]
    .filter((one, index, found) => one !== null && found.indexOf(one) === index)
    .join('; ');
  const words = readExamWords(description);
  const marked = all.flatMap((one) => [...texts(one, tags.Laterality), ...texts(one, tags.ImageLaterality)]);
  const found = new Set(marked.flatMap((one) => sides[one.toUpperCase()] ?? []));
  if (found.size === 0 && words.laterality !== null) found.add(words.laterality);
  const injected = samples.filter((one) => !entericRoute.test(text(one, tags.ContrastBolusRoute) ?? ''));
  const agents = injected.flatMap((one) => text(one, tags.ContrastBolusAgent) ?? []);
  const agent = agents.find((one) => !noAgent.test(one)) ?? null;
  const saysNone = agents.length > 0 || words.contrast === 'without';
  const counted = number(row, tags.NumberOfSeriesRelatedInstances);
  return {
    modality: first(tags.Modality) ?? '',
    description,
    bodyPart: first(tags.BodyPartExamined),
    sides: [...found],
    contrast:
      agent !== null || words.contrast === 'with' || words.contrast === 'both' ? 'given' : saysNone ? 'none' : null,
    agent,
    instances: Math.max(0, Math.trunc(counted ?? samples.length)),
    age: first(tags.PatientAge),
  };
}
