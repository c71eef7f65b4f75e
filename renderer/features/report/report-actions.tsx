import type { RefObject } from 'react';
import type { Draft, WrittenKind } from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import { Button, type Command, Mark } from '../../ui/index.ts';
import type { ReportEditorHandle } from './report-editor.tsx';

/** What stands in the way of each button; null where nothing does. */
export type Blocks = {
  readonly [Name in 'preliminary' | 'final' | 'later' | 'addendum' | 'correction']: string | null;
};

/** The keys and palette entries of the report. */
export function reportCommands(parts: {
  readonly blocks: Blocks;
  readonly finalExists: boolean;
  readonly laterKind: Draft['kind'] | null;
  /** She gives it to somebody who may sign it. */
  readonly gives: boolean;
  readonly trySign: (kind: WrittenKind) => void;
  readonly startLater: (kind: 'addendum' | 'correction') => void;
  readonly caseStore: CaseStore;
  /** To the words of the next check; null where none speaks of words. */
  readonly toNextCheck: (() => void) | null;
  /** Null where no report is written. */
  readonly showOwnWords: (() => void) | null;
  /** Null while nothing may be written in this window. */
  readonly editor: RefObject<ReportEditorHandle | null> | null;
}): readonly Command[] {
  const { finalExists, laterKind, trySign, startLater, caseStore, toNextCheck, showOwnWords, editor } = parts;
  const mayWrite = (): boolean => editor !== null;
  const later = laterKind === 'addendum' || laterKind === 'correction' ? laterKind : null;
  const group = 'Report';
  // The keys stay theirs where signing is blocked: F12 then says what blocks it instead of opening the browser's tools.
  return [
    { id: 'report.sign-preliminary', title: 'Sign preliminary', group, keys: 'F11', run: () => trySign('preliminary') },
    {
      id: 'report.sign-final',
      title: later === null ? (parts.gives ? 'Give to be signed' : 'Sign final') : `Sign ${later}`,
      group,
      keys: 'F12',
      run: () => trySign(later ?? 'final'),
    },
    {
      id: 'report.addendum',
      title: 'Add addendum',
      group,
      keys: null,
      run: () => startLater('addendum'),
      enabled: () => finalExists,
    },
    {
      id: 'report.correction',
      title: 'Correct report',
      group,
      keys: null,
      run: () => startLater('correction'),
      enabled: () => finalExists,
    },
    {
      id: 'report.measurement',
      title: 'Measurement to the caret',
      group,
      keys: 'Alt+M',
      run: () => caseStore.send({ type: 'insert-measurement' }),
    },
    {
      id: 'report.findings',
      title: 'Go to Findings',
      group,
      keys: 'Alt+F',
      run: () => caseStore.send({ type: 'focus-section', code: '59776-5' }),
    },
    {
      id: 'report.impression',
      title: 'Go to Impression',
      group,
      keys: 'Alt+I',
      run: () => caseStore.send({ type: 'focus-section', code: '19005-8' }),
    },
    {
      id: 'report.next-check',
      title: 'Go to the words of the next check',
      group,
      keys: 'Alt+X',
      run: () => toNextCheck?.(),
      enabled: () => toNextCheck !== null,
    },
    {
      id: 'report.next-field',
      title: 'Next field of the report',
      group,
      keys: 'Alt+ArrowDown',
      run: () => caseStore.send({ type: 'next-field' }),
      enabled: mayWrite,
    },
    {
      id: 'report.previous-field',
      title: 'Previous field of the report',
      group,
      keys: 'Alt+ArrowUp',
      run: () => caseStore.send({ type: 'previous-field' }),
      enabled: mayWrite,
    },
    {
      id: 'report.new-words',
      title: 'Take the new words of the source',
      group,
      keys: 'Alt+Shift+Y',
      run: () => editor?.current?.takeNewWords(),
      enabled: mayWrite,
    },
    {
      id: 'report.next-misspelling',
      title: 'Next word that is in no word list',
      group,
      keys: 'F7',
      run: () => editor?.current?.stepMisspelling(1),
      enabled: mayWrite,
    },
    {
      id: 'report.previous-misspelling',
      title: 'Previous word that is in no word list',
      group,
      keys: 'Shift+F7',
      run: () => editor?.current?.stepMisspelling(-1),
      enabled: mayWrite,
    },
    {
      id: 'report.own-words',
      title: 'Words added to the spelling check',
      group,
      keys: null,
      run: () => showOwnWords?.(),
      enabled: () => showOwnWords !== null,
    },
    {
      id: 'report.undo',
      title: 'Undo in the report',
      group,
      keys: null,
      hint: 'Ctrl+Z',
      run: () => editor?.current?.undo(),
      enabled: mayWrite,
    },
    {
      id: 'report.redo',
      title: 'Redo in the report',
      group,
      keys: null,
      hint: 'Ctrl+Y',
      run: () => editor?.current?.redo(),
      enabled: mayWrite,
    },
    {
      id: 'report.timeline',
      title: 'Show the timeline',
      group,
      keys: null,
      run: () => caseStore.send({ type: 'show-timeline' }),
    },
  ];
}

/** The buttons of the foot, and above them what blocks those that are off. */
export function ReportActions(props: {
  readonly finalExists: boolean;
  readonly laterKind: 'addendum' | 'correction' | null;
  readonly hasPreliminary: boolean;
  /** She may not sign it: it is given to somebody who may. */
  readonly gives: boolean;
  /** What may be issued, where that is not everything. */
  readonly issueLine: string | null;
  /** What a signature would come to beside a final that is there already; null where none is. */
  readonly rivalLine: string | null;
  readonly onCompare: () => void;
  readonly blocks: Blocks;
  readonly onSign: (kind: WrittenKind) => void;
  readonly onStart: (kind: 'addendum' | 'correction') => void;
  readonly onCloseLater: () => void;
}) {
  const { finalExists, laterKind, blocks } = props;
  const why = laterKind !== null ? blocks.later : finalExists ? (blocks.addendum ?? blocks.correction) : blocks.final;
  return (
    <div className="report-foot">
      {props.issueLine === null ? null : <p className="report-why signal">{props.issueLine}</p>}
      {props.rivalLine === null ? null : (
        <p className="report-why signal">
          <Mark shape="diamond" /> {props.rivalLine}{' '}
          <Button kind="quiet" onClick={props.onCompare}>
            Compare
          </Button>
        </p>
      )}
      {why === null ? null : (
        <p className="report-why" id="report-why">
          {why}
        </p>
      )}
      <div className="report-actions">
        {laterKind !== null ? (
          <>
            <Button
              kind="go"
              keys="F12"
              disabled={blocks.later !== null}
              title={blocks.later ?? undefined}
              onClick={() => props.onSign(laterKind)}
            >
              {laterKind === 'addendum' ? 'Sign addendum' : 'Sign correction'}
            </Button>
            <Button kind="quiet" onClick={props.onCloseLater}>
              Close, keep the words
            </Button>
          </>
        ) : finalExists ? (
          <>
            <Button
              disabled={blocks.addendum !== null}
              title={blocks.addendum ?? undefined}
              onClick={() => props.onStart('addendum')}
            >
              Add addendum
            </Button>
            <Button
              disabled={blocks.correction !== null}
              title={blocks.correction ?? undefined}
              onClick={() => props.onStart('correction')}
            >
              Correct report
            </Button>
          </>
        ) : props.gives ? (
          <Button
            kind="go"
            keys="F12"
            disabled={blocks.final !== null}
            title={blocks.final ?? undefined}
            onClick={() => props.onSign('final')}
          >
            Give to be signed
          </Button>
        ) : (
          <>
            <Button
              keys="F11"
              disabled={blocks.preliminary !== null}
              title={blocks.preliminary ?? undefined}
              onClick={() => props.onSign('preliminary')}
            >
              Sign preliminary
            </Button>
            <Button
              kind="go"
              keys="F12"
              disabled={blocks.final !== null}
              title={blocks.final ?? undefined}
              onClick={() => props.onSign('final')}
            >
              Sign final
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
