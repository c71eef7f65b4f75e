import { type FormEvent, useState } from 'react';
import type { CallOutput } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Dialog, Message, TextField } from '../ui/index.ts';

/**
 * Covers the whole window and lies above every other dialog. The screen beneath stays mounted, hidden and inert, so that the same
 * image, window and caret are there afterwards; it names nobody.
 */
export function LockScreen(props: {
  readonly host: HostClient;
  readonly onUnlocked: (session: CallOutput<'unlockSession'>) => void;
  readonly onSignOut: () => void;
}) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefused(null);
    const answered = await props.host.call('unlockSession', { input: { password } });
    setBusy(false);
    setPassword('');
    if (answered.ok) props.onUnlocked(answered.value);
    else if (answered.error.code === 'not-signed-in') props.onSignOut();
    else setRefused(answered.error.message);
  };
  return (
    <Dialog title="Locked" bare className="lock">
      <form className="gate-form" onSubmit={(event) => void submit(event)}>
        <p className="wordmark gate-mark">
          Over<i>read</i>
        </p>
        <p className="gate-title">Locked</p>
        <p className="dim">Your draft, your images and your place are kept.</p>
        <TextField
          label="Password"
          value={password}
          onChange={setPassword}
          secret
          required
          autoFocus
          autoComplete="current-password"
        />
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <div className="row">
          <Button kind="go" type="submit" disabled={busy} keys="Enter">
            Unlock
          </Button>
          <Button kind="quiet" onClick={props.onSignOut}>
            Sign out
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
