import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Measurement, ReleaseKind } from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { ReportEditorHandle } from './report-editor.tsx';

/** What features and devices ask of the report, and what they tell it; answers the comparisons that are open beside the images. */
export function useCaseAsks(options: {
  readonly caseStore: Pick<CaseStore, 'onCommand' | 'onEvent'>;
  readonly epoch: number;
  readonly editor: RefObject<ReportEditorHandle | null>;
  readonly timeline: RefObject<HTMLElement | null>;
  readonly trySign: (kind: ReleaseKind) => void;
  readonly startLater: (kind: 'addendum' | 'correction') => void;
  readonly insert: (measurement: Measurement) => void;
}): readonly string[] {
  const { caseStore, epoch, editor, timeline, trySign, startLater, insert } = options;
  const [comparisons, setComparisons] = useState<readonly string[]>([]);
  const act = useRef({ trySign, startLater, insert });
  act.current = { trySign, startLater, insert };
  useEffect(() => {
    const stop = [
      caseStore.onCommand((command, of) => {
        if (of !== epoch) return;
        if (command.type === 'focus-section') editor.current?.focusSection(command.code);
        if (command.type === 'next-field') editor.current?.stepField(1);
        if (command.type === 'previous-field') editor.current?.stepField(-1);
        if (command.type === 'dictated') editor.current?.insertWords(command.words);
        if (command.type === 'sign-preliminary') act.current.trySign('preliminary');
        if (command.type === 'sign-final') act.current.trySign('final');
        if (command.type === 'add-addendum') act.current.startLater('addendum');
        if (command.type === 'show-timeline') {
          timeline.current?.scrollIntoView({ block: 'start' });
          timeline.current?.focus({ preventScroll: true });
        }
      }),
      caseStore.onEvent((event) => {
        if (event.epoch !== epoch) return;
        if (event.type === 'measurement') act.current.insert(event.measurement);
        if (event.type === 'comparison-opened') {
          const { studyUid } = event;
          setComparisons((before) => (before.includes(studyUid) ? before : [...before, studyUid]));
        }
        if (event.type === 'comparison-withdrawn') {
          const { studyUid } = event;
          setComparisons((before) => before.filter((one) => one !== studyUid));
        }
      }),
    ];
    return () => {
      for (const end of stop) end();
    };
  }, [caseStore, epoch, editor, timeline]);
  return comparisons;
}
