import type { CallInput } from '../../../shared/api/index.ts';
import type { KeyImage } from '../../../shared/domain/measurement/index.ts';
import {
  longestCaption,
  mostKeyPictures,
  mostPictureBytes,
  mostPictureSide,
  type SignedKeyImage,
} from '../../../shared/domain/report/index.ts';
import { sha256 } from '../digest.ts';

/** Key images as they are signed, and their pictures by SHA-256: JPEG, base64. */
export type KeyPictures = {
  readonly signed: readonly SignedKeyImage[];
  readonly pictures: Readonly<Record<string, string>>;
};

/**
 * Every key image that was marked, each with its picture or with why there is none: none is left out in silence. A picture is taken only
 * for an image that one of the exams holds, so that no other study's picture stands in this report.
 */
export function keyPicturesToSign(
  marked: readonly KeyImage[],
  sent: CallInput<'sign'>['keyPictures'],
  held: ReadonlySet<string>,
): KeyPictures {
  const pictures: Record<string, string> = {};
  const drawn = new Map((sent ?? []).map((one) => [one.id, one]));
  let printed = 0;
  const signed = marked.map(({ id, place }): SignedKeyImage => {
    const { studyUid, seriesUid, instanceUid, frame } = place;
    const picture = drawn.get(id);
    const without = (why: string): SignedKeyImage => ({
      ...{ studyUid, seriesUid, instanceUid, frame },
      caption: captionOf(picture?.caption ?? ''),
      picture: null,
      why,
    });
    if (!held.has(instanceUid)) return without('It is an image of another study.');
    if (picture === undefined) return without('No picture of it came with the signature.');
    if (picture.jpeg === null) return without(captionOf(picture.why ?? '') || 'It could not be drawn.');
    if (printed >= mostKeyPictures) return without(`No more than ${mostKeyPictures} key images are printed.`);
    const bytes = Buffer.from(picture.jpeg, 'base64');
    const size = bytes.length > mostPictureBytes ? null : jpegSize(bytes);
    if (size === null || Math.max(size.width, size.height) > mostPictureSide)
      return without('The picture that came with the signature could not be used.');
    printed += 1;
    const hash = sha256(bytes);
    pictures[hash] = picture.jpeg;
    return { ...without(''), picture: hash, why: null };
  });
  return { signed, pictures };
}

/** One line of plain words. */
function captionOf(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longestCaption);
}

/** Width and height of a baseline or progressive JPEG of one or three components (ITU-T T.81 B.2.2); null for anything else. */
export function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker >= 0xc0 && marker <= 0xc2) {
      const [height, width, components] = [view.getUint16(at + 5), view.getUint16(at + 7), bytes[at + 9]];
      return width > 0 && height > 0 && (components === 1 || components === 3) ? { width, height } : null;
    }
    // A scan before any frame header, or a marker without a length.
    if (marker === 0xda || marker === 0xd9 || length < 2) return null;
    at += 2 + length;
  }
  return null;
}
