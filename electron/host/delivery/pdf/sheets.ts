import { type PDFDocument, type PDFPage, rgb } from 'pdf-lib';
import { linesOf } from '../../../../shared/interop/text/xhtml.ts';
import type { Run, Typesetter, Weight } from './fonts.ts';

/** US Letter in points; margins that any printer can hold. */
export const page = { width: 612, height: 792, margin: 54 } as const;
export const widest = page.width - 2 * page.margin;
export type Colour = ReturnType<typeof rgb>;
export const colours = {
  black: rgb(0.07, 0.07, 0.07),
  grey: rgb(0.38, 0.38, 0.38),
  pale: rgb(0.8, 0.82, 0.85),
  blue: rgb(0.09, 0.24, 0.42),
  red: rgb(0.69, 0, 0.13),
} as const;

/** Leading of a line, by its size. */
const leading = 1.4;
/** Height that the running head of a sheet takes below the margin, and the foot above it. */
const headRoom = 30;
const footRoom = 16;

export type Look = {
  readonly size: number;
  readonly weight: Weight;
  /** Points from the left margin. */
  readonly left?: number;
  readonly width?: number;
  readonly colour?: Colour;
  /** Points above the first line. */
  readonly before?: number;
  /** Points below it that must fit on the same sheet, so that no heading stands alone at its foot. */
  readonly keep?: number;
  /** A bar in the left margin, as beside the impression. */
  readonly bar?: boolean;
};

type Line = {
  readonly runs: readonly Run[];
  readonly size: number;
  readonly left: number;
  readonly colour: Colour;
  readonly bar: boolean;
  /** Points from the line above; 0 draws on the same height. */
  readonly advance: number;
  readonly keep: number;
  /** A hairline over the whole width instead of words. */
  readonly rule: boolean;
};

export function widthOf(runs: readonly Run[], size: number): number {
  return runs.reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0);
}

/** Words set line by line, then laid on as many sheets as they need. */
export type Sheets = {
  add(text: string, look: Look): Promise<void>;
  /** Texts side by side; the next line stands below the longest. */
  addBeside(texts: readonly { readonly text: string; readonly look: Look }[], before?: number): Promise<void>;
  rule(before: number): void;
  /** Lays everything; answers the sheets. */
  lay(): readonly PDFPage[];
  /** A sheet behind those that were laid. */
  addSheet(): PDFPage;
  /** Words set within a width, at points from the top left margin of a sheet; answers how many points they took. */
  drawBlock(
    sheet: PDFPage,
    text: string,
    at: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly size: number;
      readonly weight: Weight;
      readonly colour: Colour;
      /** Lines that are drawn at most. */
      readonly most: number;
    },
  ): Promise<number>;
  /** One line at a place of a sheet, in points from its top left margin; `right` ends it at the right margin. */
  drawAt(
    sheet: PDFPage,
    text: string,
    at: {
      readonly y: number;
      readonly size: number;
      readonly weight: Weight;
      readonly colour: Colour;
      readonly right?: true;
    },
  ): Promise<void>;
};

export function createSheets(document: PDFDocument, typesetter: Typesetter): Sheets {
  const lines: Line[] = [];

  const wrap = async (text: string, look: Look): Promise<readonly (readonly Run[])[]> => {
    const { size, weight } = look;
    const most = look.width ?? widest - (look.left ?? 0);
    const wrapped: (readonly Run[])[] = [];
    for (const paragraph of linesOf(text.replace(/\t/g, '    '))) {
      let line = '';
      for (const word of paragraph.split(/(?<=\s)/)) {
        if (widthOf(await typesetter.runs((line + word).trimEnd(), weight), size) <= most) {
          line += word;
          continue;
        }
        if (line !== '') wrapped.push(await typesetter.runs(line.trimEnd(), weight));
        line = '';
        // A word wider than the page is cut between characters; no letter may run off the sheet.
        for (const letter of word) {
          if (line !== '' && widthOf(await typesetter.runs(line + letter, weight), size) > most) {
            wrapped.push(await typesetter.runs(line, weight));
            line = '';
          }
          line += letter;
        }
      }
      wrapped.push(await typesetter.runs(line.trimEnd(), weight));
    }
    return wrapped;
  };

  const lineOf = (runs: readonly Run[], look: Look, advance: number, keep: number): Line => ({
    runs,
    size: look.size,
    left: look.left ?? 0,
    colour: look.colour ?? colours.black,
    bar: look.bar === true,
    advance,
    keep,
    rule: false,
  });

  return {
    add: async (text, look) => {
      for (const [index, runs] of (await wrap(text, look)).entries()) {
        const first = index === 0;
        lines.push(
          lineOf(runs, look, look.size * leading + (first ? (look.before ?? 0) : 0), first ? (look.keep ?? 0) : 0),
        );
      }
    },
    addBeside: async (texts, before = 0) => {
      const columns = await Promise.all(
        texts.map(async ({ text, look }) => ({ look, wrapped: await wrap(text, look) })),
      );
      const most = Math.max(...columns.map(({ wrapped }) => wrapped.length));
      const size = Math.max(...columns.map(({ look }) => look.size));
      for (let index = 0; index < most; index += 1) {
        let advance = size * leading + (index === 0 ? before : 0);
        for (const { look, wrapped } of columns) {
          const runs = wrapped[index] ?? [];
          lines.push(lineOf(runs, look, advance, 0));
          advance = 0;
        }
      }
    },
    rule: (before) => {
      lines.push({
        ...lineOf([], { size: 0, weight: 400 }, before, 0),
        rule: true,
      });
    },
    lay: () => {
      const sheets: PDFPage[] = [];
      const bottom = page.margin + footRoom;
      let height = 0;
      for (const line of lines) {
        const room = height - line.advance - line.keep;
        if (sheets.length === 0 || (line.advance > 0 && room < bottom)) {
          sheets.push(document.addPage([page.width, page.height]));
          height = page.height - page.margin - headRoom;
        }
        height -= line.advance;
        const sheet = sheets.at(-1);
        if (sheet === undefined) continue;
        if (line.rule)
          sheet.drawLine({
            start: { x: page.margin, y: height },
            end: { x: page.width - page.margin, y: height },
            thickness: 0.6,
            color: colours.pale,
          });
        if (line.bar)
          sheet.drawRectangle({
            x: page.margin - 9,
            y: height - line.size * 0.3,
            width: 2.2,
            height: line.size * leading + 3,
            color: colours.blue,
          });
        drawRuns(sheet, line.runs, { x: page.margin + line.left, y: height, size: line.size, colour: line.colour });
      }
      return sheets;
    },
    addSheet: () => document.addPage([page.width, page.height]),
    drawBlock: async (sheet, text, { x, y, width, size, weight, colour, most }) => {
      const wrapped = (await wrap(text, { size, weight, width })).slice(0, most);
      for (const [index, runs] of wrapped.entries())
        drawRuns(sheet, runs, {
          x: page.margin + x,
          y: page.height - page.margin - y - size - index * size * leading,
          size,
          colour,
        });
      return wrapped.length * size * leading;
    },
    drawAt: async (sheet, text, { y, size, weight, colour, right }) => {
      const runs = await typesetter.runs(text, weight);
      const x = right === true ? page.width - page.margin - widthOf(runs, size) : page.margin;
      drawRuns(sheet, runs, { x, y: page.height - page.margin - y, size, colour });
    },
  };
}

function drawRuns(
  sheet: PDFPage,
  runs: readonly Run[],
  at: { readonly x: number; readonly y: number; readonly size: number; readonly colour: Colour },
): void {
  let { x } = at;
  for (const run of runs) {
    sheet.drawText(run.text, { x, y: at.y, size: at.size, font: run.font, color: at.colour });
    x += run.font.widthOfTextAtSize(run.text, at.size);
  }
}
