import {
  type CheckFacts,
  type CheckFinding,
  type CheckId,
  type CheckRule,
  type CheckSeverity,
  checkIds,
  checkSeverities,
} from './check.ts';
import { ageRule } from './rules/age.ts';
import { bodyPartRule } from './rules/body-part.ts';
import { contradictionRule } from './rules/contradiction.ts';
import { criticalWordsRule } from './rules/critical-words.ts';
import { claimRule, identityRule } from './rules/identity.ts';
import { measurementJumpRule } from './rules/measurement-jump.ts';
import { measurementUnitRule } from './rules/measurement-unit.ts';
import { otherPatientRule } from './rules/other-patient.ts';
import { comparisonNotOpenedRule, noPriorRule } from './rules/priors.ts';
import {
  fieldOpenRule,
  impressionEmptyRule,
  placeholderRule,
  sectionEmptyRule,
  sectionUntouchedRule,
} from './rules/sections.ts';
import { notFullFidelityRule, seriesNotShownRule } from './rules/series.ts';
import { sexRule } from './rules/sex.ts';
import { sideBetweenSectionsRule } from './rules/side-between-sections.ts';
import { sideOfExamRule } from './rules/side-of-exam.ts';

/** All rules, those that stop first. */
export const checkRules: readonly CheckRule[] = [
  identityRule,
  claimRule,
  impressionEmptyRule,
  fieldOpenRule,
  sideOfExamRule,
  sideBetweenSectionsRule,
  sexRule,
  otherPatientRule,
  bodyPartRule,
  criticalWordsRule,
  ageRule,
  noPriorRule,
  comparisonNotOpenedRule,
  contradictionRule,
  measurementUnitRule,
  measurementJumpRule,
  sectionEmptyRule,
  sectionUntouchedRule,
  placeholderRule,
  seriesNotShownRule,
  notFullFidelityRule,
];

/** What a group has turned a rule down to. A rule that stops cannot be turned down: what is said of it here is not obeyed. */
export type CheckWeights = { readonly [Id in CheckId]?: 'tell' | 'off' };

export function severityOf(rule: CheckRule, weights: CheckWeights = {}): CheckSeverity | 'off' {
  return rule.severity === 'stop' ? 'stop' : (weights[rule.id] ?? rule.severity);
}

const rank = (severity: CheckSeverity): number => checkSeverities.indexOf(severity);

/** Everything that the rules have against the report as it stands, the gravest first, in the order of the rules. */
export function checkReport(facts: CheckFacts, weights: CheckWeights = {}): readonly CheckFinding[] {
  return checkRules
    .flatMap((rule): CheckFinding[] => {
      const severity = severityOf(rule, weights);
      return severity === 'off' ? [] : rule.find(facts).map((found) => ({ ...found, rule: rule.id, severity }));
    })
    .sort(
      (left, right) =>
        rank(left.severity) - rank(right.severity) || checkIds.indexOf(left.rule) - checkIds.indexOf(right.rule),
    );
}
