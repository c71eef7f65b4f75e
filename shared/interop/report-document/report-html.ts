import {
  afterPreliminaryText,
  examHeading,
  nameWithNumber,
  placeOfSignature,
  type ReportContent,
} from '../../domain/report/index.ts';
import type { Instant } from '../../lib/instant.ts';
import {
  finalisationText,
  notForClinicalUse,
  type ReleasedState,
  stateMark,
  stateTitle,
  titledSections,
} from '../report-sections.ts';
import { nameForPeople } from '../text/person-name.ts';
import { dateText, siteTimeText } from '../text/site-time.ts';
import { escapeXhtml, linesOf } from '../text/xhtml.ts';

/** What a printed document says beside the content. */
export type DocumentFacts = {
  readonly state: ReleasedState;
  /** SHA-256, lower-case hex, of the signed content. */
  readonly digest: string;
  readonly releasedAt: Instant;
  /** IANA zone of the site. */
  readonly zone: string;
  /** Name and number of the ordering physician; absent where the order names none. The order's word: it stands on the page, not among the signed sections. */
  readonly orderedBy?: string;
};

/** Rows of the head, for HTML and PDF alike, so that both say the same. */
export function documentRows(
  content: ReportContent,
  facts: DocumentFacts,
): readonly (readonly [title: string, text: string])[] {
  const { patient, exam, signer } = content;
  const after = afterPreliminaryText(content);
  const final = finalisationText(content, facts.zone);
  const shown = (text: string | null): string => (text === null || text === '' ? 'not given' : text);
  return [
    ['Patient', nameForPeople(patient.name)],
    ['Patient ID', patient.issuer === null ? shown(patient.id) : `${shown(patient.id)} (${patient.issuer})`],
    ['Born', patient.birthDate === null ? 'not given' : dateText(patient.birthDate)],
    ['Sex', shown(patient.sex)],
    ['Exam', [exam.procedure, exam.bodyPart, exam.laterality].filter((one) => one !== null && one !== '').join(', ')],
    ['Exam date', exam.studyDate === null ? 'not given' : dateText(exam.studyDate)],
    ['Accession', shown(content.accession)],
    ...(content.together?.exams ?? []).map(
      (one, index) => [index === 0 ? 'Report over' : '', examHeading(one)] as const,
    ),
    ['Site', shown(exam.site)],
    ...(facts.orderedBy === undefined ? [] : [['Ordered by', facts.orderedBy] as const]),
    ...(final === null ? [] : [['Final report', final] as const]),
    ...(after === null ? [] : [['Preliminary', after] as const]),
    ...(content.dictatedBy === undefined ? [] : [['Dictated by', nameWithNumber(content.dictatedBy)] as const]),
    [facts.state === 'entered-in-error' ? 'Withdrawn by' : 'Signed by', nameWithNumber(signer)],
    ...(placeOfSignature(content) === null ? [] : [['Read from', shown(placeOfSignature(content))] as const]),
    ['Signed at', siteTimeText(content.signedAt, facts.zone)],
    ['Version', `${content.version}, ${content.kind}; SHA-256 ${facts.digest.slice(0, 16)}…`],
  ];
}

/** Every accession number that the document is filed under; the study's UID where it has none. */
export function accessionsOf(content: ReportContent): string {
  const exams = content.together?.exams ?? [content];
  return exams.map((exam) => exam.accession ?? exam.studyUid).join(', ');
}

/** What stands in place of the sections' order and titles: shared with the PDF. */
export function documentSections(
  content: ReportContent,
): readonly { readonly code?: string; readonly title: string; readonly text: string }[] {
  const resolution = content.identityResolution;
  return [
    ...titledSections(content),
    ...(resolution === null
      ? []
      : [
          {
            title: 'Identity',
            text: [`Signed in spite of: ${resolution.differences.join('; ')}.`, `Reason: ${resolution.reason}`].join(
              '\n',
            ),
          },
        ]),
  ];
}

const style = [
  'body{font:15px/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}',
  'table{border-collapse:collapse;margin:1rem 0}th{text-align:left;font-weight:600;padding:.1rem 1rem .1rem 0;vertical-align:top}',
  'h1{font-size:1.3rem}h2{font-size:1rem;margin:1.2rem 0 .2rem}p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}',
  '.notice{border:2px solid #b00020;color:#b00020;font-weight:700;padding:.4rem .8rem}',
].join('');

/** The report as one self-contained page: no script, no remote address, every text escaped; its own policy forbids the rest. */
export function reportHtml(content: ReportContent, facts: DocumentFacts): string {
  const title = stateTitle(facts.state);
  const rows = documentRows(content, facts).map(
    ([name, text]) => `<tr><th scope="row">${escapeXhtml(name)}</th><td>${escapeXhtml(text)}</td></tr>`,
  );
  const sections = documentSections(content).map(
    (section) =>
      `<h2>${escapeXhtml(section.title)}</h2>${linesOf(section.text)
        .map((line) => `<p>${line === '' ? '&#160;' : escapeXhtml(line)}</p>`)
        .join('')}`,
  );
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>`,
    '<meta name="referrer" content="no-referrer"/>',
    `<title>${escapeXhtml(`${title}, ${accessionsOf(content)}`)}</title><style>${style}</style></head><body>`,
    ...(content.notForClinicalUse ? [`<div class="notice">${notForClinicalUse}</div>`] : []),
    ...(stateMark(facts.state) === null ? [] : [`<div class="notice">${stateMark(facts.state)}</div>`]),
    `<h1>${escapeXhtml(title)}</h1><table>${rows.join('')}</table>`,
    ...sections,
    '</body></html>',
  ].join('\n');
}
