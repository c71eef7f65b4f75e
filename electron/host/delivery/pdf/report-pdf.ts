import { PDFDocument, type PDFPage, rgb } from 'pdf-lib';
import type { ReportContent } from '../../../../shared/domain/report/index.ts';
import {
  accessionsOf,
  type DocumentFacts,
  documentRows,
  documentSections,
} from '../../../../shared/interop/report-document/index.ts';
import { notForClinicalUse, stateMark, stateTitle } from '../../../../shared/interop/report-sections.ts';
import { nameForPeople } from '../../../../shared/interop/text/person-name.ts';
import { dateText } from '../../../../shared/interop/text/site-time.ts';
import { linesOf } from '../../../../shared/interop/text/xhtml.ts';
import { createTypesetter, type Run, type Weight } from './fonts.ts';

/** US Letter in points; margins that any printer can hold. */
const page = { width: 612, height: 792, margin: 54 } as const;
const black = rgb(0.07, 0.07, 0.07);
const grey = rgb(0.38, 0.38, 0.38);
const red = rgb(0.69, 0, 0.13);
const widest = page.width - 2 * page.margin;
/** Where the rows of the head begin their text. */
const column = 96;

type Line = {
  readonly runs: readonly Run[];
  readonly size: number;
  readonly left: number;
  readonly colour: ReturnType<typeof rgb>;
  /** Points from the line above; 0 draws on the same height (a row's title and its text). */
  readonly advance: number;
};

const widthOf = (runs: readonly Run[], size: number): number =>
  runs.reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0);

/**
 * The report as a PDF whose bytes depend on its arguments alone: dates come from the facts, and nothing random goes in. Every page
 * carries patient, birth date and accession, so that a lost sheet still says whose it is.
 */
export async function reportPdf(content: ReportContent, facts: DocumentFacts): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const typesetter = createTypesetter(document);
  const title = stateTitle(facts.state);
  const released = new Date(facts.releasedAt);
  document.setTitle(`${title}, ${accessionsOf(content)}`);
  document.setAuthor(content.signer.name);
  document.setProducer('Overread');
  document.setCreator('Overread');
  document.setCreationDate(released);
  document.setModificationDate(released);

  const wrap = async (text: string, size: number, weight: Weight, most: number): Promise<readonly Run[][]> => {
    const lines: Run[][] = [];
    for (const paragraph of linesOf(text.replace(/\t/g, '    '))) {
      let line = '';
      for (const word of paragraph.split(/(?<=\s)/)) {
        if (widthOf(await typesetter.runs((line + word).trimEnd(), weight), size) <= most) {
          line += word;
          continue;
        }
        if (line !== '') lines.push([...(await typesetter.runs(line.trimEnd(), weight))]);
        line = '';
        // A word wider than the page is cut between characters; no letter may run off the sheet.
        for (const letter of word) {
          if (line !== '' && widthOf(await typesetter.runs(line + letter, weight), size) > most) {
            lines.push([...(await typesetter.runs(line, weight))]);
            line = '';
          }
          line += letter;
        }
      }
      lines.push([...(await typesetter.runs(line.trimEnd(), weight))]);
    }
    return lines;
  };

  const lines: Line[] = [];
  const add = async (
    text: string,
    look: { size: number; weight: Weight; left?: number; colour?: Line['colour']; before?: number; sameLine?: boolean },
  ): Promise<void> => {
    const left = look.left ?? 0;
    const wrapped = await wrap(text, look.size, look.weight, widest - left);
    for (const [index, runs] of wrapped.entries()) {
      const first = index === 0;
      const advance = first && look.sameLine === true ? 0 : look.size * 1.4 + (first ? (look.before ?? 0) : 0);
      lines.push({ runs, size: look.size, left, colour: look.colour ?? black, advance });
    }
  };

  await add(title, { size: 16, weight: 600 });
  for (const [index, [name, text]] of documentRows(content, facts).entries()) {
    await add(name, { size: 9.5, weight: 600, colour: grey, before: index === 0 ? 6 : 0 });
    await add(text, { size: 9.5, weight: 400, left: column, sameLine: true });
  }
  for (const section of documentSections(content)) {
    await add(section.title, { size: 11, weight: 600, before: 9 });
    await add(section.text, { size: 10.5, weight: 400 });
  }

  const sheets: PDFPage[] = [];
  const bottom = page.margin + 16;
  let height = 0;
  for (const line of lines) {
    if (sheets.length === 0 || height - line.advance < bottom) {
      sheets.push(document.addPage([page.width, page.height]));
      height = page.height - page.margin - 28;
    }
    height -= line.advance;
    draw(sheets.at(-1), line, height);
  }

  const { patient } = content;
  const head = [
    nameForPeople(patient.name),
    patient.id ?? 'no id',
    patient.birthDate === null ? 'birth date not given' : `born ${dateText(patient.birthDate)}`,
    content.accession === null && content.together === undefined
      ? 'no accession'
      : `accession ${accessionsOf(content)}`,
  ].join('  ·  ');
  const mark = stateMark(facts.state);
  const [headRuns = []] = await wrap(head, 8.5, 600, widest);
  for (const [index, sheet] of sheets.entries()) {
    draw(sheet, { runs: headRuns, size: 8.5, left: 0, colour: black, advance: 0 }, page.height - page.margin);
    if (content.notForClinicalUse) {
      const runs = await typesetter.runs(notForClinicalUse, 600);
      draw(sheet, { runs, size: 10, left: 0, colour: red, advance: 0 }, page.height - page.margin - 16);
    }
    if (mark !== null) {
      const runs = await typesetter.runs(mark, 600);
      // At the right of the head, above and beside whatever the sheet says: a lost page is no final report.
      const left = widest - widthOf(runs, 14);
      draw(sheet, { runs, size: 14, left, colour: red, advance: 0 }, page.height - page.margin - 18);
    }
    const foot = await typesetter.runs(
      `${title} · version ${content.version} · page ${index + 1} of ${sheets.length}`,
      400,
    );
    draw(sheet, { runs: foot, size: 8, left: 0, colour: grey, advance: 0 }, page.margin - 10);
  }
  return document.save({ addDefaultPage: false, useObjectStreams: false });
}

function draw(sheet: PDFPage | undefined, line: Line, y: number): void {
  let x = page.margin + line.left;
  for (const run of line.runs) {
    sheet?.drawText(run.text, { x, y, size: line.size, font: run.font, color: line.colour });
    x += run.font.widthOfTextAtSize(run.text, line.size);
  }
}
