import { useState } from 'react';
import type { CaseDetail, ReportView } from '../../../shared/api/index.ts';
import { type Draft, reportSections } from '../../../shared/domain/report/index.ts';
import { Button, Message } from '../../ui/index.ts';
import type { DeskState, DraftDesk } from './draft-desk.ts';
import type { SaverState } from './draft-saver.ts';
import { notSavedWords, returnedVersion, waitingVersion } from './report-labels.ts';
import { identityBlocks } from './sign-blocks.ts';

/** Whom somebody phones at night: the physician on call before the desk, then whoever else was named. */
const urgentOrder = ['on-call', 'covering', 'desk'] as const;

function WhomToPhone(props: {
  readonly site: string;
  readonly phone: string | null;
  readonly contacts: NonNullable<CaseDetail['contacts']>;
}) {
  const { site, phone, contacts } = props;
  const named = urgentOrder.flatMap((role) => contacts.filter((one) => one.role === role)).slice(0, 3);
  if (named.length === 0 && phone === null) return `No number of ${site} is known here.`;
  const shown = named.length > 0 ? named : [{ name: '', phone }];
  return shown.map((one) => (
    <span className="whom-to-phone" key={`${one.name}${one.phone}`}>
      {[site, one.name].filter((text) => text !== '').join(', ')} <b className="phone">{one.phone}</b>
    </span>
  ));
}

/** Messages where the matter is: between the head and the words. */
export function ReportNotices(props: {
  readonly detail: CaseDetail;
  readonly report: ReportView;
  readonly desk: DraftDesk | null;
  readonly state: DeskState;
  readonly saver: SaverState | null;
  readonly readerId: string;
  readonly sitePhone: string | null;
  readonly siteName: string | null;
  readonly trouble: string | null;
  readonly note: string | null;
  readonly onLoadNewer: () => void;
  readonly onCloseNote: () => void;
}) {
  const { detail, report, desk, state, saver } = props;
  const waiting = waitingVersion(report);
  const returned = returnedVersion(report);
  const mine = detail.mode === 'read' && returned?.content.signer.id === props.readerId;
  const unsaved = saver === null ? null : notSavedWords(saver);
  const site = props.siteName ?? 'the site';
  return (
    <div className="report-notices">
      {waiting === null ? null : (
        <Message tone="ask" title="Signed, not released">
          Not released: phone what cannot wait.{' '}
          <WhomToPhone site={site} phone={props.sitePhone} contacts={detail.contacts ?? []} />
          It is released by itself once the record answers; the clock runs on.
        </Message>
      )}
      {returned === null ? null : (
        <Message tone="ask" title="Given back, not released">
          {returned.returned}{' '}
          {mine ? 'Your words are in the editor.' : `Signed by ${returned.content.signer.name}; the words are below.`}
        </Message>
      )}
      {state.phase.kind === 'following' ? (
        <Message
          tone="ask"
          title="This report is being written in another window"
          action={
            <Button onClick={() => desk?.takeOver()} disabled={state.phase.takingOver}>
              {state.phase.takingOver ? 'Taking over' : 'Take over'}
            </Button>
          }
        >
          You see its words as they are saved.
        </Message>
      ) : null}
      {saver?.standing === 'stale' ? (
        <Message
          tone="ask"
          title="Not saved: another window has newer words"
          action={<Button onClick={props.onLoadNewer}>Load the newer words</Button>}
        >
          {saver.hostTrouble ?? saver.localTrouble ?? ''} Nothing was overwritten. Yours stay on this screen, and beside
          the newer ones once those are loaded.
        </Message>
      ) : null}
      {unsaved === null ? null : (
        <Message
          tone="ask"
          title={unsaved.title}
          action={<Button onClick={() => void desk?.flush()}>Try again</Button>}
        >
          {unsaved.words}
        </Message>
      )}
      {state.kept === null || desk === null ? null : (
        <KeptWords
          draft={state.kept.draft}
          why={state.kept.why}
          now={saver?.draft ?? (state.phase.kind === 'following' ? state.phase.draft : null)}
          canUse={saver !== null}
          desk={desk}
        />
      )}
      {state.trouble === null ? null : (
        <Message tone="tell" title="One copy of your draft could not be read">
          {state.trouble}
        </Message>
      )}
      {detail.mode === 'read' && identityBlocks(detail) ? (
        <Message tone="stop" title="Order and images differ">
          Signing waits until it is resolved with a reason. You can write.
        </Message>
      ) : null}
      {props.trouble === null ? null : (
        <Message tone="tell" title="Versions, delivery and timeline may be older">
          {props.trouble}
        </Message>
      )}
      {props.note === null ? null : (
        <Message
          tone="ask"
          title={props.note}
          action={
            <Button kind="quiet" onClick={props.onCloseNote}>
              Close
            </Button>
          }
        />
      )}
    </div>
  );
}

/** Words that would otherwise be gone: to read, to put back, or to drop on purpose. */
function KeptWords(props: {
  readonly draft: Draft;
  readonly why: string;
  /** What stands in the editor: only what differs from it is shown. */
  readonly now: Draft | null;
  readonly canUse: boolean;
  readonly desk: DraftDesk;
}) {
  const { draft, desk } = props;
  const [shown, setShown] = useState(false);
  const texts = [
    ...reportSections.map(({ code, title }) => ({ title, text: draft.sections[code], now: props.now?.sections[code] })),
    { title: 'Addendum', text: draft.addendum, now: props.now?.addendum },
  ].filter((one) => one.text.trim() !== '' && one.text !== one.now);
  return (
    <Message
      tone="ask"
      title={props.why}
      action={
        <>
          <Button onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</Button>
          <Button onClick={desk.useKept} disabled={!props.canUse}>
            Use these
          </Button>
          <Button kind="quiet" onClick={desk.dropKept}>
            Drop
          </Button>
        </>
      }
    >
      {shown ? (
        <span className="kept-words">
          {texts.map((one) => (
            <span key={one.title}>
              <b>{one.title}</b>
              <span className="report-text">{one.text}</span>
            </span>
          ))}
        </span>
      ) : (
        'Kept beside the newer ones until you have dealt with them.'
      )}
    </Message>
  );
}
