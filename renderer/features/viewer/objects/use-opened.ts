import { useEffect, useState } from 'react';
import {
  type CaseImages,
  type ImagingFailure,
  type ObjectRead,
  otherPatient,
  type SeriesImages,
  type StudyObject,
} from '../../../imaging/index.ts';
import type { CaseStudy } from '../hung.ts';

export type OpenedObject =
  | { readonly state: 'opening' }
  | { readonly state: 'refused'; readonly words: string }
  | { readonly state: 'open'; readonly read: ObjectRead };

/** Brings one object of a study and holds it to be this patient's before any of it is shown. */
export async function openChecked(
  images: CaseImages,
  study: CaseStudy,
  series: SeriesImages,
  object: StudyObject,
  what: ObjectRead['what'],
  signal: AbortSignal,
): Promise<{ readonly read: ObjectRead } | { readonly words: string; readonly code: ImagingFailure['code'] }> {
  // Both the description and the file itself may be another's.
  const described = otherPatient(object.about, study.images);
  if (described !== null) return { words: described, code: 'not-displayable' };
  const segmentation = object.kind === 'segmentation' ? object.segmentation : null;
  const answer = await images.open(
    series,
    {
      what,
      instanceUid: object.about.instanceUid,
      frames: segmentation?.frames.length ?? 0,
      rows: segmentation?.rows ?? 0,
      columns: segmentation?.columns ?? 0,
      bits: segmentation?.bits ?? 0,
    },
    signal,
  );
  if (!answer.ok) return answer.error;
  const filed = otherPatient(answer.value, study.images);
  return filed === null ? { read: answer.value } : { words: filed, code: 'not-displayable' };
}

export function useOpened(
  images: CaseImages,
  study: CaseStudy,
  series: SeriesImages,
  object: StudyObject,
  what: ObjectRead['what'],
): OpenedObject {
  const [opened, setOpened] = useState<OpenedObject>({ state: 'opening' });
  useEffect(() => {
    const controller = new AbortController();
    setOpened({ state: 'opening' });
    void openChecked(images, study, series, object, what, controller.signal).then((answer) => {
      if (controller.signal.aborted) return;
      if ('read' in answer) setOpened({ state: 'open', read: answer.read });
      else if (answer.code !== 'cancelled') setOpened({ state: 'refused', words: answer.words });
    });
    return () => controller.abort();
  }, [images, study, series, object, what]);
  return opened;
}
