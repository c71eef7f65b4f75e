import { assertNever } from '../../../shared/lib/assert-never.ts';
import { Button, Message } from '../../ui/index.ts';
import type { FeedStanding } from './feed.ts';

function clock(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at);
}

function age(asOf: number | null): string {
  return asOf === null ? '' : `List as of ${clock(asOf)}. Claims may have changed since.`;
}

/** How the list stands to the host, at its upper edge; nothing where it is live. */
export function StandingLine(props: {
  readonly standing: FeedStanding;
  readonly asOf: number | null;
  readonly now: number;
  readonly onRetry: () => void;
}) {
  const { standing } = props;
  switch (standing.kind) {
    case 'live':
    case 'loading':
      return null;
    case 'opening':
      return (
        <Message tone="tell" title={`The top of ${standing.total} studies`}>
          The rest is being opened. {age(props.asOf)}
        </Message>
      );
    case 'stale':
      return props.asOf === null ? null : (
        <Message tone="tell" title={`List as of ${clock(props.asOf)}`}>
          Asking for the newest now.
        </Message>
      );
    case 'offline':
      return (
        <Message
          tone="ask"
          title={`Offline since ${clock(standing.since)}, ${Math.max(0, Math.floor((props.now - standing.since) / 60_000))} min`}
          action={<Button onClick={props.onRetry}>Try again</Button>}
        >
          {age(props.asOf)} What is open stays open; drafts are kept on this machine.
        </Message>
      );
    case 'failed':
      return (
        <Message
          tone="ask"
          title="The worklist could not be renewed."
          action={<Button onClick={props.onRetry}>Try again</Button>}
        >
          {standing.message} {age(props.asOf)}
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
