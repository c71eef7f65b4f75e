import type { ReleaseKind } from '../../../shared/domain/report/index.ts';
import { Button, Mark } from '../../ui/index.ts';
import type { IssueRefusal } from './may-issue.ts';
import { kindWords } from './report-labels.ts';

export type Phase =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signing'; readonly lost: 'answer' | 'disk' | null }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string };

/** Said before anything is asked: what may not be signed and why, and what may. */
export function Refused(props: {
  readonly kind: ReleaseKind;
  readonly refusal: IssueRefusal;
  readonly onOther: (kind: 'preliminary' | 'final') => void;
}) {
  const { offer, words } = props.refusal;
  return (
    <div className="sign-offer" role="alert">
      <p className="signal">
        <Mark shape="diamond" /> You may not sign this as {props.kind === 'addendum' ? 'an' : 'a'}{' '}
        {kindWords[props.kind]}
        {props.kind === 'preliminary' || props.kind === 'final' ? ' report' : ''} now: {words}
      </p>
      {offer === null ? (
        <p className="dim">Your words are kept. Give the study to somebody who may sign it.</p>
      ) : (
        <Button onClick={() => props.onOther(offer)}>Sign a {kindWords[offer]} instead</Button>
      )}
    </div>
  );
}

/** Said before anything is asked: the site's own final is there, and what a signature would come to. */
export function RivalThere(props: {
  readonly words: string;
  readonly mayGoOn: boolean;
  readonly busy: boolean;
  readonly onCompare: () => void;
}) {
  return (
    <li className="wide">
      <div className="sign-offer" role="alert">
        <p className="signal">
          <Mark shape="diamond" /> {props.words}
        </p>
        <Button onClick={props.onCompare} disabled={props.busy}>
          Compare with the site’s report
        </Button>
        {props.mayGoOn ? (
          <p className="dim">Or sign all the same: it is kept here under your name, and the site’s final stands.</p>
        ) : null}
      </div>
    </li>
  );
}

/** Shown again before it is signed: what turns the meaning and was not heard well. */
export function NotHeardWell({ words }: { readonly words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <p className="sign-covers signal">
      <Mark shape="diamond" /> Not heard well and not touched since: <b>{words.join(', ')}</b>. Look before you sign.
    </p>
  );
}

/** How the press stands, and what still blocks it. */
export function PhaseWords({ phase, blocked }: { readonly phase: Phase; readonly blocked: string | null }) {
  switch (phase.kind) {
    case 'asking':
      return blocked === null ? null : <span className="dim">{blocked}</span>;
    case 'signing':
      return phase.lost === null ? (
        <span className="dim">Signing</span>
      ) : (
        <span className="signal">
          {phase.lost === 'disk'
            ? 'The disk has not told yet whether the signature was saved.'
            : 'The answer was lost.'}{' '}
          Asking again with the same id: one press is one signature.
        </span>
      );
    case 'refused':
      return (
        <span className="signal">
          <Mark shape="diamond" /> {phase.words}
        </span>
      );
    case 'unknown':
      return (
        <span className="signal">
          <Mark shape="diamond" /> {phase.words} It is not known whether the report was signed. Ask again: the same
          press cannot sign twice.
        </span>
      );
  }
}
