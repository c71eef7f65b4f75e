import { PDFDocument } from 'pdf-lib';
import {
  afterPreliminaryText,
  examHeading,
  nameWithNumber,
  placeOfSignature,
  type ReportContent,
} from '../../../../shared/domain/report/index.ts';
import {
  accessionsOf,
  type DocumentFacts,
  documentSections,
} from '../../../../shared/interop/report-document/index.ts';
import {
  finalisationText,
  notForClinicalUse,
  stateMark,
  stateTitle,
} from '../../../../shared/interop/report-sections.ts';
import { nameForPeople } from '../../../../shared/interop/text/person-name.ts';
import { dateText, siteTimeText } from '../../../../shared/interop/text/site-time.ts';
import { createTypesetter } from './fonts.ts';
import { drawKeyImages } from './key-image-sheets.ts';
import { colours, createSheets, page, type Sheets, widest } from './sheets.ts';

/** Where the texts of the head begin, in its left and its right half. */
const columns = [
  { title: 0, text: 62, width: 176 },
  { title: 262, text: 326, width: widest - 326 },
] as const;

const shown = (text: string | null): string => (text === null || text === '' ? 'not given' : text);

/**
 * The report as a PDF whose bytes depend on its arguments alone: dates come from the facts, and nothing random goes in. Every page
 * carries patient, birth date and accession, so that a lost sheet still says whose it is.
 */
export async function reportPdf(
  content: ReportContent,
  facts: DocumentFacts,
  keyImages: {
    /** By SHA-256: JPEG, base64. */
    readonly pictures: Readonly<Record<string, string>>;
    /** Key images of the version before. */
    readonly before: number;
  } = { pictures: {}, before: 0 },
): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const title = stateTitle(facts.state);
  const released = new Date(facts.releasedAt);
  document.setTitle(`${title}, ${accessionsOf(content)}`);
  document.setAuthor(content.signer.name);
  document.setProducer('Overread');
  document.setCreator('Overread');
  document.setCreationDate(released);
  document.setModificationDate(released);
  const sheets = createSheets(document, createTypesetter(document));

  await letterhead(sheets, content, facts, title);
  await identity(sheets, content, facts);
  for (const section of documentSections(content)) {
    const words = section.code === '19005-8' || section.code === '55107-7';
    await sheets.add(section.title.toUpperCase(), {
      size: 8.5,
      weight: 600,
      colour: colours.blue,
      before: 10,
      keep: 32,
      bar: words,
    });
    await sheets.add(section.text, { size: words ? 11 : 10.5, weight: 400, bar: words });
  }
  const words = keyImageWords(content, keyImages.before);
  if (words !== null) {
    const heading = { size: 8.5, weight: 600, colour: colours.blue, before: 10, keep: 32 } as const;
    await sheets.add('KEY IMAGES', heading);
    await sheets.add(words, { size: 10.5, weight: 400 });
  }
  await signature(sheets, content, facts, title);

  const { patient } = content;
  const head = [
    nameForPeople(patient.name),
    patient.id ?? 'no id',
    patient.birthDate === null ? 'birth date not given' : `born ${dateText(patient.birthDate)}`,
    content.accession === null && content.together === undefined
      ? 'no accession'
      : `accession ${accessionsOf(content)}`,
  ].join('  ·  ');
  const lines = sheets.lay();
  const pictures = await drawKeyImages(document, sheets, content, keyImages.pictures);
  const laid = [...lines, ...pictures];
  const mark = stateMark(facts.state);
  for (const [index, sheet] of laid.entries()) {
    await sheets.drawAt(sheet, head, { y: 0, size: 8.5, weight: 600, colour: colours.black });
    if (content.notForClinicalUse)
      await sheets.drawAt(sheet, notForClinicalUse, { y: 14, size: 9.5, weight: 600, colour: colours.red });
    // At the right of the head, above and beside whatever the sheet says: a lost page is no final report.
    if (mark !== null)
      await sheets.drawAt(sheet, mark, { y: 14, size: 14, weight: 600, colour: colours.red, right: true });
    const foot = { y: page.height - 2 * page.margin + 10, size: 8, weight: 400, colour: colours.grey } as const;
    await sheets.drawAt(sheet, `${title} · version ${content.version}`, foot);
    await sheets.drawAt(sheet, `page ${index + 1} of ${laid.length}`, { ...foot, right: true });
  }
  return document.save({ addDefaultPage: false, useObjectStreams: false });
}

/** What is said of key images among the words, so that a sheet that is lost is missed; null where there is nothing to say. */
function keyImageWords(content: ReportContent, before: number): string | null {
  const images = (count: number): string => (count === 1 ? '1 key image' : `${count} key images`);
  const all = content.keyImages ?? [];
  const missing = all.filter((one) => one.picture === null).length;
  const later = content.kind === 'addendum' || content.kind === 'correction';
  const lines = [
    ...(all.length === 0 ? [] : [`${images(all.length)} on the sheets at the end.`]),
    ...(missing === 0 ? [] : [`Of ${missing} there is no picture; the reason stands in its place.`]),
    ...(later && before > 0
      ? [
          `Version ${content.version - 1} shows ${images(before)}, which ${before === 1 ? 'is' : 'are'} not repeated here.`,
        ]
      : []),
  ];
  return lines.length === 0 ? null : lines.join(' ');
}

/** Whose exam it is, at which site, and what kind of report. */
async function letterhead(sheets: Sheets, content: ReportContent, facts: DocumentFacts, title: string): Promise<void> {
  await sheets.add(shown(content.exam.site), { size: 17, weight: 600, colour: colours.blue });
  await sheets.add('Radiology report', { size: 9.5, weight: 400, colour: colours.grey });
  sheets.rule(7);
  await sheets.add(title, { size: 14, weight: 600, before: 6 });
  const final = finalisationText(content, facts.zone);
  const after = afterPreliminaryText(content);
  for (const line of [final === null ? '' : `Final report ${final}`, after === null ? '' : `This report ${after}`])
    if (line !== '') await sheets.add(line, { size: 9.5, weight: 600, colour: colours.red });
}

async function identity(sheets: Sheets, content: ReportContent, facts: DocumentFacts): Promise<void> {
  const { patient, exam } = content;
  const together = (content.together?.exams ?? []).map(examHeading).join('\n');
  const left = [
    ['Patient', nameForPeople(patient.name)],
    ['Born', patient.birthDate === null ? 'not given' : dateText(patient.birthDate)],
    ['Sex', shown(patient.sex)],
    ['Patient ID', patient.issuer === null ? shown(patient.id) : `${shown(patient.id)} (${patient.issuer})`],
  ];
  const right = [
    ['Exam', [exam.procedure, exam.bodyPart, exam.laterality].filter((one) => one !== null && one !== '').join(', ')],
    ['Exam date', exam.studyDate === null ? 'not given' : dateText(exam.studyDate)],
    ['Accession', shown(content.accession)],
    ...(facts.orderedBy === undefined ? [] : [['Ordered by', facts.orderedBy]]),
    ...(together === '' ? [] : [['Report over', together]]),
  ];
  for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
    const cells = [left[row], right[row]].flatMap((cell, place) => {
      const column = columns[place] ?? columns[0];
      const [name = '', text = ''] = cell ?? [];
      return [
        { text: name, look: { size: 8.5, weight: 400, left: column.title, colour: colours.grey } as const },
        { text, look: { size: 9.5, weight: 600, left: column.text, width: column.width } as const },
      ];
    });
    await sheets.addBeside(cells, row === 0 ? 3 : 1);
  }
  sheets.rule(8);
}

/** Who signed what and when, what it takes the place of, and the hash of what was signed. */
async function signature(sheets: Sheets, content: ReportContent, facts: DocumentFacts, title: string): Promise<void> {
  const { signer, dictatedBy } = content;
  const from = placeOfSignature(content);
  sheets.rule(14);
  const what = facts.state === 'entered-in-error' ? 'Withdrawn' : 'Electronically signed';
  if (dictatedBy !== undefined)
    await sheets.add(`Dictated by ${nameWithNumber(dictatedBy)}`, { size: 10.5, weight: 600, before: 3, keep: 80 });
  await sheets.add(`${what} by ${nameWithNumber(signer)}`, { size: 10.5, weight: 600, before: 3, keep: 64 });
  await sheets.add(`${siteTimeText(content.signedAt, facts.zone)}${from === null ? '' : ` · read from ${from}`}`, {
    size: 9.5,
    weight: 400,
  });
  const before =
    content.parentDigest === null
      ? ''
      : ` In place of version ${content.version - 1}, SHA-256 ${content.parentDigest.slice(0, 16)}…, which is superseded.`;
  await sheets.add(`${title}, version ${content.version}.${before}`, {
    size: 9.5,
    weight: content.parentDigest === null ? 400 : 600,
    before: 2,
  });
  await sheets.add(`SHA-256 of what was signed: ${facts.digest}`, {
    size: 8,
    weight: 400,
    colour: colours.grey,
    before: 2,
  });
  await sheets.add('The signature is kept in the record and verified there; a printed copy cannot be.', {
    size: 8,
    weight: 400,
    colour: colours.grey,
  });
}
