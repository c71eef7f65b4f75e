import { type FormEvent, useState } from 'react';
import type { Capabilities, Session } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, TextField } from '../ui/index.ts';
import type { EarlyKeys } from './early-keys.ts';
import { NotADevice } from './not-a-device.tsx';
import { ReadingFromField } from './reading-from-field.tsx';

/** Who may be signed in as on a demo host; all have the password `demo`. */
const demoUsers = ['reader', 'lead', 'qa', 'site'] as const;

export function SignIn(props: {
  readonly host: HostClient;
  readonly capabilities: Capabilities;
  /** Why the last session ended; null at a first visit. */
  readonly ended: string | null;
  readonly earlyKeys: Pick<EarlyKeys, 'wait' | 'forget'>;
  readonly onSignedIn: (session: Session) => void;
}) {
  const { host, capabilities } = props;
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [from, setFrom] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefused(null);
    props.earlyKeys.wait();
    const answered = await host.call('signIn', {
      input: { userName, password, window: host.session.windowId, ...(from === '' ? {} : { readingFrom: from }) },
    });
    setBusy(false);
    if (answered.ok) props.onSignedIn(answered.value);
    else {
      props.earlyKeys.forget();
      setPassword('');
      setRefused(answered.error.message);
    }
  };

  return (
    <main className="gate" aria-label="Sign in">
      <form className="gate-form" onSubmit={(event) => void submit(event)}>
        <h1 className="wordmark gate-mark">
          Over<i>read</i>
        </h1>
        {props.ended === null ? null : (
          <Message tone="tell" title={props.ended}>
            Drafts that were saved are kept.
          </Message>
        )}
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
        <ReadingFromField value={from} onChange={setFrom} />
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <Button kind="go" type="submit" disabled={busy} keys="Enter">
          Sign in
        </Button>
        {capabilities.demo ? (
          <p className="gate-note">
            Demo day, NOT FOR CLINICAL USE. Sign in as{' '}
            {demoUsers.map((name, index) => (
              <span key={name}>
                {index === 0 ? '' : index === demoUsers.length - 1 ? ' or ' : ', '}
                <button
                  type="button"
                  className="as-link"
                  onClick={() => {
                    setUserName(name);
                    setPassword('demo');
                  }}
                >
                  {name}
                </button>
              </span>
            ))}
            ; the password is <span className="mono">demo</span>.
          </p>
        ) : null}
        {capabilities.notices.map((notice) => (
          <p className="gate-note" key={notice}>
            {notice}
          </p>
        ))}
        <NotADevice />
      </form>
    </main>
  );
}
