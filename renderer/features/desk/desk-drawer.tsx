import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { CaseDesk } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';
import { Button, Message, useNow } from '../../ui/index.ts';
import { AskForm } from './ask-form.tsx';
import { CallItem } from './call-item.tsx';
import { QuestionItem } from './question-item.tsx';
import './desk.css';

/** What stands between this case and its site: beside the images, never on them. */
export function DeskDrawer(props: {
  readonly host: HostClient;
  readonly taskId: TaskId;
  readonly reader: Reader;
  /** Patient and accession, so that no word is meant for another case. */
  readonly about: string;
  /** Changes when the list has news of this case's desk. */
  readonly stamp: string;
  /** The hand went there to write a message, and not to ask. */
  readonly writing: boolean;
  /** The messages of the case. */
  readonly messages: ReactNode;
  readonly onClose: () => void;
}) {
  const { host, taskId, reader, stamp } = props;
  const now = useNow(10_000);
  const [desk, setDesk] = useState<CaseDesk | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const drawer = useRef<HTMLElement>(null);

  const load = useCallback(async (): Promise<void> => {
    const found = await host.call('caseDesk', { params: { taskId } });
    if (found.ok) {
      setDesk(found.value);
      setTrouble(null);
    } else setTrouble(found.error.message);
  }, [host, taskId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that there is something new to ask for.
  useEffect(() => void load(), [load, stamp]);

  /** False where it was refused or got lost: what was typed stays. */
  const act = async (asked: () => Promise<Result<CaseDesk, CallFailure>>): Promise<boolean> => {
    setBusy(true);
    const done = await asked();
    setBusy(false);
    if (!done.ok) {
      setTrouble(`${done.error.message} What you typed is still here.`);
      return false;
    }
    setDesk(done.value);
    setTrouble(null);
    return true;
  };
  const acts = reader.role === 'radiologist' || reader.role === 'lead';
  // One id for one press: should the answer get lost, pressing again asks the same question and not another.
  const command = useRef<string | null>(null);
  const ask: Parameters<typeof AskForm>[0]['onAsk'] = async (kind, words) => {
    command.current ??= crypto.randomUUID();
    const commandId = command.current;
    const taken = await act(() => host.call('askSite', { params: { taskId }, input: { commandId, kind, words } }));
    if (taken) command.current = null;
    return taken;
  };

  const zone = desk?.site?.zone ?? null;
  return (
    <aside
      className="desk-drawer"
      aria-label="Site"
      ref={drawer}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div className="section-head">
        <h2>Site</h2>
        <span className="grow" />
        <Button kind="quiet" keys="Esc" onClick={props.onClose}>
          Close
        </Button>
      </div>
      {trouble === null ? null : (
        <Message
          tone="ask"
          title="The site’s desk could not be reached."
          action={<Button onClick={() => void load()}>Try again</Button>}
        >
          {trouble}
        </Message>
      )}
      {desk === null ? (
        trouble === null ? (
          <p className="dim">Asking…</p>
        ) : acts ? (
          // Also while the host is silent: what is written is kept here until it answers.
          props.messages
        ) : null
      ) : (
        <>
          <p>
            <b>{props.about}</b>
          </p>
          <p>
            {desk.site === null ? 'No site is named for this study: there is nobody to ask here.' : desk.site.name}
            {desk.site?.phone == null ? null : <span className="mono"> {desk.site.phone}</span>}
          </p>
          {desk.calls.length === 0 ? null : (
            <ul className="desk-list" aria-label="Calls">
              {desk.calls.map((call) => (
                <CallItem
                  key={call.id}
                  call={call}
                  zone={zone}
                  busy={busy}
                  onEnd={
                    acts
                      ? (words) =>
                          act(() => host.call('endCall', { params: { taskId, callId: call.id }, input: { words } }))
                      : null
                  }
                />
              ))}
            </ul>
          )}
          {acts ? props.messages : null}
          {acts && desk.site !== null ? (
            <AskForm siteName={desk.site.name} busy={busy} focus={!props.writing} pausing={desk.pausing} onAsk={ask} />
          ) : null}
          <h3>Questions</h3>
          {desk.questions.length === 0 ? <p className="dim">Nothing was asked about this study.</p> : null}
          <ul className="desk-list" aria-label="Questions">
            {desk.questions.map((question) => (
              <QuestionItem
                key={question.id}
                question={question}
                priority={desk.priority}
                zone={zone}
                now={now}
                busy={busy}
                onWithdraw={
                  acts
                    ? (reason) =>
                        act(() =>
                          host.call('withdrawQuestion', {
                            params: { taskId, questionId: question.id },
                            input: { reason },
                          }),
                        )
                    : null
                }
              />
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
