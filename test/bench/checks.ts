import {
  type CheckFacts,
  type CheckFinding,
  type CheckId,
  checkReport,
  checkRules,
} from '../../shared/domain/checks/index.ts';
import { chanceOf } from './checks/chance.ts';
import { type FaultKind, faultKinds, type Planted, plantFaults } from './checks/faults.ts';
import { type Case, caseOf, readReports } from './checks/reports.ts';

/**
 * `npm run bench:checks`: what the checks before signing say of real reports as they are, and of reports with one fault each, planted
 * mechanically. `SEED` (7) decides names, birth dates and faults; `FAULTS` (40) how many of each kind go into each half. The first half of
 * the reports was read while the rules were written, the second was not. `SHOW=work` prints what was asked and what was missed in the first.
 */
const seed = Number(process.env.SEED ?? '7');
const most = Number(process.env.FAULTS ?? '40');
const show = process.env.SHOW === 'work';

type Half = { readonly name: 'work' | 'kept'; readonly cases: readonly Case[] };
type Figures = {
  readonly reports: number;
  readonly stops: number;
  readonly asks: number;
  readonly byRule: ReadonlyMap<CheckId, number>;
  readonly recall: ReadonlyMap<FaultKind, { readonly found: number; readonly of: number }>;
};

function quote(facts: CheckFacts, finding: CheckFinding): string {
  const { at } = finding;
  const text = facts.sections.find((one) => one.code === at?.section && one.exam === at.exam)?.text ?? '';
  return at === null ? '' : text.slice(Math.max(0, at.from - 90), at.to + 90).replace(/\s+/g, ' ');
}

/** Found is what a right rule says that it did not say of the same report without the fault. */
function isFound({ facts, rules }: Planted, clean: readonly CheckFinding[]): boolean {
  const count = (findings: readonly CheckFinding[]): number =>
    findings.filter(({ rule }) => rules.includes(rule)).length;
  return count(checkReport(facts)) > count(clean);
}

function judge({ name, cases }: Half): Figures {
  const byRule = new Map<CheckId, number>();
  const before = new Map<string, readonly CheckFinding[]>();
  let stops = 0;
  let asks = 0;
  for (const { facts, report } of cases) {
    const findings = checkReport(facts);
    before.set(facts.accession ?? '', findings);
    for (const rule of new Set(findings.map((one) => one.rule))) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    if (findings.some(({ severity }) => severity === 'stop')) stops += 1;
    const asked = findings.filter(({ severity }) => severity === 'ask');
    if (asked.length > 0) asks += 1;
    if (show && name === 'work')
      for (const one of process.env.RULE === undefined
        ? asked
        : findings.filter(({ rule }) => rule === process.env.RULE))
        console.log(`  ${report.uid} ${one.rule}: ${one.words}\n      ${quote(facts, one)}`);
  }
  const recall = new Map<FaultKind, { found: number; of: number }>();
  for (const kind of faultKinds) {
    const planted = plantFaults(kind, cases, most, chanceOf(seed + faultKinds.indexOf(kind)));
    const missed = planted.filter((one) => !isFound(one, before.get(one.facts.accession ?? '') ?? []));
    recall.set(kind, { found: planted.length - missed.length, of: planted.length });
    if (show && name === 'work')
      for (const one of missed)
        console.log(
          `  missed ${kind}: ${one.how}\n      F ${one.facts.sections[3]?.text}\n      I ${one.facts.sections[4]?.text}`,
        );
  }
  return { reports: cases.length, stops, asks, byRule, recall };
}

const share = (part: number, of: number): string => (of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`);

const { reports, without } = await readReports();
const chance = chanceOf(seed);
const cases = reports.map((report) => caseOf(report, chance));
const middle = Math.ceil(cases.length / 2);
const began = performance.now();
const work = judge({ name: 'work', cases: cases.slice(0, middle) });
const kept = judge({ name: 'kept', cases: cases.slice(middle) });
const took = performance.now() - began;

console.log(`${reports.length} reports with an impression (${without} without one are left out), seed ${seed}`);
console.log('first half: read while the rules were written; second half: kept aside\n');
console.log(`${'rule'.padEnd(24)}${'severity'.padEnd(10)}${'first half'.padStart(12)}${'kept half'.padStart(12)}`);
for (const { id, severity } of checkRules) {
  const of = (half: Figures): string => share(half.byRule.get(id) ?? 0, half.reports).padStart(12);
  console.log(`${id.padEnd(24)}${severity.padEnd(10)}${of(work)}${of(kept)}`);
}
console.log(`\n${'planted, found'.padEnd(34)}${'first half'.padStart(14)}${'kept half'.padStart(14)}`);
for (const kind of faultKinds) {
  const of = (half: Figures): string => {
    const one = half.recall.get(kind) ?? { found: 0, of: 0 };
    return `${one.found}/${one.of}`.padStart(14);
  };
  console.log(`${kind.padEnd(34)}${of(work)}${of(kept)}`);
}

const both = [work, kept];
const sum = (take: (half: Figures) => number): number => both.reduce((all, half) => all + take(half), 0);
const recallOf = (kind: FaultKind, halves: readonly Figures[] = both): number => {
  const all = halves.map((half) => half.recall.get(kind) ?? { found: 0, of: 0 });
  const of = all.reduce((total, one) => total + one.of, 0);
  return of === 0 ? Number.NaN : Math.round((1_000 * all.reduce((total, one) => total + one.found, 0)) / of) / 1_000;
};
const askShare = (halves: readonly Figures[]): number =>
  Math.round(
    (10_000 * halves.reduce((all, one) => all + one.asks, 0)) / halves.reduce((all, one) => all + one.reports, 0),
  ) / 10_000;
const planted = sum((half) => [...half.recall.values()].reduce((all, one) => all + one.of, 0));

console.log(`\n${(took / (reports.length + planted)).toFixed(2)} ms a report`);
console.log(
  JSON.stringify({
    seed,
    reports: reports.length,
    planted,
    clean_stops: sum((half) => half.stops),
    clean_asks: askShare(both),
    clean_asks_kept: askShare([kept]),
    recall_side: recallOf('side'),
    recall_side_kept: recallOf('side', [kept]),
    recall_other_patient: recallOf('other patient'),
    recall_other_patient_kept: recallOf('other patient', [kept]),
    recall_sex: recallOf('sex'),
    recall_prior: recallOf('prior'),
    recall_negation: recallOf('negation'),
    recall_unit: recallOf('unit'),
  }),
);
