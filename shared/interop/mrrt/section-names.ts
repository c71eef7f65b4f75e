import type { SectionCode } from '../../domain/report/index.ts';

/** Names of sections as published templates have them, English and German; RSNA's `data-section-name` values first. */
const names: Readonly<Record<string, SectionCode>> = {
  'clinical information': '55752-0',
  'clinical question': '55752-0',
  'clinical history': '55752-0',
  history: '55752-0',
  indication: '55752-0',
  indications: '55752-0',
  'klinische angaben': '55752-0',
  'klinische information': '55752-0',
  'klinische informationen': '55752-0',
  'klinische fragestellung': '55752-0',
  'medizinische fragestellung': '55752-0',
  befundungsfragestellung: '55752-0',
  fragestellung: '55752-0',
  procedure: '55111-9',
  'procedure information': '55111-9',
  'imaging technique': '55111-9',
  technique: '55111-9',
  method: '55111-9',
  technik: '55111-9',
  methode: '55111-9',
  untersuchungstechnik: '55111-9',
  comparison: '18834-2',
  comparisons: '18834-2',
  vergleich: '18834-2',
  voruntersuchung: '18834-2',
  voruntersuchungen: '18834-2',
  findings: '59776-5',
  report: '59776-5',
  befund: '59776-5',
  befunde: '59776-5',
  beschreibung: '59776-5',
  impression: '19005-8',
  impressions: '19005-8',
  conclusion: '19005-8',
  conclusions: '19005-8',
  summary: '19005-8',
  beurteilung: '19005-8',
  zusammenfassung: '19005-8',
};

/** Which of the report's sections is meant; null for a name that is none of them. "Technique & views" is technique. */
export function sectionNamed(name: string): SectionCode | null {
  const pieces = name.split(/&|\+|\/| und | and /).slice(0, 5);
  const found = [...new Set([name, ...pieces].flatMap((one) => oneNamed(one) ?? []))];
  return found.length === 1 ? (found[0] ?? null) : null;
}

function oneNamed(name: string): SectionCode | null {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L} ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return Object.hasOwn(names, plain) ? (names[plain] ?? null) : null;
}
