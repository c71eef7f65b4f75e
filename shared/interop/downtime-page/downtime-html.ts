import type { DowntimeSheet } from '../../domain/upkeep/index.ts';
import { escapeXhtml } from '../text/xhtml.ts';

const style = [
  '@page{size:A4 landscape;margin:8mm}',
  'body{font:12px/1.35 system-ui,sans-serif;margin:1rem;color:#000;background:#fff}',
  'h1{font-size:18px;margin:0}h2{font-size:13px;margin:8px 0 2px}p{margin:0 0 2px}',
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:1px 8px 1px 0;border-bottom:1px solid #999}',
  '.notice{border:2px solid #000;font-weight:700;padding:2px 8px;display:inline-block}',
  '.field{border-bottom:1px solid #000;min-height:20px;padding-top:4px;break-inside:avoid}.long{min-height:88px}',
  '.form{columns:2;column-gap:24px}',
].join('');

const cell = (text: string): string => `<td>${escapeXhtml(text)}</td>`;

/** The downtime page of one site as a file: no script, no remote address, every text escaped; it opens and prints with nothing running. */
export function downtimeHtml(sheet: DowntimeSheet): string {
  const { contacts, onShift, studies, more } = sheet;
  const heads = ['Accession', 'Patient', 'ID', 'Born', 'Exam', 'Priority', 'State', 'Due'];
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>`,
    '<meta name="referrer" content="no-referrer"/>',
    `<title>${escapeXhtml(`Downtime page: ${sheet.site}`)}</title><style>${style}</style></head><body>`,
    ...(sheet.notForClinicalUse ? ['<p class="notice">NOT FOR CLINICAL USE</p>'] : []),
    `<h1>${escapeXhtml(`Downtime page: ${sheet.site}`)}</h1>`,
    `<p><b>${escapeXhtml(`As it stood at ${sheet.madeAt}.`)}</b> ${escapeXhtml(`All times are on the site's clock (${sheet.zone}). Contains patient data: destroy it when Overread is back.`)}</p>`,
    '<h2>Who to call</h2>',
    contacts.length === 0
      ? '<p>No number is kept for this site. Write it here: ______________________________</p>'
      : contacts
          .map(({ role, name, phone }) => `<p>${escapeXhtml(`${role}: ${name}`)} <b>${escapeXhtml(phone)}</b></p>`)
          .join(''),
    `<p>${escapeXhtml(onShift.length === 0 ? 'Readers on shift: not kept.' : `Readers on shift: ${onShift.join('; ')}`)}</p>`,
    `<h2>${escapeXhtml(studies.length === 0 ? 'No study was open.' : `Open studies: ${studies.length + more}`)}</h2>`,
    ...(studies.length === 0
      ? []
      : [
          `<table><thead><tr>${heads.map((one) => `<th scope="col">${one}</th>`).join('')}</tr></thead><tbody>`,
          ...studies.map(
            (one) =>
              `<tr>${[one.accession, one.patient, one.patientId, one.born, one.exam, one.priority, one.state, one.due].map(cell).join('')}</tr>`,
          ),
          '</tbody></table>',
        ]),
    ...(more === 0 ? [] : [`<p><b>${more} more are not on this page.</b></p>`]),
    '<h2>Wet read, to be entered in Overread afterwards with its true times</h2><div class="form">',
    ...sheet.form.map(({ label, long }) => `<div class="field${long ? ' long' : ''}">${escapeXhtml(label)}</div>`),
    '</div><p>Overread is not a cleared medical device.</p></body></html>',
    '',
  ].join('\n');
}
