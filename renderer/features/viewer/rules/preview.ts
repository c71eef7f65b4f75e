import type { RecentStudy } from '../../../../shared/api/index.ts';
import { type Hanging, type HangingProtocol, type HangingRule, hang } from '../../../../shared/domain/hanging/index.ts';

export type PreviewRow = {
  readonly study: RecentStudy;
  /** this: by the rule that is tried · other: by another one · none: in order · unknown: its series are not known now. */
  readonly outcome: 'this' | 'other' | 'none' | 'unknown';
  /** How it would hang: "1×2: Axial lung | Axial soft tissue", or by what else. */
  readonly words: string;
};

/** How the latest studies would hang with a rule among the others. Priors are not looked at: a box for one is told as such. */
export function previewRule(
  rule: HangingRule,
  others: readonly HangingRule[],
  studies: readonly RecentStudy[],
): readonly PreviewRow[] {
  const rules = [rule, ...others.filter((one) => one.level !== rule.level || one.protocol.id !== rule.protocol.id)];
  return studies.map((study): PreviewRow => {
    if (study.series === null) return { study, outcome: 'unknown', words: 'The archive did not tell its series now.' };
    const { series } = study;
    const hanging = hang(rules, { current: { ...study, series }, priors: [], screens: 1 });
    if (hanging.rule === null) return { study, outcome: 'none', words: hanging.because };
    if (hanging.rule !== rule)
      return { study, outcome: 'other', words: `by ${hanging.rule.protocol.hangingProtocolName}` };
    return { study, outcome: 'this', words: stageWords(hanging, rule.protocol, study) };
  });
}

function stageWords(hanging: Hanging, protocol: HangingProtocol, study: RecentStudy): string {
  const [stage] = hanging.stages;
  if (stage === undefined) return '';
  const boxes = stage.slots.flatMap((slot) => {
    if (slot.of === 'nobody') return slot.because === '' ? [] : ['empty'];
    const series = study.series?.find((one) => one.seriesUid === slot.seriesUid);
    const view = series?.instances.find((one) => one.instanceUid === slot.instanceUid);
    const side = view?.laterality ?? null;
    return [
      [series?.description || series?.modality, side, view?.view].filter((one) => one != null && one !== '').join(' '),
    ];
  });
  const asks = protocol.imageSets.some((set) => set.abstractPriorValue > 0) ? '; a prior hangs where there is one' : '';
  return `${stage.rows}×${stage.columns}: ${boxes.join(' | ')}${asks}`;
}

/** "Of 20 studies 6 would hang by it, 12 by other rules, 2 in order." */
export function previewSummary(rows: readonly PreviewRow[]): string {
  const count = (outcome: PreviewRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  if (rows.length === 0) return 'There is no study yet to try it on.';
  const unknown = count('unknown');
  return `Of ${rows.length} ${rows.length === 1 ? 'study' : 'studies'} ${count('this')} would hang by it, ${count('other')} by other rules, ${count('none')} in order${unknown === 0 ? '' : `, ${unknown} not known now`}.`;
}
