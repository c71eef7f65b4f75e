import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseMessages as Thread } from '../../../shared/api/index.ts';
import { type Party, partyOf, partyWords } from '../../../shared/domain/message/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, Message } from '../../ui/index.ts';
import { MessageForm } from './message-form.tsx';
import type { MessageOutbox } from './message-outbox.ts';
import { MessageThread } from './message-thread.tsx';

const nothing: ReadonlySet<string> = new Set();

/** The messages of one case, and a form for the next. What is shown here to whom it is for counts as seen. */
export function CaseMessages(props: {
  readonly host: HostClient;
  readonly outbox: MessageOutbox;
  readonly taskId: TaskId;
  readonly reader: Reader;
  readonly zone: string | null;
  /** Changes when the list has news of this case's messages. */
  readonly stamp: string;
  /** Grows when the hand has asked to write. */
  readonly writing: number;
}) {
  const { host, outbox, taskId, reader, stamp } = props;
  const me = partyOf(reader.role);
  const [thread, setThread] = useState<Thread | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  /** Those that waited when they were first shown: the mark stays while she reads, though the host knows them as seen. */
  const [fresh, setFresh] = useState<ReadonlySet<string>>(nothing);
  const unsent = useStore(outbox.state).filter((one) => one.taskId === taskId);
  const waitingHere = unsent.length;
  const command = useRef<{ readonly id: string; readonly what: string } | null>(null);

  const load = useCallback(async (): Promise<void> => {
    const found = await host.call('caseMessages', { params: { taskId } });
    if (!found.ok) {
      setTrouble(found.error.message);
      return;
    }
    setTrouble(null);
    setThread(found.value);
    const { waiting } = found.value;
    // A window that nobody sees shows nothing to anybody.
    if (waiting.length === 0 || document.visibilityState !== 'visible') return;
    setFresh((before) => new Set([...before, ...waiting]));
    const seen = await host.call('messagesSeen', { params: { taskId }, input: { ids: [...waiting] } });
    if (seen.ok) setThread(seen.value);
  }, [host, taskId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp, and one that was sent, say that there is something new to ask for.
  useEffect(() => void load(), [load, stamp, waitingHere]);
  useEffect(() => {
    const shown = (): void => {
      if (document.visibilityState === 'visible') void load();
    };
    document.addEventListener('visibilitychange', shown);
    return () => document.removeEventListener('visibilitychange', shown);
  }, [load]);

  const send = async (to: Party, words: string): Promise<boolean> => {
    // One id for one message: should it be pressed again, it is the same one. Other words are another message.
    const what = `${to} ${words}`;
    if (command.current?.what !== what) command.current = { id: crypto.randomUUID(), what };
    const sent = await outbox.send(taskId, { id: command.current.id, to, words });
    if (sent.kind === 'sent' || sent.kind === 'waiting') {
      command.current = null;
      setTrouble(null);
      if (sent.kind === 'sent') await load();
      return true;
    }
    setTrouble(`Not sent: ${sent.why} What you typed is still here.`);
    return false;
  };

  if (me === null) return null;
  return (
    <section className="case-messages" aria-label="Messages of this case">
      <h3>Messages</h3>
      {thread === null ? (
        <p className="dim">{trouble === null ? 'Asking…' : 'The messages of this case could not be asked for now.'}</p>
      ) : thread.messages.length === 0 && unsent.length === 0 ? (
        <p className="dim">Nobody has written about this study.</p>
      ) : (
        <MessageThread messages={thread.messages} waiting={fresh} me={me} zone={props.zone} />
      )}
      {unsent.length === 0 ? null : (
        <ul className="message-thread" aria-label="Not sent yet">
          {unsent.map((one) => (
            <li key={one.id} className="mine">
              <div className="message-head">
                <span className="signal">
                  <Mark shape="diamond" /> {one.refused ? 'not taken' : 'not sent yet'}
                </span>
                <span className="dim">to {partyWords[one.press.to]}</span>
                <span className="grow" />
                <Button kind="quiet" onClick={() => void outbox.discard(one.id)}>
                  Take back
                </Button>
              </div>
              <p className="message-words">{one.press.words}</p>
              <small className="dim">
                {one.refused
                  ? one.why
                  : `Kept on this machine and sent when the host answers. Phone what cannot wait.${one.why === null ? '' : ` ${one.why}`}`}
              </small>
            </li>
          ))}
        </ul>
      )}
      <MessageForm
        to={thread?.to ?? (['lead', 'site', 'reader'] as const).filter((one) => one !== me)}
        writing={props.writing}
        onSend={send}
      />
      {trouble === null ? null : (
        <Message tone="ask" title={trouble} action={<Button onClick={() => void load()}>Try again</Button>} />
      )}
    </section>
  );
}
