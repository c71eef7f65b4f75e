import { useEffect, useState } from 'react';
import type { CallInput, CallName, WorklistRow } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { passReasons, passWords } from '../../../shared/domain/reading/index.ts';
import { shownExam, shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, useCommands } from '../../ui/index.ts';
import './assignment.css';
import { ChoiceDialog } from './reason-dialog.tsx';
import { AnswerDialog, ColleagueDialog, HoldDialog, missingReason } from './study-dialogs.tsx';
import { StudyMessages } from './study-messages.tsx';
import { studyMoves } from './study-standing.ts';

export type StudyDeskProps = {
  readonly host: Pick<HostClient, 'call'>;
  readonly reader: Reader;
  /** The study that is meant: the selected one of the list, or the open one. */
  readonly row: WorklistRow;
  readonly now: number;
  /** Called before she gives it up, so that no word is lost; false stops it. */
  readonly before: () => Promise<boolean>;
  /** She has it no more: passed, held, given away or back. */
  readonly onGivenUp: () => void;
  /** It is on her desk again. */
  readonly onResumed: () => void;
  /** Buttons beside it, or the commands and messages alone. */
  readonly buttons: boolean;
};

type Open = 'pass' | 'hold' | 'reassign' | 'look' | 'answer' | null;
type DeskCall = Extract<
  CallName,
  'passStudy' | 'holdStudy' | 'resumeStudy' | 'reassignStudy' | 'askSecondLook' | 'answerSecondLook' | 'releaseClaim'
>;

/** What a reader arranges about one study: pass, hold, resume, give, ask a colleague, answer one. Everything has a key. */
export function StudyDesk(props: StudyDeskProps) {
  const { host, row, reader } = props;
  const [open, setOpen] = useState<Open>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const moves = studyMoves(row, reader, props.now);
  const { taskId } = row;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another study was selected: what was asked about the last one is over.
  useEffect(() => {
    setOpen(null);
    setTrouble(null);
  }, [taskId]);

  const ask = async <Name extends DeskCall>(name: Name, input: CallInput<Name>): Promise<string | null> => {
    // One signature for seven calls of one shape; each input was checked where it was made.
    const call = host.call as (
      name: DeskCall,
      asked: { readonly params: { readonly taskId: string }; readonly input: unknown },
    ) => ReturnType<HostClient['call']>;
    const answered = await call(name, { params: { taskId }, input });
    return answered.ok ? null : answered.error.message;
  };
  const giveUp = async <Name extends DeskCall>(name: Name, input: CallInput<Name>): Promise<string | null> => {
    if (!(await props.before())) return 'Not done: your last words are not in both places yet.';
    const why = await ask(name, input);
    if (why !== null) return why;
    setOpen(null);
    props.onGivenUp();
    return null;
  };
  const say = (why: string | null): void => setTrouble(why);
  const release = (): void => {
    if (moves.token === null) return;
    void giveUp('releaseClaim', { fencingToken: moves.token, reason: 'given back by the reader' }).then(say);
  };
  const resume = (): void =>
    void ask('resumeStudy', undefined).then((why) => {
      say(why);
      if (why === null) props.onResumed();
    });

  const group = 'Study';
  useCommands([
    {
      id: 'study.pass',
      title: 'Pass it on with a reason',
      group,
      keys: 'Alt+P',
      run: () => setOpen('pass'),
      enabled: () => moves.pass,
    },
    {
      id: 'study.hold',
      title: 'Hold it with a reason',
      group,
      keys: 'Alt+H',
      run: () => setOpen('hold'),
      enabled: () => moves.hold,
    },
    {
      id: 'study.resume',
      title: 'Resume what is held',
      group,
      keys: 'Alt+R',
      run: resume,
      enabled: () => moves.resume,
    },
    {
      id: 'study.reassign',
      title: 'Give it to another reader',
      group,
      keys: 'Alt+G',
      run: () => setOpen('reassign'),
      enabled: () => moves.reassign,
    },
    {
      id: 'study.look',
      title: 'Ask a colleague for a second look',
      group,
      keys: 'Alt+Q',
      run: () => setOpen('look'),
      enabled: () => moves.askLook,
    },
    {
      id: 'study.answer',
      title: 'Answer a colleague\u2019s question',
      group,
      keys: 'Alt+A',
      run: () => setOpen('answer'),
      enabled: () => moves.toAnswer.length > 0,
    },
    {
      id: 'study.release',
      title: 'Give it back to the list',
      group,
      keys: 'Alt+B',
      run: release,
      enabled: () => moves.release,
    },
  ]);

  const about = `${shownName(row.patient.name).whole}, ${row.accession ?? 'no accession'}, ${shownExam(row)}`;
  return (
    <>
      <StudyMessages
        row={row}
        reader={reader}
        closable={!props.buttons}
        moves={moves}
        trouble={trouble}
        onAnswer={() => setOpen('answer')}
        onResume={resume}
      />
      {props.buttons ? (
        <div className="row actions desk-actions">
          {moves.pass ? (
            <Button kind="quiet" keys="Alt+P" title="Pass it on with a reason (Alt P)" onClick={() => setOpen('pass')}>
              Pass
            </Button>
          ) : null}
          {moves.hold ? (
            <Button kind="quiet" keys="Alt+H" title="Hold it with a reason (Alt H)" onClick={() => setOpen('hold')}>
              Hold
            </Button>
          ) : null}
          {moves.reassign ? (
            <Button
              kind="quiet"
              keys="Alt+G"
              title="Give it to another reader (Alt G)"
              onClick={() => setOpen('reassign')}
            >
              Give
            </Button>
          ) : null}
          {moves.askLook ? (
            <Button
              kind="quiet"
              keys="Alt+Q"
              title="Ask a colleague for a second look (Alt Q)"
              onClick={() => setOpen('look')}
            >
              Second look
            </Button>
          ) : null}
          {moves.release ? (
            <Button kind="quiet" keys="Alt+B" title="Give it back to the list (Alt B)" onClick={release}>
              Give back
            </Button>
          ) : null}
        </div>
      ) : null}
      {open === 'pass' ? (
        <ChoiceDialog
          title="Pass it on"
          about={`${about}. It goes back to the list and is not offered to you again; your words are kept.${goesAlong(row)}`}
          legend="Why"
          choices={passReasons.map((value) => ({ value, words: passWords[value] }))}
          wordsLabel="In a few words"
          missing={missingReason}
          doIt="Pass"
          onDo={(reason, words) => giveUp('passStudy', { fencingToken: moves.token, reason, words })}
          onClose={() => setOpen(null)}
        />
      ) : open === 'hold' && moves.token !== null ? (
        <HoldDialog
          about={about}
          token={moves.token}
          onDo={(input) => giveUp('holdStudy', input)}
          onClose={() => setOpen(null)}
        />
      ) : open === 'reassign' ? (
        <ColleagueDialog
          host={host}
          taskId={taskId}
          title="Give it to another reader"
          about={`${about}. The claim ends; the words of whoever had it are kept.${goesAlong(row)}`}
          wordsLabel="In a few words (optional)"
          doIt="Give"
          onDo={(to, words) => giveUp('reassignStudy', { fencingToken: moves.token, to, words })}
          onClose={() => setOpen(null)}
        />
      ) : open === 'look' && moves.token !== null ? (
        <ColleagueDialog
          host={host}
          taskId={taskId}
          title="Ask for a second look"
          about={`${about}. You keep the claim; your colleague finds it marked in the list and answers with a note.`}
          wordsLabel="What should be looked at"
          wordsRows={3}
          doIt="Ask"
          onDo={async (to, question) => {
            const input = { fencingToken: moves.token ?? 0, lookId: crypto.randomUUID(), to, question };
            const why = await ask('askSecondLook', input);
            if (why === null) setOpen(null);
            return why;
          }}
          onClose={() => setOpen(null)}
        />
      ) : open === 'answer' && moves.toAnswer[0] !== undefined ? (
        <AnswerDialog
          about={about}
          asked={`${moves.toAnswer[0].byName} asks: ${moves.toAnswer[0].question === '' ? 'please look at this.' : moves.toAnswer[0].question}`}
          onDo={async (words) => {
            const why = await ask('answerSecondLook', { lookId: moves.toAnswer[0]?.id ?? '', words });
            if (why === null) setOpen(null);
            return why;
          }}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

/** The exams of one patient and visit that one reader has, or nobody, move by one press. */
function goesAlong(row: WorklistRow): string {
  const linked = row.linked ?? [];
  if (linked.length === 0) return '';
  const names = linked.map((one) => `${one.exam}, ${one.accession ?? 'no accession'}`).join('; ');
  return ` All or none: what goes with it and is not somebody else’s moves too (${names}).`;
}
