import { useEffect, useRef } from 'react';
import type { MarksHolder } from '../../case/index.ts';
import type { CaseImages } from '../../imaging/index.ts';
import { drawKeyImages } from './draw-key-images.ts';
import type { CaseStudy } from './hung.ts';

/** Lets the report have pictures of the key images of this opening, as long as its images are here. */
export function useKeyPictures(
  epoch: number,
  holder: MarksHolder | null,
  images: CaseImages | null,
  studies: readonly CaseStudy[],
): void {
  const latest = useRef({ images, studies });
  latest.current = { images, studies };
  useEffect(() => holder?.drawBy(epoch, (marks) => drawKeyImages({ ...latest.current, marks })), [holder, epoch]);
}
