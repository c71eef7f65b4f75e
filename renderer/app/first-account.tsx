import { type FormEvent, useState } from 'react';
import type { Capabilities } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, TextField } from '../ui/index.ts';
import { NotADevice } from './not-a-device.tsx';

/** The first run outside the demo: whoever starts the program makes the first account, as lead. */
export function FirstAccount(props: {
  readonly host: HostClient;
  readonly capabilities: Capabilities;
  readonly onMade: () => void;
}) {
  const [name, setName] = useState('');
  const [userName, setUserName] = useState('');
  const [npi, setNpi] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (password !== again) return setRefused('The two passwords differ.');
    if (password.length < 8) return setRefused('A password has 8 characters or more.');
    setBusy(true);
    setRefused(null);
    const answered = await props.host.call('firstAccount', {
      input: { userName, name, password, npi: npi.trim() === '' ? null : npi.trim() },
    });
    setBusy(false);
    if (answered.ok) props.onMade();
    else setRefused(answered.error.message);
  };

  return (
    <main className="gate" aria-label="First account">
      <form className="gate-form" onSubmit={(event) => void submit(event)}>
        <h1 className="wordmark gate-mark">
          Over<i>read</i>
        </h1>
        <p className="dim">
          No account exists yet. The first one is a lead’s, without a limit to any state; others are added with{' '}
          <span className="mono">npm run accounts</span>.
        </p>
        <TextField
          label="Your name"
          hint="As it stands under a report"
          value={name}
          onChange={setName}
          autoFocus
          required
        />
        <TextField label="User name" value={userName} onChange={setUserName} required autoComplete="username" />
        <TextField
          label="NPI"
          hint="National Provider Identifier; may stay empty"
          value={npi}
          onChange={setNpi}
          maxLength={20}
        />
        <TextField
          label="Password"
          value={password}
          onChange={setPassword}
          secret
          required
          autoComplete="new-password"
        />
        <TextField
          label="Password again"
          value={again}
          onChange={setAgain}
          secret
          required
          autoComplete="new-password"
        />
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <Button kind="go" type="submit" disabled={busy}>
          Make the account
        </Button>
        {props.capabilities.notices.map((notice) => (
          <p className="gate-note" key={notice}>
            {notice}
          </p>
        ))}
        <NotADevice />
      </form>
    </main>
  );
}
