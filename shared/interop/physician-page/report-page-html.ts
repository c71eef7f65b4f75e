import type { ReleaseKind, ReportContent } from '../../domain/report/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { documentRows, documentSections } from '../report-document/index.ts';
import { finalisationText, notForClinicalUse, type ReleasedState, stateTitle } from '../report-sections.ts';
import { siteTimeText } from '../text/site-time.ts';
import { escapeXhtml, linesOf } from '../text/xhtml.ts';
import { pageFrame, pressForm } from './page-frame.ts';
import { criticalsHtml, type PageCritical, type PageNotice } from './read-back-html.ts';

/** The report as it is put before the person who entered the code. */
export type PhysicianReport = {
  readonly content: ReportContent;
  readonly state: ReleasedState;
  /** SHA-256, lower-case hex, of the signed content. */
  readonly digest: string;
  readonly releasedAt: Instant;
  readonly zone: string;
  readonly orderedBy: string | null;
  /** Every version that was released, oldest first, the shown one last. */
  readonly versions: readonly {
    readonly version: number;
    readonly kind: ReleaseKind;
    readonly signer: string;
    readonly signedAt: Instant;
    readonly digest: string;
  }[];
  /** The newest version when the link was made. */
  readonly linkedVersion: number;
  /** When this page was made. */
  readonly asOf: Instant;
  /** Until when it can be asked for again. */
  readonly until: Instant;
  /** Oldest first. */
  readonly criticals: readonly PageCritical[];
  /** What came of a read-back that was just sent; null where none was. */
  readonly notice: PageNotice | null;
  /** Whether there is a PDF whose bytes are those that were signed. */
  readonly hasPdf: boolean;
};

const kindWords: Readonly<Record<ReleaseKind, string>> = {
  preliminary: 'preliminary',
  final: 'final',
  addendum: 'final with addendum',
  correction: 'corrected',
  withdrawal: 'withdrawal',
};

type Banner = { readonly tone: 'alarm' | 'notice' | ''; readonly title: string; readonly lines: readonly string[] };

function bannerOf(report: PhysicianReport): Banner {
  const title = stateTitle(report.state);
  const finalisation = finalisationText(report.content, report.zone);
  switch (report.state) {
    case 'preliminary':
      return {
        tone: 'notice',
        title: 'PRELIMINARY report',
        lines: [
          'It may change. A final report follows; this link shows it once it is released.',
          ...(finalisation === null ? [] : [`Final report: ${finalisation}.`]),
        ],
      };
    case 'entered-in-error':
      return {
        tone: 'alarm',
        title,
        lines: [
          'Do not use this report, or any copy of it, for care. Its words are not shown.',
          'Call whoever gave you this link if care was given by it.',
        ],
      };
    case 'corrected':
      return { tone: 'notice', title, lines: ['It replaces what was reported before. Read it anew.'] };
    case 'appended':
      return { tone: '', title, lines: ['The addendum stands below the report.'] };
    case 'final':
      return { tone: '', title, lines: [] };
  }
}

/** Said where the link was made for an older version: the person may have been told of that one. */
function newerLine({ content, linkedVersion }: PhysicianReport): string | null {
  return content.version > linkedVersion
    ? `Version ${content.version} is shown. When this link was made, version ${linkedVersion} was the newest.`
    : null;
}

function wordsOf(report: PhysicianReport): readonly string[] {
  // Of a withdrawn report no word is shown that anybody could act on: a withdrawal's own words say that it is one, and why.
  if (report.state === 'entered-in-error' && report.content.kind !== 'withdrawal') return [];
  return documentSections(report.content).map(
    (section) =>
      `<h2>${escapeXhtml(section.title)}</h2><div class="words">${linesOf(section.text)
        .map((line) => `<p>${line === '' ? '&#160;' : escapeXhtml(line)}</p>`)
        .join('')}</div>`,
  );
}

/** A date is not broken over two lines: half of one is read as another. */
function withWholeDates(text: string): string {
  return escapeXhtml(text).replace(/\b\d{4}-\d{2}-\d{2}\b/g, '<span class="date">$&</span>');
}

/** The report read-only: its state first, then whose it is, its words, its versions and their digests. `path` is the link's. */
export function reportPageHtml(
  report: PhysicianReport,
  page: { readonly path: string; readonly press: string },
): string {
  const { content, state, digest, zone } = report;
  const banner = bannerOf(report);
  const facts = { state, digest, releasedAt: report.releasedAt, zone };
  const withdrawn = state === 'entered-in-error';
  const rows = documentRows(content, {
    ...facts,
    ...(report.orderedBy === null ? {} : { orderedBy: report.orderedBy }),
    // The versions stand below with their whole digests.
  }).filter(([name]) => name !== 'Version');
  const newer = newerLine(report);
  const last = report.versions.at(-1);
  return pageFrame(`${stateTitle(state)}`, [
    ...(content.notForClinicalUse ? [`<p class="alarm line"><b>${notForClinicalUse}</b></p>`] : []),
    ...(report.notice === null
      ? []
      : [`<p class="${report.notice.tone} line" role="status">${escapeXhtml(report.notice.words)}</p>`]),
    `<div class="state ${banner.tone}"><h1>${escapeXhtml(banner.title)}</h1>${banner.lines.map((line) => `<p>${withWholeDates(line)}</p>`).join('')}</div>`,
    ...(newer === null ? [] : [`<p><b>${escapeXhtml(newer)}</b></p>`]),
    `<dl>${rows
      .map(
        ([name, text]) =>
          `<dt>${escapeXhtml(name)}</dt><dd${name === 'Patient' ? ' class="who"' : ''}>${escapeXhtml(text)}</dd>`,
      )
      .join('')}</dl>`,
    ...criticalsHtml(report.criticals, zone, page),
    ...wordsOf(report),
    '<div class="row screen">',
    ...((withdrawn && content.kind !== 'withdrawal') || !report.hasPdf
      ? []
      : [pressForm(`${page.path}/pdf`, page.press, 'Download PDF')]),
    pressForm(`${page.path}/again`, page.press, 'Look for a newer version'),
    '</div>',
    `<p class="soft small asked">As of ${withWholeDates(siteTimeText(report.asOf, zone))}. This page does not change by itself; it can be asked for again until ${withWholeDates(siteTimeText(report.until, zone))}.</p>`,
    '<h2>Versions</h2>',
    `<ol class="versions">${report.versions
      .map((one) => {
        const replaced = one === last ? ', the one shown' : withdrawn ? ', withdrawn' : ', replaced';
        return `<li><b>Version ${one.version}</b>, ${kindWords[one.kind]}${replaced}. Signed by ${escapeXhtml(one.signer)}, ${withWholeDates(siteTimeText(one.signedAt, zone))}.<div class="digest soft">SHA-256 ${escapeXhtml(one.digest)}</div></li>`;
      })
      .join('')}</ol>`,
  ]);
}
