import {
  type CaseMarks,
  type ImageMeasurement,
  type KeyImage,
  samePlace,
} from '../../../shared/domain/measurement/index.ts';
import {
  type KeyPicture,
  longestCaption,
  mostKeyPictures,
  mostPictureBytes,
} from '../../../shared/domain/report/index.ts';
import { type CaseImages, framePicture, type PicturePlace, picturePlace } from '../../imaging/index.ts';
import { drawMark } from './draw-mark.ts';
import type { CaseStudy } from './hung.ts';

/** Pixels of the longer side of a picture: twice what a page shows at 150 dots per inch. */
const side = 800;
/** How long all pictures may take: a signature does not wait longer for an archive. */
const longest = 8_000;
const qualities = [0.88, 0.75, 0.6, 0.4];

type Parts = { readonly images: CaseImages | null; readonly studies: readonly CaseStudy[]; readonly marks: CaseMarks };

/** Pictures of the key images as the reader saw them, marks drawn over them; where there is none, why. */
export async function drawKeyImages(parts: Parts): Promise<readonly KeyPicture[]> {
  const until = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), longest));
  return Promise.all(
    parts.marks.keyImages.map(async (one, place): Promise<KeyPicture> => {
      const without = (why: string, caption = ''): KeyPicture => ({ id: one.id, caption, jpeg: null, why });
      if (place >= mostKeyPictures)
        return without(`No more than ${mostKeyPictures} key images are printed.`, captionOf(parts, one));
      try {
        const drawn = await Promise.race([drawOne(parts, one), until]);
        return drawn === 'late' ? without('It did not come in time.', captionOf(parts, one)) : drawn;
      } catch {
        return without('It could not be drawn.', captionOf(parts, one));
      }
    }),
  );
}

function found({ studies }: Parts, { place }: KeyImage) {
  for (const study of studies) {
    const series = study.images.series.find(
      (one) => one.studyUid === place.studyUid && one.seriesUid === place.seriesUid,
    );
    const reference = series?.frames.find((one) => one.instanceUid === place.instanceUid && one.frame === place.frame);
    if (series !== undefined && reference !== undefined) return { series, reference };
  }
  return null;
}

function captionOf(parts: Parts, one: KeyImage, shown = ''): string {
  const there = found(parts, one);
  if (there === null) return '';
  const { series, reference } = there;
  const image = reference.instanceNumber === null ? '' : `image ${reference.instanceNumber}`;
  return [
    [
      'Series',
      series.number === null ? '' : ` ${series.number}`,
      series.description === '' ? '' : `, ${series.description}`,
    ].join(''),
    reference.description.frames > 1 ? `${image} frame ${reference.frame}`.trim() : image,
    shown,
    one.look?.invert === true ? 'inverted' : '',
    one.look?.subtracted === true ? 'shown as acquired, without subtraction' : '',
    ...reference.marks.slice(0, 2),
  ]
    .filter((part) => part !== '')
    .join(' · ')
    .slice(0, longestCaption);
}

async function drawOne(parts: Parts, one: KeyImage): Promise<KeyPicture> {
  const { id, look } = one;
  const there = found(parts, one);
  if (there === null || parts.images === null)
    return { id, caption: '', jpeg: null, why: 'The images on the screen do not hold it.' };
  const { series, reference } = there;
  const answer = await parts.images.want(series, reference);
  if (answer.kind === 'failed')
    return { id, caption: captionOf(parts, one), jpeg: null, why: answer.failure.words.slice(0, 200) };
  const picture = framePicture({ frame: answer.frame, reference, series }, look);
  const place = picturePlace(reference, picture, look, side);
  const marks = parts.marks.measurements.filter((mark) => samePlace(mark.place, one.place));
  const shownBy = picture.shownBy;
  const shown =
    answer.frame.colour && look?.window == null
      ? ''
      : shownBy.kind === 'table'
        ? shownBy.table.explanation
        : `window C ${Math.round(shownBy.window.center)} W ${Math.round(shownBy.window.width)}`;
  const jpeg = await jpegOf(canvasOf(picture, place, marks));
  const caption = captionOf(parts, one, shown);
  return jpeg === null
    ? { id, caption, jpeg: null, why: 'Its picture is too large.' }
    : { id, caption, jpeg, why: null };
}

function canvasOf(
  picture: ReturnType<typeof framePicture>,
  place: PicturePlace,
  marks: readonly ImageMeasurement[],
): OffscreenCanvas {
  const { rgba, columns, rows } = picture;
  const native = new OffscreenCanvas(columns, rows);
  native.getContext('2d')?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  const canvas = new OffscreenCanvas(place.width, place.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.imageSmoothingQuality = 'high';
  context.setTransform(...place.transform);
  context.drawImage(native, 0, 0);
  context.resetTransform();
  for (const mark of marks) drawMark(context, mark, place.toCanvas);
  drawLetters(context, place);
  return canvas;
}

/** Sides of the body at the edges, as on the screen: a picture by itself must not leave right and left to be guessed. */
function drawLetters(context: OffscreenCanvasRenderingContext2D, { width, height, letters }: PicturePlace): void {
  context.font = '600 22px sans-serif';
  context.lineJoin = 'round';
  context.textBaseline = 'middle';
  const put = (text: string, x: number, y: number, align: CanvasTextAlign): void => {
    context.textAlign = align;
    context.strokeStyle = '#000';
    context.lineWidth = 4;
    context.strokeText(text, x, y);
    context.fillStyle = '#fff';
    context.fillText(text, x, y);
  };
  put(letters.top, width / 2, 18, 'center');
  put(letters.bottom, width / 2, height - 18, 'center');
  put(letters.left, 10, height / 2, 'left');
  put(letters.right, width - 10, height / 2, 'right');
}

/** JPEG in base64 within the size that a report takes; null where not even the coarsest is. */
async function jpegOf(canvas: OffscreenCanvas): Promise<string | null> {
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size > mostPictureBytes) continue;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }
  return null;
}
