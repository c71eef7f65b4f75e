import type { PixelDescription } from './types.ts';

const maximumFramePixels = 200_000_000;

/** Why a frame of this shape is not decoded; null when it may be. Keeps hostile sizes from being allocated. */
export function wrongShape(description: PixelDescription): string | null {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = description;
  if (rows === 0 || columns === 0) return 'The image says that it has no rows or no columns.';
  if (rows * columns * samplesPerPixel > maximumFramePixels) {
    return `The image says that it has ${columns} by ${rows} pixels: more than is opened.`;
  }
  if (![1, 3, 4].includes(samplesPerPixel))
    return `The image has ${samplesPerPixel} samples a pixel, which is not defined.`;
  if (![1, 8, 16, 32].includes(bitsAllocated))
    return `The image has ${bitsAllocated} bits a sample, which cannot be shown.`;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit < bitsStored - 1) {
    return 'The image contradicts itself about how its bits are stored.';
  }
  return null;
}
