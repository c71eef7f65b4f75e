import { useEffect, useRef, useState } from 'react';
import type { SiteStudy } from '../../shared/api/index.ts';
import { type Message, mayWriteTo, type Party } from '../../shared/domain/message/index.ts';
import { MessageForm, MessageThread } from '../features/messages/index.ts';

/** What the desk's page does about messages; each answers null, or why it was not done. */
export type SiteWrites = {
  readonly send: (
    taskId: string,
    input: { readonly commandId: string; readonly to: Party; readonly words: string },
  ) => Promise<string | null>;
  readonly seen: (taskId: string, ids: readonly string[]) => Promise<string | null>;
};

/** The messages of one study on the desk's page. What is shown here counts as seen by the desk. */
export function SiteMessages(props: {
  readonly study: SiteStudy;
  readonly about: string;
  readonly messages: readonly Message[];
  readonly zone: string;
  readonly writes: SiteWrites;
}) {
  const { study, messages, writes } = props;
  const [trouble, setTrouble] = useState<string | null>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const command = useRef<{ readonly id: string; readonly what: string } | null>(null);
  const unseen = messages
    .filter((one) => one.to === 'site' && one.seen === null)
    .map((one) => one.id)
    .join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits is what counts; `writes` is made anew at each answer.
  useEffect(() => {
    if (unseen === '') return;
    const ids = unseen.split(' ');
    setFresh((before) => new Set([...before, ...ids]));
    void writes.seen(study.taskId, ids);
  }, [unseen, study.taskId]);
  const send = async (to: Party, words: string): Promise<boolean> => {
    // One id for one message: should the answer get lost, pressing again sends the same one. Other words are another message.
    const what = `${to} ${words}`;
    if (command.current?.what !== what) command.current = { id: crypto.randomUUID(), what };
    const why = await writes.send(study.taskId, { commandId: command.current.id, to, words });
    if (why === null) command.current = null;
    setTrouble(why === null ? null : `Not sent: ${why} What you typed is still here.`);
    return why === null;
  };
  return (
    <section className="site-messages" aria-label={`Messages about ${props.about}`}>
      {messages.length === 0 ? <p className="dim">Nobody has written about this study.</p> : null}
      <MessageThread messages={messages} waiting={fresh} me="site" zone={props.zone} />
      <MessageForm to={mayWriteTo('site', true)} writing={1} onSend={send} />
      {trouble === null ? null : <p role="alert">{trouble}</p>}
    </section>
  );
}
