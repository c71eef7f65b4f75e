import { useEffect, useState } from 'react';
import type { CallInput, CallOutput } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { holdReasons, holdWords, type passReasons, reasonIsEnough } from '../../../shared/domain/reading/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, TextField } from '../../ui/index.ts';
import { ChoiceDialog } from './reason-dialog.tsx';

type Colleagues = CallOutput<'colleagues'>['colleagues'];

/** What is lacking in a reason to pass or to hold; null where it is enough. */
export function missingReason(
  reason: (typeof passReasons)[number] | (typeof holdReasons)[number] | null,
  words: string,
): string | null {
  if (reason === null) return 'Choose a reason.';
  return reasonIsEnough(reason, words) ? null : 'Other reason: say it in a few words.';
}

export function HoldDialog(props: {
  readonly about: string;
  readonly token: number;
  readonly onDo: (input: CallInput<'holdStudy'>) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  return (
    <ChoiceDialog
      title="Hold it"
      about={`${props.about}. It stays yours and waits; your words are kept.`}
      legend="Why"
      choices={holdReasons.map((value) => ({ value, words: holdWords[value] }))}
      wordsLabel="In a few words"
      missing={missingReason}
      doIt="Hold"
      onDo={(reason, words) => props.onDo({ fencingToken: props.token, reason, words })}
      onClose={props.onClose}
    />
  );
}

export function ColleagueDialog(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly taskId: string;
  readonly title: string;
  readonly about: string;
  readonly wordsLabel: string;
  readonly wordsRows?: number;
  readonly doIt: string;
  readonly onDo: (to: ReaderId, words: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const [found, setFound] = useState<Colleagues | string | null>(null);
  const { host, taskId } = props;
  useEffect(() => {
    let here = true;
    void host
      .call('colleagues', { params: { taskId } })
      .then((answered) => here && setFound(answered.ok ? answered.value.colleagues : answered.error.message));
    return () => {
      here = false;
    };
  }, [host, taskId]);
  if (found === null || typeof found === 'string') {
    return (
      <Dialog title={props.title} onClose={props.onClose}>
        <div className="dialog-body">
          <p role="status">{found ?? 'Asking who reads here\u2026'}</p>
          <div className="dialog-actions">
            <Button keys="Esc" onClick={props.onClose}>
              Back
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <ChoiceDialog<ReaderId>
      title={props.title}
      about={props.about}
      legend="To whom"
      choices={found.map((one) => ({
        value: one.id as ReaderId,
        words: one.name,
        note: one.shift,
        refusal: one.refusal,
      }))}
      wordsLabel={props.wordsLabel}
      {...(props.wordsRows === undefined ? {} : { wordsRows: props.wordsRows })}
      missing={(to) => (to === null ? 'Choose a colleague.' : null)}
      doIt={props.doIt}
      onDo={props.onDo}
      onClose={props.onClose}
    />
  );
}

export function AnswerDialog(props: {
  readonly about: string;
  readonly asked: string;
  readonly onDo: (words: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <Dialog title="Answer a second look" onClose={props.onClose}>
      <form
        className="dialog-body choice-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== '') void props.onDo(words.trim()).then(setRefused);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <p className="dim">{props.about}</p>
        <p>{props.asked}</p>
        <TextField label="Your answer" rows={4} value={words} onChange={setWords} maxLength={2_000} autoFocus />
        <p className="choice-why signal" role="status">
          {refused ?? ''}
        </p>
        <div className="dialog-actions">
          <Button kind="go" type="submit" keys="Ctrl+Enter" disabled={words.trim() === ''}>
            Answer
          </Button>
          <Button keys="Esc" onClick={props.onClose}>
            Back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
