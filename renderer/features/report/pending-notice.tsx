import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { Role } from '../../../shared/domain/reader/index.ts';
import { shortestSentBack } from '../../../shared/domain/reading/index.ts';
import { examHeading } from '../../../shared/domain/report/index.ts';
import { shownTime } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Message, TextField, unbroken, useCommands } from '../../ui/index.ts';
import { VersionText } from './released-report.tsx';
import type { LinkedExamsInUse } from './use-linked-exams.ts';

/** Where the screen goes after a move: `look` and `read` open the case anew. */
export type AfterPending = 'look' | 'read' | 'leave';

type Pending = NonNullable<CaseDetail['pending']>;

const titles: Readonly<Record<Exclude<Pending['standing'], 'signed'>, (pending: Pending, at: string) => string>> = {
  'to-sign': ({ writer }, at) => `Pending signature: dictated by ${writer.name}, given ${at}`,
  given: (_pending, at) => `You gave this report to be signed, ${at}`,
  'given-opened': (_pending, at) => `You gave this report to be signed, ${at}`,
  'sent-back': ({ sentBack }, at) => `Sent back by ${sentBack?.name ?? 'who was to sign it'}, ${at}`,
};

/** A report that waits for a signature, as it stands to this reader: signed over, sent back, taken back, or come back to her. */
export function PendingNotice(props: {
  readonly detail: CaseDetail;
  readonly role: Role;
  /** A report is signed here since the case was opened: nothing waits any more. */
  readonly signed: boolean;
  readonly zone: string;
  readonly host: Pick<HostClient, 'call'>;
  /** Sends the last words to both places; false where that failed. */
  readonly flush: () => Promise<boolean>;
  readonly onDone: (next: AfterPending) => void;
  readonly linked: LinkedExamsInUse;
}) {
  const { detail, host, zone } = props;
  const { pending } = detail;
  const [writing, setWriting] = useState(false);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const holds = detail.mode === 'read' && detail.claim !== null;
  const maySendBack = pending?.standing === 'to-sign' && !props.signed && (holds || props.role === 'lead');
  const mayTakeBack = pending?.standing === 'given';
  const params = { taskId: detail.context.taskId };

  async function takeBack(): Promise<void> {
    if (busy) return;
    setBusy(true);
    const answered = await host.call('takeBack', { params });
    setBusy(false);
    if (answered.ok) props.onDone('read');
    else setTrouble(answered.error.message);
  }
  async function sendBack(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || words.trim().length < shortestSentBack) return;
    setBusy(true);
    const kept = !holds || (await props.flush());
    const fencingToken = holds ? (detail.claim?.fencingToken ?? null) : null;
    const answered = kept ? await host.call('sendBack', { params, input: { fencingToken, words } }) : null;
    setBusy(false);
    if (answered === null) setTrouble('Not sent back: your last words are not in both places yet.');
    else if (answered.ok) props.onDone('leave');
    else setTrouble(answered.error.message);
  }
  useEffect(() => {
    if (writing) form.current?.querySelector('textarea')?.focus();
  }, [writing]);
  useCommands([
    {
      id: 'report.send-back',
      title: 'Send the report back to who dictated it',
      group: 'Report',
      keys: 'Alt+Shift+B',
      run: () => setWriting(true),
      enabled: () => maySendBack,
    },
    {
      id: 'report.take-back',
      title: 'Take back the report that you gave to be signed',
      group: 'Report',
      keys: null,
      run: () => void takeBack(),
      enabled: () => mayTakeBack,
    },
  ]);
  if (pending === undefined || pending.standing === 'signed' || props.signed) return null;
  const title = titles[pending.standing](pending, shownTime(pending.at, zone));
  return (
    <section className="pending-notice" aria-label="Pending signature">
      <Message
        tone={pending.standing === 'sent-back' || pending.trouble !== null ? 'ask' : 'tell'}
        title={title}
        action={
          mayTakeBack ? (
            <Button onClick={() => void takeBack()} disabled={busy}>
              Take back
            </Button>
          ) : maySendBack && !writing ? (
            <Button keys="Alt+Shift+B" onClick={() => setWriting(true)}>
              Send back
            </Button>
          ) : undefined
        }
      >
        {wordsOf(pending, holds, zone)}
      </Message>
      <ExamsOfOne pending={pending} claims={holds && pending.standing === 'to-sign' ? props.linked : null} />
      {writing && maySendBack ? (
        <form
          ref={form}
          onSubmit={(event) => void sendBack(event)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && event.ctrlKey) void sendBack(event);
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setWriting(false);
          }}
        >
          <TextField
            label={`Why it goes back to ${pending.writer.name}`}
            rows={2}
            value={words}
            onChange={setWords}
            maxLength={2_000}
          />
          <p className="pending-actions">
            <Button kind="go" type="submit" keys="Ctrl+Enter" disabled={busy || words.trim().length < shortestSentBack}>
              Send back now
            </Button>
            <Button kind="quiet" onClick={() => setWriting(false)}>
              Not now
            </Button>
          </p>
        </form>
      ) : null}
      {trouble === null ? null : (
        <p className="signal" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}

/** The exams of one report over several: it is signed for all of them, or goes back for all. */
function ExamsOfOne(props: {
  readonly pending: Pending;
  /** To claim those that she signs with it; null where she signs nothing here. */
  readonly claims: LinkedExamsInUse | null;
}) {
  const exams = props.pending.report?.together?.exams ?? [];
  if (exams.length === 0) return null;
  const { claims } = props;
  const free = claims?.view?.exams.some(
    ({ context, standing }) => standing === 'free' && exams.some((one) => one.taskId === context.taskId),
  );
  return (
    <div className="pending-exams">
      <p>One report for {exams.length} exams: it is signed for all of them, or goes back for all.</p>
      <ul aria-label="Exams of the report that waits">
        {exams.map((exam) => (
          <li key={exam.taskId}>{unbroken(examHeading(exam))}</li>
        ))}
      </ul>
      {claims !== null && free === true ? (
        <Button disabled={claims.claiming} onClick={claims.claim}>
          {claims.claiming ? 'Claiming…' : 'Claim all of them'}
        </Button>
      ) : null}
    </div>
  );
}

/** The words that wait, for whoever looks and has no editor: a lead, their writer, who is about to read them. */
export function PendingWords({ pending }: { readonly pending: Pending }) {
  if (pending.report === null || pending.standing === 'signed') return null;
  return (
    <section className="report-block" aria-label="Words that wait for a signature">
      <div className="report-block-head">
        <h3>Waits for a signature</h3>
        <span className="grow" />
        <span className="dim small">dictated by {pending.writer.name}</span>
      </div>
      <VersionText content={pending.report} />
    </section>
  );
}

function wordsOf(pending: Pending, holds: boolean, zone: string): string {
  if (pending.trouble !== null) return `The words are not shown. ${pending.trouble}`;
  switch (pending.standing) {
    case 'to-sign':
      return holds
        ? 'The words are in your editor. What you change is shown to both of you; the final names you both.'
        : 'Nothing of it is released. Read the study to sign it.';
    case 'given':
      return 'Nobody has opened it yet, and nothing of it is released. The clock runs on.';
    case 'given-opened':
      return `${pending.opened?.name ?? 'Somebody'} opened it ${
        pending.opened === null ? '' : shownTime(pending.opened.at, zone)
      }. Nothing of it is released yet; write a message to ask for it back.`;
    case 'sent-back':
      return pending.sentBack?.words ?? '';
    case 'signed':
      return '';
  }
}
