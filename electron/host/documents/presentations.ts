import type { ImageMeasurement } from '../../../shared/domain/measurement/index.ts';
import { parseInstanceUid, parseSeriesUid, type StudyUid } from '../../../shared/domain/study/index.ts';
import { type MarkedImage, markedImage, statesNeeded } from '../../../shared/interop/dicom-pr/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { ArchiveClient } from '../archive/types.ts';
import { sha256 } from '../digest.ts';

export type PresentationToWrite = {
  /** The same for the same images in the same state, so that every attempt names the same object. */
  readonly key: string;
  readonly images: readonly MarkedImage[];
  readonly marks: readonly ImageMeasurement[];
};

/** States of one study at most: a state holds one rescale, and PET has one for each slice. */
const mostStates = 24;

/**
 * The presentation states that marks need, by what the archive says of the marked images now. Images for which none can be written are
 * left out with a reason; their measurements are in the SR all the same.
 */
export async function presentationsOf(
  archive: Pick<ArchiveClient, 'instanceMetadata'>,
  studyUid: StudyUid,
  marks: readonly ImageMeasurement[],
  list: readonly { readonly instanceUid: string; readonly seriesUid: string; readonly frames: number }[],
): Promise<Result<{ readonly states: readonly PresentationToWrite[]; readonly left: readonly string[] }, string>> {
  const images: MarkedImage[] = [];
  const left = new Set<string>();
  for (const one of list.filter(({ instanceUid }) => marks.some(({ place }) => place.instanceUid === instanceUid))) {
    const series = parseSeriesUid(one.seriesUid);
    const instance = parseInstanceUid(one.instanceUid);
    if (!series.ok || !instance.ok) continue;
    const found = await archive.instanceMetadata(studyUid, series.value, instance.value);
    if (!found.ok) {
      if (found.error.code !== 'not-found') return err(found.error.message);
      continue;
    }
    const image = markedImage(found.value, one.frames);
    if (typeof image === 'string') left.add(image);
    else images.push(image);
  }
  const needed = statesNeeded(images);
  if (needed.length > mostStates) left.add('the images have too many grey scales for presentation states');
  const states = needed.slice(0, mostStates).map((group) => ({
    key: sha256(canonicalJson(group.map((image) => image.instanceUid).sort())),
    images: group,
    marks: marks.filter(({ place }) => group.some((image) => image.instanceUid === place.instanceUid)),
  }));
  return ok({ states, left: [...left] });
}
