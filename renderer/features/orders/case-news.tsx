import { useEffect, useRef, useState } from 'react';
import type { CallOutput, CaseDetail, WorklistRow } from '../../../shared/api/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Message } from '../../ui/index.ts';

type Event = CallOutput<'timeline'>['events'][number];

const kinds: Readonly<Partial<Record<Event['type'], string>>> = {
  'identity.changed': 'The site changed who the patient is',
  'order.changed': 'The site changed the order',
  'site.report': 'The site’s own report has come',
};

/**
 * What the site's messages changed since the case was opened, at once and by name. Nothing on screen moves by itself: the reader opens
 * the case anew, and the host checks the new facts at signing whether or not she does.
 */
export function CaseNews(props: {
  readonly host: HostClient;
  readonly caseStore: CaseStore;
  readonly detail: CaseDetail;
  readonly live: WorklistRow;
  readonly onReopen: () => void;
}) {
  const { host, caseStore, detail, live } = props;
  const { epoch, taskId } = detail.context;
  const [news, setNews] = useState<readonly Event[]>([]);
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    known.current = null;
    const ask = async (): Promise<void> => {
      const answered = await host.call('timeline', { params: { taskId }, signal: caseStore.signalOf(epoch) });
      if (!answered.ok || !caseStore.isCurrent(epoch)) return;
      const told = answered.value.events.filter((event) => kinds[event.type] !== undefined);
      // What was told before the case was opened is in what was opened.
      const before = known.current ?? new Set(told.map((event) => event.id));
      known.current = before;
      setNews(told.filter((event) => !before.has(event.id)));
    };
    void ask();
    return caseStore.onEvent((event) => {
      if (event.type === 'case-changed') void ask();
    });
  }, [host, caseStore, taskId, epoch]);

  if (news.length === 0) return null;
  const identity = news.some((event) => event.type === 'identity.changed');
  const zone = detail.order?.site?.zone ?? live.site?.zone ?? 'UTC';
  const stops = live.identity === 'stop' && detail.identity.grade !== 'stop';
  const types = [...new Set(news.map((event) => event.type))];
  return (
    <Message
      tone={stops ? 'stop' : identity ? 'ask' : 'tell'}
      title={`${types.map((type) => kinds[type] ?? type).join('. ')}.`}
      action={<Button onClick={props.onReopen}>Open it anew</Button>}
    >
      {news.map((event) => `${event.detail} (${formatInZone(event.occurredAt, zone)})`).join('; ')}.{' '}
      {stops ? 'Order and images no longer name one patient: it cannot be signed until that is resolved. ' : ''}
      What is on screen stays until you open it anew; your words are kept, and what is signed was not moved.
    </Message>
  );
}
