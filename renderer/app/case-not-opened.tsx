import type { ComponentProps } from 'react';
import { type CaseMode, type CaseState, shownTime } from '../case/index.ts';
import { Button, Message } from '../ui/index.ts';
import { LookReasonDialog } from './look-reason.tsx';

/** Why a case did not open, and what can be done instead. */
export function CaseNotOpened(props: {
  readonly failure: Extract<CaseState, { readonly kind: 'failed' }>['failure'];
  /** As it was to be opened. */
  readonly mode: CaseMode;
  readonly onLook: () => void;
  readonly onLookBecause: ComponentProps<typeof LookReasonDialog>['onLook'];
  readonly onAgain: () => void;
  readonly onLeave: () => void;
}) {
  const { failure, mode, onLeave } = props;
  if (failure.code === 'reason-needed')
    return (
      <div className="main">
        <LookReasonDialog why={failure.message} onLook={props.onLookBecause} onLeave={onLeave} />
      </div>
    );
  const held = failure.code === 'held-by-another' ? failure.heldBy : undefined;
  return (
    <div className="main">
      <Message
        form="block"
        tone="ask"
        title={
          held === undefined
            ? 'The study could not be opened.'
            : `${held.name} has it until ${shownTime(held.leaseUntil, null)}.`
        }
        action={
          <>
            {mode === 'read' && failure.code !== 'not-found' ? (
              <Button kind="go" onClick={props.onLook}>
                Look
              </Button>
            ) : null}
            <Button onClick={props.onAgain}>Try again</Button>
            <Button keys="Esc" kind="quiet" onClick={onLeave}>
              Back to the list
            </Button>
          </>
        }
      >
        {held === undefined ? failure.message : 'You may look; signing is theirs while the claim runs.'}
      </Message>
    </div>
  );
}
