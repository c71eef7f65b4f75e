import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckedPrior, CheckFacts, OtherPatient } from '../../../shared/domain/checks/index.ts';
import type { PatientIdentity } from '../../../shared/domain/study/index.ts';
import { sharedData } from '../../servers/shared-data.ts';
import type { Chance } from './chance.ts';

/** A report of the test data, in its own words. */
export type RealReport = {
  readonly uid: string;
  readonly technique: string;
  readonly indication: string;
  readonly comparison: string;
  readonly findings: string;
  readonly impression: string;
};

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (quoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ',') {
      row.push(cell);
      cell = '';
    } else if (!quoted && letter === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      row = [];
      cell = '';
    } else cell += letter;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** Every report of the set that has an impression: without one none is whole, and the rule that stops it would be right. */
export async function readReports(): Promise<{ readonly reports: readonly RealReport[]; readonly without: number }> {
  const text = await readFile(join(sharedData, 'reports/indiana_reports_shared.csv'), 'utf8');
  const [head = [], ...rows] = cellsOf(text);
  const column = (row: readonly string[], name: string): string => row[head.indexOf(name)] ?? '';
  const all = rows.map((row) => ({
    uid: column(row, 'uid'),
    technique: column(row, 'image').trim(),
    indication: column(row, 'indication').trim(),
    comparison: column(row, 'comparison').trim(),
    findings: column(row, 'findings').trim(),
    impression: column(row, 'impression').trim(),
  }));
  const reports = all.filter(({ impression }) => impression !== '');
  return { reports, without: all.length - reports.length };
}

const families =
  "QUILLFEATHER|BRAMBLE|OKONKWO|LINDQVIST|YOUNG|WHITE|STONE|LONG|SMALL|HART|BROWN|KING|MARSH|NGUYEN|VALE|RIB|PRIOR|MARQUEZ|TANAKA|DELACROIX|SMITH-JONES|O'BRIEN|CHEST|LEFT".split(
    '|',
  );
const givens =
  'OTTOLINE|AMBROSE|ROSE|GRACE|MARK|FAITH|CLEMENT|HEIDI|JOY|OLIVER|PRISCILLA|WILL|DAWN|THEODORA|MAX|IRIS'.split('|');

const digits = (number: number, count: number): string => String(Math.floor(number)).padStart(count, '0');

export function inventedPatient(chance: Chance, sex: PatientIdentity['sex']): PatientIdentity {
  return {
    id: `P${digits(chance.next() * 1_000_000, 6)}`,
    issuer: 'BENCH',
    name: `${chance.pick(families)}^${chance.pick(givens)}`,
    birthDate: `${1935 + Math.floor(chance.next() * 70)}${digits(1 + chance.next() * 12, 2)}${digits(1 + chance.next() * 28, 2)}`,
    sex,
  };
}

const accessionOf = (chance: Chance): string => `LKG-${digits(chance.next() * 10_000_000, 7)}`;

/** What the report itself says of the sex; chance where it says nothing. The list is the bench's own, not the rule's. */
function sexIn(report: RealReport, chance: Chance): 'M' | 'F' {
  const text = `${report.indication} ${report.comparison} ${report.findings} ${report.impression}`.toLowerCase();
  const relatives = /\b(mother|father|wife|husband|sister|brother|family)\b/.test(text);
  if (
    !relatives &&
    /\b(female|woman|lady|girl|pregnan\w*|uter\w+|ovar\w+|hysterectomy|endometri\w+|cervical cancer|intrauterine|vaginal|post ?partum)\b/.test(
      text,
    )
  )
    return 'F';
  if (!relatives && /\b(male|man|gentleman|boy|prostat\w*|testic\w+|testes|testis|scrot\w+)\b/.test(text)) return 'M';
  return chance.next() < 0.5 ? 'M' : 'F';
}

export type Case = { readonly report: RealReport; readonly facts: CheckFacts };

const studyDate = '20261122';

/** The report as a reader would have it before her: an order, images of the chest, a patient, and patients read before. */
export function caseOf(report: RealReport, chance: Chance): Case {
  const patient = inventedPatient(chance, sexIn(report, chance));
  const others = Array.from({ length: 12 }, (): OtherPatient => {
    const { name, birthDate } = inventedPatient(chance, null);
    return { name, birthDate, accession: accessionOf(chance) };
  }).filter(({ name, birthDate }) => name !== patient.name && birthDate !== patient.birthDate);
  const none = report.comparison === '' || /\b(none|no|not|without)\b/i.test(report.comparison);
  const prior: CheckedPrior = { studyUid: '1.2.826.0.1.3680043.10.1.1', studyDate: '20250304' };
  const section = (code: CheckFacts['sections'][number]['code'], text: string) => ({
    code,
    exam: null,
    text,
    untouched: null,
  });
  return {
    report,
    facts: {
      kind: 'final',
      sections: [
        section('55752-0', report.indication),
        section('55111-9', report.technique),
        section('18834-2', report.comparison),
        section('59776-5', report.findings),
        section('19005-8', report.impression),
      ],
      exams: [
        {
          studyUid: '1.2.826.0.1.3680043.10.1',
          names: ['XR chest 2 views', 'CHEST'],
          orderSide: null,
          imagesSide: null,
          studyDate,
        },
      ],
      patient,
      imagesSex: patient.sex,
      accession: accessionOf(chance),
      others,
      priors: none ? { found: [], opened: [] } : { found: [prior], opened: [prior.studyUid] },
      measurements: [],
      openFields: [],
      seriesNotShown: [],
      seriesNotFull: [],
      identity: null,
      claim: null,
      criticalBegun: false,
    },
  };
}
