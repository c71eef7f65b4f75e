import { useState } from 'react';
import type { Session } from '../../shared/api/index.ts';
import { Button, Message } from '../ui/index.ts';

type Reminder = Session['reminders'][number];

function words({ what, expires, daysLeft, due }: Reminder): string {
  if (due === 'ended') return `${what} ended ${expires}.`;
  const left = daysLeft === 0 ? 'today' : daysLeft === 1 ? 'tomorrow' : `in ${daysLeft} days`;
  return `${what} ends ${left} (${expires}).`;
}

/** What of her credentials ends within 90 days, on the list until she puts it away; it comes back at the next sign-in. */
export function CredentialReminder({ reminders }: { readonly reminders: readonly Reminder[] }) {
  const [away, setAway] = useState(false);
  const [first, ...rest] = reminders;
  if (first === undefined || away) return null;
  const urgent = reminders.some((one) => !one.billingOnly && (one.due === 'ended' || one.due === 7));
  return (
    <Message
      tone={urgent ? 'ask' : 'tell'}
      title={words(first)}
      action={
        <Button kind="quiet" onClick={() => setAway(true)}>
          Put away
        </Button>
      }
    >
      {rest.length === 0 ? 'Tell your group when it is renewed.' : rest.map(words).join(' ')}
    </Message>
  );
}
