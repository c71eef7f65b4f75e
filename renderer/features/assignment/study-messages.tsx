import { useState } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { holdWords } from '../../../shared/domain/reading/index.ts';
import { shownTime } from '../../case/index.ts';
import { Button, Message } from '../../ui/index.ts';
import type { StudyMoves } from './study-standing.ts';

/** What is arranged about this study, where the matter is. */
export function StudyMessages(props: {
  readonly row: WorklistRow;
  readonly reader: Reader;
  /** Beside the list such a line stands for good; below the images it is in the way once it was read. */
  readonly closable: boolean;
  readonly moves: StudyMoves;
  readonly trouble: string | null;
  readonly onAnswer: () => void;
  readonly onResume: () => void;
}) {
  const { row, reader, moves } = props;
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const closing = (key: string) =>
    props.closable ? (
      <Button kind="quiet" onClick={() => setSeen((before) => new Set([...before, key]))}>
        Close
      </Button>
    ) : null;
  const { hold, assigned } = row.desk ?? { hold: null, assigned: null };
  const zone = row.site?.zone ?? null;
  return (
    <>
      {props.trouble === null ? null : <Message tone="ask" title={props.trouble} />}
      {moves.toAnswer.map((one) => (
        <Message
          key={one.id}
          tone="ask"
          title={`${one.byName} asks you for a second look.`}
          action={
            <Button keys="Alt+A" onClick={props.onAnswer}>
              Answer
            </Button>
          }
        >
          {one.question}
        </Message>
      ))}
      {moves.answers
        .filter((one) => !seen.has(`answer ${one.id}`))
        .map((one) => (
          <Message
            key={one.id}
            tone="tell"
            title={`${one.toName} looked, ${shownTime(one.answer?.at ?? one.askedAt, zone)}.`}
            action={closing(`answer ${one.id}`)}
          >
            {one.answer?.words}
          </Message>
        ))}
      {moves.asked
        .filter((one) => !seen.has(`asked ${one.id}`))
        .map((one) => (
          <Message
            key={one.id}
            tone="tell"
            title={`${one.toName} was asked for a second look, ${shownTime(one.askedAt, zone)}.`}
            action={closing(`asked ${one.id}`)}
          >
            It stays yours; the answer comes here.
          </Message>
        ))}
      {row.state === 'held' ? (
        <Message
          tone="ask"
          title={`On hold${row.reader === null ? '' : row.reader.id === reader.id ? ' by you' : ` by ${row.reader.name}`}: ${hold === null ? 'no reason was given' : holdWords[hold.reason].toLowerCase()}.`}
          action={
            moves.resume ? (
              <Button keys="Alt+R" onClick={props.onResume}>
                Resume
              </Button>
            ) : null
          }
        >
          {hold?.words}
        </Message>
      ) : null}
      {assigned === null ? null : (
        <Message
          tone={assigned.reader === reader.id ? 'ask' : 'tell'}
          title={assigned.reader === reader.id ? 'Set aside for you.' : `Set aside for ${assigned.readerName}.`}
        >
          {assigned.byName === '' ? null : `By ${assigned.byName}.`}
        </Message>
      )}
    </>
  );
}
