import type { ReactNode } from 'react';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { shownLeft } from '../case/index.ts';
import { Button, Message, useNow } from '../ui/index.ts';
import type { CodeAlert, Codes } from './use-codes.ts';

/** One line for one code, wherever the reader is: what it is, for how long nobody has answered, and what she can do. */
export function CodeLine(props: {
  readonly alert: CodeAlert;
  readonly codes: Codes;
  /** The first one has the key. */
  readonly first: boolean;
  /** How she gets to it from where she is; null where she cannot. */
  readonly go: ReactNode;
  /** What going there means for what she is doing. */
  readonly more?: string;
}) {
  const { alert, codes } = props;
  const now = useNow(1_000);
  return (
    <Message
      tone="stop"
      title={`Code ${alert.condition}: ${alert.exam}${alert.site === '' ? '' : `, ${alert.site}`}.`}
      action={
        <>
          {props.go}
          <Button {...(props.first ? { keys: 'Alt+C' } : {})} onClick={() => codes.acknowledge(alert.taskId)}>
            Acknowledge
          </Button>
          {codes.mayAsk ? (
            <Button kind="quiet" onClick={codes.allow}>
              Allow notifications
            </Button>
          ) : null}
        </>
      }
    >
      {now - alert.raisedAt < 60_000
        ? 'It has just been raised.'
        : `For ${shownLeft(now - alert.raisedAt)} nobody has acknowledged it.`}
      {alert.level === 0 ? '' : ' You are told because others did not answer.'}
      {alert.refusal === null ? '' : ` You may not read it (${alert.refusal}): find somebody who may.`}
      {props.more === undefined ? '' : ` ${props.more}`}
    </Message>
  );
}

/** The codes of this reader where no study is being read; the open study's own lines tell them otherwise. */
export function CodeAlarm(props: {
  readonly codes: Codes;
  /** Null while another study is read. */
  readonly onRead: ((taskId: TaskId) => void) | null;
  /** The open study tells them, so that a code is one line and not two. */
  readonly toldByCase: boolean;
}) {
  const { codes, onRead } = props;
  return (
    <>
      {props.toldByCase
        ? null
        : codes.alerts.map((one, index) => (
            <CodeLine
              key={one.taskId}
              alert={one}
              codes={codes}
              first={index === 0}
              go={
                one.refusal === null && onRead !== null ? (
                  <Button kind="go" onClick={() => onRead(one.taskId)}>
                    Read it now
                  </Button>
                ) : null
              }
            />
          ))}
      {codes.trouble === null ? null : <Message tone="ask" title={codes.trouble} />}
    </>
  );
}
