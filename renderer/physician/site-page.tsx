import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { SiteDesk } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Result } from '../../shared/lib/result.ts';
import { DowntimeDialog } from '../features/upkeep/index.ts';
import type { CallFailure, HostClient } from '../host/index.ts';
import { Button, Message, TextField } from '../ui/index.ts';
import { type BillingState, type CorrectOrder, SiteBilling } from './site-billing.tsx';
import { SiteDeskView } from './site-desk-view.tsx';
import { SiteFollowUps } from './site-follow-ups.tsx';

const askEvery = 15_000;
/** It asks the record for coverage of each study, and changes with orders alone. */
const billingEvery = 120_000;

/** Signing in, and then the one page. */
export function SitePage({ host, refused }: { readonly host: HostClient; readonly refused: EventTarget }) {
  const [signedIn, setSignedIn] = useState(host.session.token() !== null);
  const [why, setWhy] = useState<string | null>(null);
  const leave = useCallback(
    (words: string) => {
      host.session.forget();
      setWhy(words);
      setSignedIn(false);
    },
    [host],
  );
  useEffect(() => {
    const out = (): void => leave('You were signed out. Sign in to go on; nothing that was sent is lost.');
    refused.addEventListener('not-signed-in', out);
    refused.addEventListener('locked', out);
    return () => {
      refused.removeEventListener('not-signed-in', out);
      refused.removeEventListener('locked', out);
    };
  }, [refused, leave]);
  return signedIn ? (
    <Desk host={host} onLeave={() => void host.call('signOut').then(() => leave('You signed out.'))} />
  ) : (
    <SiteSignIn host={host} why={why} onSignedIn={() => setSignedIn(true)} />
  );
}

function SiteSignIn(props: {
  readonly host: HostClient;
  readonly why: string | null;
  readonly onSignedIn: () => void;
}) {
  const { host } = props;
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const found = await host.call('signIn', { input: { userName, password, window: host.session.windowId } });
    setBusy(false);
    if (!found.ok) {
      setTrouble(found.error.message);
      return;
    }
    host.session.keep(found.value);
    // Readers have their own page; the session goes with them.
    if (found.value.reader.role === 'site') props.onSignedIn();
    else location.assign('/');
  };
  return (
    <main className="site-gate">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Overread, site desk</h1>
        <p className="dim">Not a cleared medical device. For the desks of sites whose studies this group reads.</p>
        {props.why === null ? null : <p>{props.why}</p>}
        <TextField
          label="User name"
          value={userName}
          onChange={setUserName}
          autoFocus
          required
          autoComplete="username"
        />
        <TextField
          label="Password"
          value={password}
          onChange={setPassword}
          secret
          required
          autoComplete="current-password"
        />
        {trouble === null ? null : <Message tone="ask" title={trouble} />}
        <Button kind="go" type="submit" disabled={busy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

function Desk({ host, onLeave }: { readonly host: HostClient; readonly onLeave: () => void }) {
  const [desk, setDesk] = useState<SiteDesk | null>(null);
  const [trouble, setTrouble] = useState<CallFailure | null>(null);
  const [downtime, setDowntime] = useState(false);
  const askSheet = useCallback(() => host.call('siteDowntimeSheet'), [host]);
  const closeSheet = useCallback(() => setDowntime(false), []);
  const [billing, setBilling] = useState<BillingState>({ kind: 'asking' });
  const askBilling = useCallback(async (): Promise<void> => {
    const found = await host.call('siteFitToBill');
    setBilling(found.ok ? { kind: 'known', list: found.value } : { kind: 'failed', message: found.error.message });
  }, [host]);
  useEffect(() => {
    void askBilling();
    const again = setInterval(() => void askBilling(), billingEvery);
    return () => clearInterval(again);
  }, [askBilling]);
  const load = useCallback(async (): Promise<void> => {
    const found = await host.call('siteDesk');
    if (found.ok) {
      setDesk(found.value);
      setTrouble(null);
    } else setTrouble(found.error);
  }, [host]);
  useEffect(() => {
    void load();
    const again = setInterval(() => void load(), askEvery);
    return () => clearInterval(again);
  }, [load]);
  const correct: CorrectOrder = async (taskId, commandId, correction) => {
    const done = await host.call('siteCorrectOrder', {
      params: { taskId: taskId as TaskId },
      input: { commandId, correction },
    });
    if (!done.ok) return done.error.message;
    setBilling({ kind: 'known', list: done.value });
    return null;
  };
  /** Null when it was taken, else why not; what was typed stays with whoever asked. */
  const act = async (asked: Promise<Result<SiteDesk, CallFailure>>): Promise<string | null> => {
    const done = await asked;
    if (!done.ok) {
      void load();
      return done.error.message;
    }
    setDesk(done.value);
    return null;
  };
  return (
    <section className="site-desk" aria-label="Site desk">
      {downtime ? <DowntimeDialog ask={askSheet} onClose={closeSheet} /> : null}
      {trouble === null ? null : (
        <Message
          tone={desk === null && trouble.code === 'not-found' ? 'tell' : 'ask'}
          title={trouble.message}
          action={<Button onClick={() => void load()}>Try again</Button>}
        >
          {desk === null ? null : 'What is shown is as it was last known.'}
        </Message>
      )}
      {desk === null ? (
        <p className="dim">
          {trouble === null ? 'Asking…' : null} <Button onClick={onLeave}>Sign out</Button>
        </p>
      ) : (
        <SiteDeskView
          desk={desk}
          onLeave={onLeave}
          onDowntime={() => setDowntime(true)}
          onAnswer={(questionId, input) => act(host.call('siteAnswer', { params: { questionId }, input }))}
          followUps={<SiteFollowUps host={host} />}
          billing={<SiteBilling state={billing} onAsk={() => void askBilling()} onCorrect={correct} />}
          writes={{
            send: (taskId, input) => act(host.call('siteMessage', { params: { taskId: taskId as TaskId }, input })),
            seen: (taskId, ids) =>
              act(host.call('siteMessagesSeen', { params: { taskId: taskId as TaskId }, input: { ids: [...ids] } })),
          }}
          onCallMe={(taskId, input) => act(host.call('siteCallMe', { params: { taskId }, input }))}
        />
      )}
    </section>
  );
}
