import { type DataSet, items, numbers, uid } from '../dicom-json.ts';

/** Images that a part of a presentation state is for: null all of its images. A missing list of frames means all frames. */
export type ImagesMeant = ReadonlyMap<string, ReadonlySet<number> | null> | null;

const mostImages = 5_000;

export function addImages(into: Map<string, ReadonlySet<number> | null>, references: readonly DataSet[]): void {
  for (const reference of references) {
    const instanceUid = uid(reference, '00081155');
    if (instanceUid === null || into.size >= mostImages) continue;
    const frames = numbers(reference, '00081160');
    into.set(instanceUid, frames.length === 0 ? null : new Set(frames));
  }
}

export function meant(item: DataSet): ImagesMeant {
  const references = items(item, '00081140');
  if (references.length === 0) return null;
  const images = new Map<string, ReadonlySet<number> | null>();
  addImages(images, references);
  return images;
}

/** Whether a part is for this very frame. */
export function isMeant(images: ImagesMeant, instanceUid: string, frame: number): boolean {
  if (images === null) return true;
  const frames = images.get(instanceUid);
  return frames === null || frames?.has(frame) === true;
}
