import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { shownLeft } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, useCommands, useNow } from '../ui/index.ts';
import { notificationLeave, notifyCode, soundCode } from './code-tone.ts';

type Alert = CallOutput<'codes'>['alerts'][number];

/** How often the host is asked whether there is a code for this reader, and how often one that nobody acknowledged sounds again. */
const askEvery = 5_000;
const soundEvery = 10_000;

/** A code: one sound and one notification without a word about the patient, again and again until somebody acknowledges or takes it. */
export function CodeAlarm(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly locked: boolean;
  /** Null while another study is read: its own line offers the switch that keeps it. */
  readonly onRead: ((taskId: TaskId) => void) | null;
}) {
  const { host, locked } = props;
  const [alerts, setAlerts] = useState<readonly Alert[]>([]);
  const [leave, setLeave] = useState(notificationLeave);
  const [trouble, setTrouble] = useState<string | null>(null);
  const now = useNow(1_000);
  const asked = useRef(0);

  useEffect(() => {
    if (locked) return;
    let here = true;
    const ask = async (): Promise<void> => {
      asked.current += 1;
      const mine = asked.current;
      const answered = await host.call('codes');
      // A silent host is said elsewhere; what was told stays on screen until the host says otherwise.
      if (here && answered.ok && mine === asked.current) setAlerts(answered.value.alerts);
    };
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => {
      here = false;
      clearInterval(timer);
    };
  }, [host, locked]);

  const key = alerts.map((one) => one.taskId).join(' ');
  useEffect(() => {
    if (key === '' || locked) return;
    soundCode();
    notifyCode();
    const timer = setInterval(() => {
      soundCode();
      notifyCode();
    }, soundEvery);
    return () => clearInterval(timer);
  }, [key, locked]);

  const first = alerts[0] ?? null;
  const acknowledge = (taskId: TaskId): void => {
    asked.current += 1;
    void host.call('acknowledgeCode', { params: { taskId } }).then((answered) => {
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setAlerts((before) => before.filter((one) => one.taskId !== taskId));
    });
  };
  useCommands([
    {
      id: 'code.acknowledge',
      title: 'Acknowledge the code',
      group: 'Overread',
      keys: 'Alt+C',
      run: () => first !== null && acknowledge(first.taskId),
      enabled: () => first !== null,
    },
    {
      id: 'code.notifications',
      title: 'Let codes show a system notification',
      group: 'Overread',
      keys: null,
      run: () => void Notification.requestPermission().then(setLeave),
      enabled: () => leave === 'default',
    },
  ]);

  return (
    <>
      {alerts.map((one, index) => (
        <Message
          key={one.taskId}
          tone="stop"
          title={`Code ${one.condition}: ${one.exam}${one.site === '' ? '' : `, ${one.site}`}.`}
          action={
            <>
              {one.refusal === null && props.onRead !== null ? (
                <Button kind="go" onClick={() => props.onRead?.(one.taskId)}>
                  Read it now
                </Button>
              ) : null}
              <Button {...(index === 0 ? { keys: 'Alt+C' } : {})} onClick={() => acknowledge(one.taskId)}>
                Acknowledge
              </Button>
              {leave === 'default' ? (
                <Button kind="quiet" onClick={() => void Notification.requestPermission().then(setLeave)}>
                  Allow notifications
                </Button>
              ) : null}
            </>
          }
        >
          {now - one.raisedAt < 60_000
            ? 'It has just been raised.'
            : `For ${shownLeft(now - one.raisedAt)} nobody has acknowledged it.`}
          {one.level === 0 ? '' : ' You are told because others did not answer.'}
          {one.refusal === null ? '' : ` You may not read it (${one.refusal}): find somebody who may.`}
        </Message>
      ))}
      {trouble === null ? null : <Message tone="ask" title={trouble} />}
    </>
  );
}
