import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { CheckFinding, CheckPlace, CheckWeights, OtherPatient } from '../../../shared/domain/checks/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import type { CaseStore } from '../../case/index.ts';
import { fieldNameOf, showWords } from './checks-caret.ts';
import { hasWords } from './draft-words.ts';
import { type CheckAnswers, useCheckAnswers, useChecksWhileWriting } from './use-checks.ts';

export type ReportChecks = {
  /** What stands against the words as they are written. */
  readonly findings: readonly CheckFinding[];
  readonly answers: CheckAnswers;
  readonly others: readonly OtherPatient[];
  readonly toWords: (at: CheckPlace) => void;
  /** One after the other, from the first again behind the last. */
  readonly toNextWords: () => void;
};

/** The checks of one open case, while it is written and when it is signed. */
export function useReportChecks(options: {
  readonly detail: CaseDetail;
  /** Null where no words are written in this window now. */
  readonly written: Draft | null;
  readonly comparisons: readonly string[];
  readonly events: readonly Pick<ReadingEvent, 'type'>[] | null;
  readonly caseStore: Pick<CaseStore, 'patientsSeen' | 'coverage'>;
  readonly weights: CheckWeights;
  readonly panel: RefObject<HTMLElement | null>;
}): ReportChecks {
  const { detail, written, comparisons, events, caseStore, weights, panel } = options;
  const answers = useCheckAnswers();
  const others = useMemo(() => caseStore.patientsSeen.besides(detail), [caseStore, detail]);
  const coverage = caseStore.coverage.state;
  const parts = useMemo(
    () =>
      written === null || !hasWords(written)
        ? null
        : {
            kind: written.kind === 'report' ? ('final' as const) : written.kind,
            draft: written,
            detail,
            comparisons,
            coverage: coverage.getState(),
            others,
            events,
          },
    [written, detail, comparisons, coverage, others, events],
  );
  const findings = useChecksWhileWriting(parts, weights);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const draft = useRef(written);
  draft.current = written ?? draft.current;
  const toWords = useCallback(
    (at: CheckPlace): void => {
      if (draft.current === null) return;
      stop.current();
      stop.current = showWords(() => panel.current, fieldNameOf(at, draft.current), at.from, at.to);
    },
    [panel],
  );
  const next = useRef(0);
  const toNextWords = (): void => {
    const places = findings.flatMap(({ at }) => at ?? []);
    const at = places[next.current % Math.max(1, places.length)];
    next.current += 1;
    if (at !== undefined) toWords(at);
  };
  return { findings, answers, others, toWords, toNextWords };
}
