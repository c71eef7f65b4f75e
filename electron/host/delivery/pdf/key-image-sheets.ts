import type { PDFDocument, PDFPage } from 'pdf-lib';
import { examHeading, type ReportContent, type SignedKeyImage } from '../../../../shared/domain/report/index.ts';
import { dateText } from '../../../../shared/interop/text/site-time.ts';
import { colours, page, type Sheets, widest } from './sheets.ts';

/** Two beside each other, two rows on a sheet: a picture of half a page's width still shows what an arrow points at. */
const gap = 18;
const cell = { width: (widest - gap) / 2, picture: (widest - gap) / 2, height: 300 } as const;
const rowsOnSheet = 2;
/** Points below the margin at which pictures begin: under running head, mark and title. */
const top = 72;

/**
 * Sheets with the pictures of the key images, in the order in which they were marked. One without a picture has its place too, with the
 * reason in it. `pictures` by SHA-256: JPEG, base64.
 */
export async function drawKeyImages(
  document: PDFDocument,
  sheets: Sheets,
  content: Pick<ReportContent, 'exam' | 'together' | 'keyImages'>,
  pictures: Readonly<Record<string, string>>,
): Promise<readonly PDFPage[]> {
  const { keyImages = [] } = content;
  const drawn: PDFPage[] = [];
  const each = 2 * rowsOnSheet;
  for (let from = 0; from < keyImages.length; from += each) {
    const sheet = sheets.addSheet();
    drawn.push(sheet);
    const plain = { size: 8.5, weight: 400, colour: colours.grey } as const;
    await sheets.drawBlock(sheet, `${from === 0 ? 'Key images' : 'Key images, continued'}${examOf(content)}`, {
      ...{ x: 0, y: 30, width: widest, most: 1 },
      ...{ size: 12, weight: 600, colour: colours.blue },
    });
    await sheets.drawBlock(sheet, 'Pictures as the reader saw them. They do not replace the images in the archive.', {
      ...plain,
      ...{ x: 0, y: 48, width: widest, most: 1 },
    });
    for (const [place, one] of keyImages.slice(from, from + each).entries()) {
      const at = { x: (place % 2) * (cell.width + gap), y: top + Math.floor(place / 2) * cell.height };
      const jpeg = one.picture === null ? undefined : pictures[one.picture];
      if (jpeg === undefined) await drawMissing(sheet, sheets, one, at);
      else await drawPicture(document, sheet, jpeg, at);
      await sheets.drawBlock(sheet, captionOf(content, one, from + place + 1), {
        ...plain,
        ...{ x: at.x, y: at.y + cell.picture + 5, width: cell.width, most: 3 },
        colour: colours.black,
      });
    }
  }
  return drawn;
}

/** A sheet may lie beside those of another exam: its head says of which one it is. Of several exams each picture does. */
function examOf({ exam, together }: Pick<ReportContent, 'exam' | 'together'>): string {
  if (together !== undefined) return '';
  return ` · ${exam.procedure}${exam.studyDate === null ? '' : `, ${dateText(exam.studyDate)}`}`;
}

function captionOf({ together }: Pick<ReportContent, 'together'>, one: SignedKeyImage, number: number): string {
  // Without words of the page the end of the UID still tells two images apart.
  const named = one.caption === '' ? `Image …${one.instanceUid.slice(-12)}` : one.caption;
  const exam = together?.exams.find(({ studyUid }) => studyUid === one.studyUid);
  return `${number}. ${named}${exam === undefined ? '' : ` · ${examHeading(exam)}`}`;
}

async function drawPicture(
  document: PDFDocument,
  sheet: PDFPage,
  jpeg: string,
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  const image = await document.embedJpg(new Uint8Array(Buffer.from(jpeg, 'base64')));
  const scale = Math.min(cell.width / image.width, cell.picture / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  sheet.drawImage(image, {
    x: page.margin + at.x,
    // On one line with its neighbour, so that captions stand right beneath.
    y: page.height - page.margin - at.y - cell.picture,
    width,
    height,
  });
}

async function drawMissing(
  sheet: PDFPage,
  sheets: Sheets,
  one: SignedKeyImage,
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  sheet.drawRectangle({
    x: page.margin + at.x,
    y: page.height - page.margin - at.y - cell.picture,
    width: cell.width,
    height: cell.picture,
    borderColor: colours.pale,
    borderWidth: 0.8,
  });
  const words = { x: at.x + 14, width: cell.width - 28 } as const;
  const taken = await sheets.drawBlock(sheet, 'This image is not shown.', {
    ...words,
    ...{ y: at.y + cell.picture / 2 - 16, size: 10, weight: 600, colour: colours.red, most: 1 },
  });
  await sheets.drawBlock(sheet, one.why ?? 'Its picture is missing.', {
    ...words,
    ...{ y: at.y + cell.picture / 2 - 16 + taken, size: 9, weight: 400, colour: colours.black, most: 4 },
  });
}
