import { type FormEvent, useState } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import { shownTime } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Dialog, Mark, Message, TextField, useCommands } from '../ui/index.ts';

const fieldWords = { name: 'Name', birthDate: 'Born', sex: 'Sex', id: 'Patient id', study: 'Study' } as const;

type Difference = CaseDetail['identity']['differences'][number];

function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <table className="identity-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">What</span>
          </th>
          <th scope="col">Order</th>
          <th scope="col">Images</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={`${difference.field}${difference.words}`}>
            <th scope="row">{fieldWords[difference.field]}</th>
            <td>
              <b>{difference.order || 'not given'}</b>
            </td>
            <td>
              <b>{difference.images || 'not given'}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ResolveDialog(props: {
  readonly host: HostClient;
  readonly detail: CaseDetail;
  readonly differences: readonly Difference[];
  readonly onResolved: (resolution: NonNullable<CaseDetail['identityResolution']>) => void;
  readonly onClose: () => void;
}) {
  const { host, detail, differences } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (reason.trim().length < 8)
      return setRefused('Say in some words how it is known who this is (8 letters or more).');
    setBusy(true);
    setRefused(null);
    const answered = await host.call('resolveIdentity', {
      params: { taskId: detail.context.taskId },
      input: {
        reason: reason.trim(),
        // All that the host compared, in its words: it refuses a reason that was given for other differences.
        differences: detail.identity.differences.map((one) => one.words),
      },
    });
    setBusy(false);
    if (answered.ok) props.onResolved(answered.value);
    else setRefused(answered.error.message);
  };
  return (
    <Dialog title="Resolve identity" onClose={props.onClose}>
      <form className="dialog-body" onSubmit={(event) => void submit(event)}>
        <Differences differences={differences} />
        <p className="dim">
          The reason is recorded with your name, and the signature will cover it.
          {detail.row.site?.phone == null ? '' : ` The site’s number: ${detail.row.site.phone}.`}
        </p>
        <TextField
          label="Reason"
          hint="Such as: site called, clerk mistyped the order"
          value={reason}
          onChange={setReason}
          rows={3}
          autoFocus
          maxLength={2_000}
        />
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <div className="dialog-actions">
          <Button kind="go" type="submit" disabled={busy}>
            Record the reason
          </Button>
          <Button kind="quiet" keys="Esc" onClick={props.onClose}>
            Leave it blocked
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The line under the patient bar where order and images do not name one person. */
export function IdentityLine(props: {
  readonly detail: CaseDetail;
  /** Absent in an image window: a reason is given where the case is read. */
  readonly resolve?: {
    readonly host: HostClient;
    readonly onResolved: (resolution: NonNullable<CaseDetail['identityResolution']>) => void;
  };
}) {
  const { detail, resolve } = props;
  const [open, setOpen] = useState(false);
  const { grade, differences } = detail.identity;
  const resolved = detail.identityResolution;
  const asks = (grade === 'stop' || grade === 'ask') && resolved === null;
  const mayResolve = detail.mode === 'read' && resolve !== undefined;
  useCommands([
    {
      id: 'case.resolve-identity',
      title: 'Resolve the identity with a reason',
      group: 'Report',
      keys: 'F8',
      run: () => setOpen(true),
      enabled: () => asks && mayResolve,
    },
  ]);
  if (grade === 'same') return null;
  const shown = differences.filter((one) => one.grade !== 'same');
  const grave = shown.filter((one) => one.grade === grade);
  const words = grave.map((one) => one.words).join(' · ') || 'Order and images do not name one person';
  if (resolved !== null) {
    return (
      <div className="identity-line tell">
        <Mark shape="tick" /> Identity resolved by {resolved.by},{' '}
        {shownTime(resolved.at, detail.row.site?.zone ?? null)}: <b>{resolved.reason}</b>
      </div>
    );
  }
  if (grade === 'tell') {
    return (
      <div className="identity-line tell">
        Same person, another spelling: {shown.map((one) => one.words).join(' · ')}
      </div>
    );
  }
  return (
    <div className={`identity-line ${grade}`} role="alert">
      <div className="row">
        <Mark shape={grade === 'stop' ? 'octagon' : 'diamond'} />
        <b className={grade === 'stop' ? 'danger' : 'signal'}>{words.charAt(0).toUpperCase() + words.slice(1)}</b>
      </div>
      <Differences differences={grave} />
      <span className="grow" />
      {grade === 'stop' ? <span className="dim">Signing waits; phoning a finding does not.</span> : null}
      {mayResolve ? (
        <Button keys="F8" onClick={() => setOpen(true)}>
          Resolve with reason
        </Button>
      ) : (
        <span className="mute">
          {detail.mode === 'read' ? 'To be resolved in the reading window' : 'Who reads it may resolve it'}
        </span>
      )}
      {open && resolve !== undefined ? (
        <ResolveDialog
          host={resolve.host}
          detail={detail}
          differences={shown}
          onClose={() => setOpen(false)}
          onResolved={(resolution) => {
            setOpen(false);
            resolve.onResolved(resolution);
          }}
        />
      ) : null}
    </div>
  );
}
