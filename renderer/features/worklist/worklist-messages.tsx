import type { Silent } from '../../../shared/domain/reading/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { timeInZone } from '../../../shared/lib/zoned-time.ts';
import { Button, Message } from '../../ui/index.ts';
import type { FeedStanding } from './feed.ts';

function clock(at: number, now: number): string {
  return timeInZone(instant(at), Intl.DateTimeFormat().resolvedOptions().timeZone, instant(now));
}

function age(confirmed: string | null): string {
  return confirmed === null ? '' : `List ${confirmed}. Claims may have changed since.`;
}

/** How the list stands to the host, at its upper edge; nothing where it is live. */
export function StandingLine(props: {
  readonly standing: FeedStanding;
  readonly silent: Silent;
  /** When the list was last confirmed, in words; null while it is live. */
  readonly confirmed: string | null;
  readonly now: number;
  readonly onRetry: () => void;
}) {
  const { standing, confirmed } = props;
  switch (standing.kind) {
    case 'live':
      return props.silent !== 'record' ? null : (
        <Message
          tone="ask"
          title="The record does not answer."
          action={<Button onClick={props.onRetry}>Try again</Button>}
        >
          {age(confirmed)} Open cases, drafts and signing go on.
        </Message>
      );
    case 'loading':
      return null;
    case 'opening':
      return (
        <Message tone="tell" title={`The top of ${standing.total} studies`}>
          The rest is being opened. {age(confirmed)}
        </Message>
      );
    case 'stale':
      return confirmed === null ? null : (
        <Message tone="tell" title={`List ${confirmed}`}>
          Asking for the newest now.
        </Message>
      );
    case 'offline':
      return (
        <Message
          tone="ask"
          title={`Offline since ${clock(standing.since, props.now)}, ${Math.max(0, Math.floor((props.now - standing.since) / 60_000))} min`}
          action={<Button onClick={props.onRetry}>Try again</Button>}
        >
          {age(confirmed)} What is open stays open; drafts are kept on this machine.
        </Message>
      );
    case 'failed':
      return (
        <Message
          tone="ask"
          title="The worklist could not be renewed."
          action={<Button onClick={props.onRetry}>Try again</Button>}
        >
          {standing.message} {age(confirmed)}
        </Message>
      );
    default:
      return assertNever(standing);
  }
}

/** What fills the list where there is no row to show: why, and the next step. */
export function EmptyList(props: {
  readonly standing: FeedStanding;
  readonly total: number;
  readonly hiddenGreyed: number;
  readonly onShowAll: () => void;
}) {
  if (props.total > 0) {
    return (
      <Message
        form="block"
        tone="tell"
        title="No study passes the filter."
        action={<Button onClick={props.onShowAll}>Show all {props.total}</Button>}
      >
        {props.hiddenGreyed > 0 ? `${props.hiddenGreyed} more are hidden because you may not read them.` : null}
      </Message>
    );
  }
  if (props.standing.kind === 'loading' || props.standing.kind === 'stale' || props.standing.kind === 'opening') {
    return <Message form="block" tone="tell" title="Asking for the list…" />;
  }
  if (props.standing.kind !== 'live') return null;
  return (
    <Message form="block" tone="tell" title="No study waits for you.">
      New studies appear here by themselves, as soon as an order or images arrive.
    </Message>
  );
}
