import { useDeferredValue, useMemo, useState } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { sharedBodyPart } from '../../../shared/domain/prior/index.ts';
import { type Draft, type LastReport, sameAsLastTime } from '../../../shared/domain/report/index.ts';
import { displayDate, type Study } from '../../../shared/domain/study/index.ts';
import { wordDiff } from '../../../shared/lib/word-diff.ts';
import { Button, unbroken, useCommands } from '../../ui/index.ts';
import { DiffSide } from './diff-side.tsx';

function isSamePart(study: Study, prior: Study): boolean {
  const sides = [study.laterality, prior.laterality].filter((side) => side !== null && side !== 'B');
  return sharedBodyPart(study, prior) !== null && new Set(sides).size < 2;
}

/** The newest earlier report of the same kind of exam, as far as the case came with one; null where it did not. */
export function lastReportOf(detail: Pick<CaseDetail, 'priors' | 'study'>): LastReport | null {
  const { study } = detail;
  if (study === null) return null;
  for (const { study: prior, report, linked } of detail.priors) {
    if (report === null || linked !== undefined) continue;
    const date = displayDate(prior.studyDate ?? '');
    // Another part of the body, or its other side, was not the same last time.
    const alike = prior.modalities.some((one) => study.modalities.includes(one)) && isSamePart(study, prior);
    if (date === '' || !alike) continue;
    const named = prior.modalities.join(', ');
    const exam = prior.description.startsWith(named) ? prior.description : `${named} ${prior.description}`.trim();
    return { exam, date, sections: report.sections };
  }
  return null;
}

const judged = (sections: LastReport['sections']): string =>
  sections
    .filter(({ title, text }) => /findings|impression/i.test(title) && text.trim() !== '')
    .map(({ title, text }) => `${title}\n${text.trim()}`)
    .join('\n\n');

/** The last report beside the draft, word by word, and one key that drafts what has not changed. */
export function LastTime(props: {
  readonly last: LastReport;
  readonly draft: Draft;
  readonly readOnly: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}) {
  const { last, readOnly, edit } = props;
  const [open, setOpen] = useState(false);
  // Typing goes first: the comparison follows when there is time.
  const draft = useDeferredValue(props.draft);
  const drafted = useMemo(() => sameAsLastTime(draft, last), [draft, last]);
  const same = (): void => edit((before) => sameAsLastTime(before, last) ?? before);
  useCommands([
    {
      id: 'report.same-as-last-time',
      title: `Same as last time: ${last.exam}, ${last.date}`,
      group: 'Report',
      keys: 'Alt+Shift+V',
      run: same,
      enabled: () => !readOnly,
    },
  ]);
  const { '59776-5': findings, '19005-8': impression } = draft.sections;
  const parts = useMemo(() => {
    if (!open) return null;
    const ours = [
      { title: 'Findings', text: findings },
      { title: 'Impression', text: impression },
    ];
    return wordDiff(judged(last.sections), judged(ours));
  }, [open, last, findings, impression]);
  return (
    <section className="report-block last-time" aria-label="Last time">
      <div className="report-block-head">
        <h3>Last time</h3>
        <span className="mute small">{unbroken(`${last.exam}, ${last.date}`)}</span>
        <span className="grow" />
        <Button kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Beside mine'}
        </Button>
        {readOnly ? null : (
          <Button kind="quiet" keys="Alt+Shift+V" disabled={drafted === null} onClick={same}>
            Same as last time
          </Button>
        )}
      </div>
      {parts === null ? null : (
        <div className="site-report-sides">
          <DiffSide title={`Then: ${last.date}`} parts={parts} drop="new" />
          <DiffSide title="Now: your words, not signed" parts={parts} drop="gone" />
        </div>
      )}
    </section>
  );
}
