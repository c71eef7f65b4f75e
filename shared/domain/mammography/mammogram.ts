import type { View } from '../hanging/index.ts';
import type { Laterality } from '../study/index.ts';

/** What one image says of itself, as far as mammography asks. Nothing of it is believed to be well written. */
export type BreastImageFacts = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
  readonly modality: string;
  readonly bodyPart: string;
  /** Lossy Image Compression (0028,2110) is 01, or its transfer syntax is never lossless. */
  readonly lossy: boolean;
  /** Conversion Type (0008,0064): DF is digitised film (PS3.3 C.8.6.1). Empty where unsaid. */
  readonly conversionType: string;
  /** Presentation Intent Type (0008,0068). */
  readonly intent: 'presentation' | 'processing' | null;
  readonly laterality: Laterality | null;
  readonly view: View | null;
  /** Magnified, spot compression, rolled and the like (CID 4015). */
  readonly viewModifiers: number;
  /** Series Description (0008,103E), for what has no view. */
  readonly description: string;
  readonly number: number | null;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
};

/** Why nobody may interpret a mammogram on this image. */
export type UnfitReason = 'lossy' | 'digitised-film' | 'secondary-capture' | 'for-processing';

/** Digital Mammography X-Ray, Breast Tomosynthesis, Breast Projection X-Ray (PS3.4 B.5). */
const mammogramClasses = new Set([
  '1.2.840.10008.5.1.4.1.1.1.2',
  '1.2.840.10008.5.1.4.1.1.1.2.1',
  '1.2.840.10008.5.1.4.1.1.13.1.3',
  '1.2.840.10008.5.1.4.1.1.13.1.4',
  '1.2.840.10008.5.1.4.1.1.13.1.5',
]);
/** Secondary Capture and its multi-frame family (PS3.4 B.5). */
const captureClass = '1.2.840.10008.5.1.4.1.1.7';

export const unfitWords: { readonly [Reason in UnfitReason]: string } = {
  lossy: 'lossy compressed',
  'digitised-film': 'digitised film',
  'secondary-capture': 'secondary capture',
  'for-processing': 'for processing, not for presentation',
};

/** The mark on an image: who reads it must not take it for what may be interpreted. */
export function notForInterpretation(reason: UnfitReason): string {
  return `NOT FOR INTERPRETATION: ${unfitWords[reason]}`;
}

type WhatItIs = Pick<BreastImageFacts, 'sopClassUid' | 'modality' | 'conversionType' | 'bodyPart'>;

const isFilm = (one: WhatItIs): boolean => one.conversionType.toUpperCase() === 'DF';
const isCapture = (one: BreastImageFacts): boolean =>
  one.sopClassUid === captureClass || one.sopClassUid.startsWith(`${captureClass}.`);

/** Of the breast by X-rays: by its class, its modality, or as film of a breast that somebody scanned. */
export function isMammogram(one: WhatItIs): boolean {
  return (
    mammogramClasses.has(one.sopClassUid) ||
    one.modality.toUpperCase() === 'MG' ||
    (isFilm(one) && /breast/i.test(one.bodyPart))
  );
}

/** Null for an image that may be interpreted, and for whatever is no mammogram. */
export function unfitReason(one: BreastImageFacts): UnfitReason | null {
  if (!isMammogram(one)) return null;
  if (isFilm(one)) return 'digitised-film';
  // A picture of a screen is not the mammogram, however it was stored.
  if (isCapture(one)) return 'secondary-capture';
  if (one.lossy) return 'lossy';
  return one.intent === 'processing' ? 'for-processing' : null;
}

/** "R CC", "L MLO, modified"; what has no view by its series' words or its number. */
export function viewName(one: BreastImageFacts): string {
  const view = [one.laterality ?? '', one.view ?? ''].filter((part) => part !== '').join(' ');
  if (one.view === null) return one.description !== '' ? one.description : `image ${one.number ?? '?'}`;
  return one.viewModifiers > 0 ? `${view}, modified` : view;
}

const sameView = (one: BreastImageFacts, other: BreastImageFacts): boolean =>
  one.view === other.view && one.laterality === other.laterality;

/** An image of the study that stands against signing, and why. */
export type Unfit = { readonly image: BreastImageFacts; readonly reason: UnfitReason };

/**
 * What stops a mammogram from being signed: an image of the study itself that is lossy or digitised film, and a view that is there for
 * processing alone. Raw images beside their presentation, and captures of a screen, are marked and stop nothing. Only the images of
 * the study that is signed are asked; a prior may be either.
 */
export function stopsSigning(images: readonly BreastImageFacts[]): readonly Unfit[] {
  return images.flatMap((image): Unfit[] => {
    const reason = unfitReason(image);
    if (reason === null || reason === 'secondary-capture') return [];
    if (reason !== 'for-processing') return [{ image, reason }];
    const presented = images.some(
      (other) => unfitReason(other) === null && isMammogram(other) && sameView(image, other),
    );
    return presented ? [] : [{ image, reason }];
  });
}

/** "Not for interpretation: R CC and L CC are lossy compressed; film 1998 is digitised film." Null where nothing stops it. */
export function stopWords(unfit: readonly Unfit[]): string | null {
  if (unfit.length === 0) return null;
  const reasons = [...new Set(unfit.map((one) => one.reason))];
  const parts = reasons.map((reason) => {
    const names = [...new Set(unfit.filter((one) => one.reason === reason).map((one) => viewName(one.image)))];
    return `${namesInWords(names)} ${names.length === 1 ? 'is' : 'are'} ${unfitWords[reason]}`;
  });
  return `Not for interpretation: ${parts.join('; ')}.`;
}

function namesInWords(names: readonly string[]): string {
  const few = names.slice(0, 6);
  const more = names.length - few.length;
  const all = more === 0 ? few : [...few, `${more} more`];
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** Mammograms of a study that must be shown before it is signed: those that may be interpreted, in the order given. */
export function viewsToShow(images: readonly BreastImageFacts[]): readonly BreastImageFacts[] {
  return images.filter((one) => isMammogram(one) && unfitReason(one) === null);
}
