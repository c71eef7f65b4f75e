import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { PhysicianLinks as LinksAnswer, PhysicianLinkView } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, type MarkShape, TextField, useCommands } from '../../ui/index.ts';
import { timeInZone } from './report-labels.ts';
import './physician-links.css';

const shapes: Readonly<Record<PhysicianLinkView['standing'], MarkShape>> = {
  waiting: 'ring',
  opened: 'tick',
  expired: 'ring',
  locked: 'octagon',
  ended: 'ring',
};

type Told = { readonly address: string; readonly code: string; readonly recipient: string };

/** Links to the ordering physician's page: made here, opened by a person outside. Link and code are shown once, while this stays open. */
export function PhysicianLinks(props: {
  readonly taskId: string;
  readonly host: Pick<HostClient, 'call'>;
  /** Another value asks again. */
  readonly stamp: unknown;
  readonly zone: string;
  /** Whether a version is released, so that there is something to open. */
  readonly released: boolean;
  readonly mayMake: boolean;
  /** Whom the order names. */
  readonly orderedBy: string;
}) {
  const { taskId, host, stamp, zone, released, mayMake } = props;
  const [view, setView] = useState<LinksAnswer | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [form, setForm] = useState(false);
  const [told, setTold] = useState<Told | null>(null);

  const ask = useCallback(async (): Promise<void> => {
    const answered = await host.call('physicianLinks', { params: { taskId } });
    if (answered.ok) setView(answered.value);
    setTrouble(answered.ok ? null : answered.error.message);
  }, [host, taskId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `stamp` is the host's word that something changed.
  useEffect(() => {
    if (released) void ask();
  }, [ask, stamp, released]);

  const may = released && mayMake && view?.offered === true;
  useCommands([
    {
      id: 'report.physician-link',
      title: 'Make a link for the ordering physician',
      group: 'Report',
      keys: null,
      run: () => setForm(true),
      enabled: () => may,
    },
  ]);

  async function make(recipient: string): Promise<string | null> {
    const made = await host.call('makePhysicianLink', { params: { taskId }, input: { recipient } });
    if (!made.ok) return made.error.message;
    setTold({ address: made.value.address, code: made.value.code, recipient: made.value.link.recipient });
    setForm(false);
    void ask();
    return null;
  }
  async function end(link: PhysicianLinkView): Promise<void> {
    const ended = await host.call('endPhysicianLink', { params: { taskId, linkId: link.id } });
    if (ended.ok) setView(ended.value);
    setTrouble(ended.ok ? null : ended.error.message);
  }

  if (!released || (view === null && trouble === null)) return null;
  return (
    <section className="report-block" aria-label="Physician’s page">
      <div className="report-block-head">
        <h3>Physician’s page</h3>
        <span className="grow" />
        {may && !form && told === null ? (
          <Button kind="quiet" onClick={() => setForm(true)}>
            Make a link
          </Button>
        ) : null}
      </div>
      {view?.offered === false ? (
        <p className="report-line mute">
          Not offered here: the ordering physician’s page is served by a group host that listens for it.
        </p>
      ) : null}
      {trouble === null ? null : <p className="report-line signal">{trouble}</p>}
      {form ? <LinkForm orderedBy={props.orderedBy} onMake={make} onClose={() => setForm(false)} /> : null}
      {told === null ? null : <ToldLink told={told} onDone={() => setTold(null)} />}
      {view?.offered === true && view.links.length === 0 && !form && told === null ? (
        <p className="report-line mute">No link is made. One opens this report to one person, by a code told apart.</p>
      ) : null}
      <ul className="report-deliveries" aria-label="Links for physicians">
        {(view?.links ?? []).map((link) => (
          <li key={link.id} className={link.standing === 'locked' ? 'refused' : link.standing}>
            <Mark shape={shapes[link.standing]} />
            <span className="channel">{link.recipient}</span>
            <span className="state">
              {link.openedAt === null ? link.words : `${link.words} ${timeInZone(link.openedAt, zone)}`}
            </span>
            <span className="proof">{linkDetail(link, zone)}</span>
            {mayMake && (link.standing === 'waiting' || link.standing === 'opened') ? (
              <span className="act">
                <Button label={`End the link for ${link.recipient}`} onClick={() => void end(link)}>
                  End
                </Button>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function linkDetail(link: PhysicianLinkView, zone: string): string {
  const made = `Made by ${link.madeBy} at ${timeInZone(link.madeAt, zone)} for version ${link.version}.`;
  const versions = [...new Set(link.shown.map((one) => one.version))].sort((a, b) => a - b);
  switch (link.standing) {
    case 'opened':
      return `${made} Saw version ${versions.join(', ')}.`;
    case 'waiting':
      return `${made} Good for 72 h; a page that is only looked at is no opening.`;
    case 'locked':
      return `${made} Somebody without the code tried it. Make another link, and ask who has this one.`;
    case 'expired':
    case 'ended':
      return made;
  }
}

function LinkForm(props: {
  readonly orderedBy: string;
  readonly onMake: (recipient: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const [recipient, setRecipient] = useState(props.orderedBy);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const words = await props.onMake(recipient);
    setBusy(false);
    setRefusal(words);
  }
  return (
    <form
      className="physician-link-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <TextField
        label="For whom"
        value={recipient}
        onChange={setRecipient}
        autoFocus
        maxLength={120}
        hint="Stands on the timeline when it is opened."
      />
      {refusal === null ? null : <p className="signal">{refusal}</p>}
      <div className="acts">
        <Button type="submit" disabled={busy || recipient.trim() === ''}>
          Make link
        </Button>
        <Button kind="quiet" onClick={props.onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** The only time that link and code are told. */
function ToldLink(props: { readonly told: Told; readonly onDone: () => void }) {
  const { address, code, recipient } = props.told;
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<string | null>(null);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      setCopied('Copied.');
    } catch {
      field.current?.select();
      setCopied('Selected: press Ctrl+C.');
    }
  }
  return (
    <fieldset className="physician-link-told" aria-label="New link">
      <p>
        For {recipient}. Send the link; tell the code <b>apart from it</b>, by phone. Both are shown this once.
      </p>
      <label>
        Link
        <input
          ref={field}
          type="text"
          readOnly
          value={address}
          autoComplete="off"
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <div className="acts">
        <Button onClick={() => void copy()}>Copy link</Button>
        <span role="status" className="dim small">
          {copied}
        </span>
      </div>
      <p className="code">
        <span className="dim">Code</span> <output aria-label="Code">{code}</output>
      </p>
      <div className="acts">
        <Button onClick={props.onDone}>Done, hide both</Button>
      </div>
    </fieldset>
  );
}
