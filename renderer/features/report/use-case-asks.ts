import { type RefObject, useEffect, useRef, useState } from 'react';
import type { DictatedText } from '../../../shared/domain/dictation/index.ts';
import type { Measurement, WrittenKind } from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { ReportEditorHandle } from './report-editor.tsx';

/** Words that were heard, and their taking out. */
export type DictationAsks = {
  put(words: string, doubtful: DictatedText['doubtful']): void;
  scratch(): void;
};

/** What features and devices ask of the report, and what they tell it; answers the comparisons that are open beside the images. */
export function useCaseAsks(options: {
  readonly caseStore: Pick<CaseStore, 'onCommand' | 'onEvent'>;
  readonly epoch: number;
  readonly editor: RefObject<ReportEditorHandle | null>;
  readonly timeline: RefObject<HTMLElement | null>;
  readonly trySign: (kind: WrittenKind) => void;
  readonly startLater: (kind: 'addendum' | 'correction', words?: string) => void;
  readonly insert: (measurement: Measurement) => void;
  readonly dictation: DictationAsks;
}): readonly string[] {
  const { caseStore, epoch, editor, timeline, trySign, startLater, insert, dictation } = options;
  const [comparisons, setComparisons] = useState<readonly string[]>([]);
  const act = useRef({ trySign, startLater, insert, dictation });
  act.current = { trySign, startLater, insert, dictation };
  useEffect(() => {
    const stop = [
      caseStore.onCommand((command, of) => {
        if (of !== epoch) return;
        if (command.type === 'focus-section') editor.current?.focusSection(command.code);
        if (command.type === 'next-field') editor.current?.stepField(1);
        if (command.type === 'previous-field') editor.current?.stepField(-1);
        if (command.type === 'dictation-began') editor.current?.markPlace();
        if (command.type === 'dictated') act.current.dictation.put(command.words, command.doubtful);
        if (command.type === 'scratch-dictated') act.current.dictation.scratch();
        if (command.type === 'sign-preliminary') act.current.trySign('preliminary');
        if (command.type === 'sign-final') act.current.trySign('final');
        if (command.type === 'add-addendum') act.current.startLater('addendum', command.words);
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
