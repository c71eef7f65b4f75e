import { PDFDocument, rgb } from 'pdf-lib';
import { notForClinicalUse, type ReleasedState, stateTitle } from '../../../../shared/interop/report-sections.ts';
import { siteTimeText } from '../../../../shared/interop/text/site-time.ts';
import type { Instant } from '../../../../shared/lib/instant.ts';
import { createTypesetter, type Weight } from './fonts.ts';

/** What stands on the sheet before a faxed report: who it is for and what to do if it went astray. No patient. */
export type CoverQuestion = {
  readonly to: string;
  readonly site: string;
  /** The site's number, to be called where it reached somebody else; null where none is known. */
  readonly phone: string | null;
  readonly state: ReleasedState;
  /** A final that follows a preliminary. */
  readonly afterPreliminary: boolean;
  readonly notForClinicalUse: boolean;
  readonly releasedAt: Instant;
  readonly zone: string;
};

const page = { width: 612, height: 792, margin: 72 } as const;
const ink = rgb(0, 0, 0);
const widest = page.width - 2 * page.margin;

/** The mark that a hurried clerk must not miss; null for a final that nothing follows. */
export function coverMark({
  state,
  afterPreliminary,
}: Pick<CoverQuestion, 'state' | 'afterPreliminary'>): string | null {
  switch (state) {
    case 'preliminary':
      return 'PRELIMINARY: a final report follows';
    case 'corrected':
      return 'CORRECTED: replaces the report sent before';
    case 'appended':
      return 'ADDENDUM: replaces the report sent before';
    case 'entered-in-error':
      return 'WITHDRAWN: do not use the report sent before';
    case 'final':
      return afterPreliminary ? 'FINAL: replaces the preliminary report' : null;
  }
}

/** One sheet, black on white, large enough for a coarse fax; the same question gives the same bytes. */
export async function coverPdf(question: CoverQuestion): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const typesetter = createTypesetter(document);
  const released = new Date(question.releasedAt);
  document.setTitle('Radiology report, cover');
  document.setProducer('Overread');
  document.setCreator('Overread');
  document.setCreationDate(released);
  document.setModificationDate(released);
  const sheet = document.addPage([page.width, page.height]);
  let y = page.height - page.margin;

  const line = async (text: string, size: number, weight: Weight): Promise<void> => {
    y -= size * 1.45;
    let x = page.margin;
    for (const run of await typesetter.runs(text, weight)) {
      sheet.drawText(run.text, { x, y, size, font: run.font, color: ink });
      x += run.font.widthOfTextAtSize(run.text, size);
    }
  };
  const width = async (text: string, size: number, weight: Weight): Promise<number> =>
    (await typesetter.runs(text, weight)).reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0);
  const paragraph = async (text: string, size: number, weight: Weight = 400): Promise<void> => {
    let words = '';
    for (const word of text.split(' ')) {
      const longer = words === '' ? word : `${words} ${word}`;
      if (words !== '' && (await width(longer, size, weight)) > widest) {
        await line(words, size, weight);
        words = word;
      } else words = longer;
    }
    await line(words, size, weight);
  };

  if (question.notForClinicalUse) await line(notForClinicalUse, 14, 600);
  await line('Radiology report', 24, 600);
  y -= 12;
  const mark = coverMark(question);
  if (mark !== null) {
    await paragraph(mark, 18, 600);
    y -= 12;
  }
  await paragraph(`To: ${question.to}`, 16, 600);
  if (question.site !== '') await paragraph(`From: radiology, for ${question.site}`, 14);
  await paragraph(stateTitle(question.state), 14);
  await paragraph(siteTimeText(question.releasedAt, question.zone), 14);
  y -= 24;
  const call = question.phone === null ? 'tell the sender' : `call ${question.phone}`;
  await paragraph(
    `Confidential. The report that follows is for the person named above and nobody else. If it reached you by mistake, ${call} and destroy it; do not read or copy it.`,
    14,
  );
  return document.save({ addDefaultPage: false, useObjectStreams: false });
}
