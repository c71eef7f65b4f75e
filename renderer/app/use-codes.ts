import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { HostClient } from '../host/index.ts';
import { useCommands } from '../ui/index.ts';
import { notificationLeave, notifyCode, soundCode } from './code-tone.ts';

export type CodeAlert = CallOutput<'codes'>['alerts'][number];

/** The codes that this reader is told of, and what she can do about them. */
export type Codes = {
  readonly alerts: readonly CodeAlert[];
  /** Why an acknowledgement was not written down; null while none failed. */
  readonly trouble: string | null;
  /** Whether the system may be asked to show notifications. */
  readonly mayAsk: boolean;
  acknowledge(taskId: TaskId): void;
  allow(): void;
};

/** How often the host is asked whether there is a code for this reader, and how often one that nobody acknowledged sounds again. */
const askEvery = 5_000;
const soundEvery = 10_000;

/** Asks for codes, and sounds without a word about the patient, again and again until somebody acknowledges or takes it. */
export function useCodes(host: Pick<HostClient, 'call'>, locked: boolean): Codes {
  const [alerts, setAlerts] = useState<readonly CodeAlert[]>([]);
  const [leave, setLeave] = useState(notificationLeave);
  const [trouble, setTrouble] = useState<string | null>(null);
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
  const allow = (): void => void Notification.requestPermission().then(setLeave);
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
      run: allow,
      enabled: () => leave === 'default',
    },
  ]);
  return { alerts, trouble, mayAsk: leave === 'default', acknowledge, allow };
}
