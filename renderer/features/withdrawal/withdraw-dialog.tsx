import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { CaseDetail, CaseWithdrawal } from '../../../shared/api/index.ts';
import type { WithdrawalReason } from '../../../shared/domain/report/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, KeyPlate, Mark, TextField, unbroken } from '../../ui/index.ts';
import { type RightExam, RightExamField } from './right-exam.tsx';
import { createWithdrawPress, type WithdrawInput } from './withdraw-press.ts';
import { shownOf } from './withdrawal-words.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** As the host wants it: a word such as "error" says nothing to whoever opens the chart. */
const shortestReason = 8;

const reasons: readonly { readonly why: WithdrawalReason; readonly title: string; readonly words: string }[] = [
  {
    why: 'wrong-patient',
    title: 'Wrong patient',
    words: 'These words are about another patient or another exam. Two patients are to be told of.',
  },
  {
    why: 'entered-in-error',
    title: 'Entered in error',
    words: 'This report should not be there, and is nobody else’s.',
  },
];

type Phase =
  | { readonly kind: 'asking' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'refused' | 'unknown'; readonly words: string };

/** One deliberate press that takes a report back everywhere: whose it is, why, and proof that it is she who says so. */
export function WithdrawDialog(props: {
  readonly detail: CaseDetail;
  readonly standing: NonNullable<CaseWithdrawal['standing']>;
  readonly passwordNeeded: boolean;
  readonly userName: string;
  readonly zone: string;
  readonly host: Pick<HostClient, 'call'>;
  readonly onDone: () => void;
  readonly onBack: () => void;
}) {
  const { detail, standing, host, zone } = props;
  const { taskId } = detail.context;
  const shown = useMemo(() => shownOf(detail), [detail]);
  const [why, setWhy] = useState<WithdrawalReason | null>(null);
  const [right, setRight] = useState<RightExam | null>(null);
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const [passwordNeeded, setPasswordNeeded] = useState(props.passwordNeeded);
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const press = useRef<ReturnType<typeof createWithdrawPress> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    form.current?.querySelector<HTMLElement>('input[type=radio]')?.focus();
    return () => {
      alive.current = false;
    };
  }, []);
  const busy = phase.kind === 'sending';
  const blocked =
    why === null
      ? 'Say which of the two it is.'
      : reason.trim().length < shortestReason
        ? 'Say in a few words what happened.'
        : passwordNeeded && password === ''
          ? 'Your password shows that it is you.'
          : null;

  async function withdraw(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || blocked !== null || why === null) return;
    setPhase({ kind: 'sending' });
    if (press.current === null) {
      const input: WithdrawInput = {
        // One id for each press: the host answers a repeated one with what it did the first time.
        commandId: crypto.randomUUID(),
        context: detail.context,
        shown,
        version: standing.version,
        why,
        reason: reason.trim(),
        rightTaskId: why === 'wrong-patient' ? (right?.taskId ?? null) : null,
        ...(password === '' ? {} : { password }),
      };
      press.current = createWithdrawPress(input, taskId, host, pause);
    }
    const outcome = await press.current.ask();
    if (outcome.kind === 'withdrawn') return props.onDone();
    if (!alive.current) return;
    const { code, message } = outcome.failure;
    if (outcome.kind === 'unknown') {
      setPhase({ kind: 'unknown', words: message });
      return;
    }
    press.current = null;
    setPassword('');
    if (code === 'password-needed' || code === 'wrong-password') setPasswordNeeded(true);
    setPhase({ kind: 'refused', words: message });
  }

  const back = busy ? undefined : phase.kind === 'unknown' ? props.onDone : props.onBack;
  return (
    <Dialog title="Withdraw report" className="withdraw-dialog" {...(back === undefined ? {} : { onClose: back })}>
      <form ref={form} className="withdraw-form" onSubmit={(event) => void withdraw(event)}>
        <div className="withdraw-who">
          <p className="withdraw-name">{shown.name}</p>
          <p>
            born <b className="unbroken">{shown.birthDate === '' ? 'not given' : shown.birthDate}</b>, accession{' '}
            <b className="mono unbroken">{shown.accession === '' ? 'none' : shown.accession}</b>, {shown.exam}
          </p>
          <p className="dim">
            Version {standing.version}, {standing.kind}, signed by {standing.signer},{' '}
            {unbroken(formatInZone(standing.signedAt as Instant, zone))}
          </p>
          {standing.together.length === 0 ? null : (
            <p className="signal">
              {unbroken(`The same report is over ${standing.together.join(' and ')}: it is withdrawn there too.`)}
            </p>
          )}
        </div>
        <p className="withdraw-what">
          <Mark shape="octagon" /> Every receiver gets a version that says WITHDRAWN and holds none of these words. It
          cannot be undone; the exam goes back on the list to be read.
        </p>
        <fieldset className="withdraw-why" disabled={busy}>
          <legend>Why</legend>
          {reasons.map((one) => (
            <label key={one.why}>
              <input
                type="radio"
                name="why"
                autoComplete="off"
                checked={why === one.why}
                onChange={() => setWhy(one.why)}
              />
              <span>
                <b>{one.title}</b> <span className="dim">{one.words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {why === 'wrong-patient' ? (
          <RightExamField host={host} notTaskId={taskId} chosen={right} busy={busy} onChoose={setRight} />
        ) : null}
        <TextField
          label="What happened"
          hint="It stands in this patient’s chart: name no other patient."
          rows={2}
          value={reason}
          onChange={setReason}
          maxLength={2_000}
        />
        {passwordNeeded ? (
          <TextField
            label="Password"
            hint={`of ${props.userName}`}
            secret
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
          />
        ) : null}
        <p role="status" aria-label="Withdrawing" className={phase.kind === 'refused' ? 'danger' : 'signal'}>
          {phase.kind === 'sending'
            ? 'Withdrawing…'
            : phase.kind === 'refused'
              ? `Not withdrawn: ${phase.words}`
              : phase.kind === 'unknown'
                ? `It is not known whether it was withdrawn: ${phase.words} Ask again; the same press cannot do it twice.`
                : (blocked ?? '')}
        </p>
        <div className="withdraw-actions">
          <Button kind="go" type="submit" disabled={busy || blocked !== null} title={blocked ?? undefined}>
            {phase.kind === 'unknown' ? 'Ask again' : 'Withdraw'}
            <span aria-hidden="true" className="plate">
              <KeyPlate keys="Enter" />
            </span>
          </Button>
          <Button keys="Esc" disabled={busy} onClick={back}>
            Back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
