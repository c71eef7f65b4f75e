import { type ReactNode, useRef } from 'react';
import type { CaseDetail, FoundPrior } from '../../../shared/api/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, KeyPlate, Mark, Message, useCommands } from '../../ui/index.ts';
import { PriorItem } from './prior-item.tsx';
import './priors.css';
import { usePriors } from './use-priors.ts';

export type PriorsPanelProps = {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: CaseStore;
  /** False while host, group or record is silent. */
  readonly answering: boolean;
  /** The zone in which times of this case are told. */
  readonly zone: string;
  /** Whether she may take a probable prior as the patient's. */
  readonly mayConfirm: boolean;
  /** Saves the PDF of a report. */
  readonly document: (reportId: string) => ReactNode;
};

/** Earlier exams beside the open case, with why each is taken for the same patient; probable ones closed under a heading of their own. */
export function PriorsPanel(props: PriorsPanelProps) {
  const { state, busy, again, confirm, withdraw, hang } = usePriors(props);
  const section = useRef<HTMLElement>(null);
  const found = state.kind === 'found' ? state.found : null;
  const same = found?.priors.filter((one) => one.standing === 'shown') ?? [];
  const probable = found?.priors.filter((one) => one.standing !== 'shown') ?? [];
  useCommands([
    {
      id: 'case.priors',
      title: 'Go to the priors and why they are the same patient’s',
      group: 'Study',
      keys: 'Alt+V',
      run: () => {
        section.current?.scrollIntoView({ block: 'start' });
        (section.current?.querySelector<HTMLElement>('summary') ?? section.current)?.focus({ preventScroll: true });
      },
    },
    {
      id: 'case.priors-again',
      title: 'Search for priors again',
      group: 'Study',
      keys: null,
      run: again,
      enabled: () => state.kind !== 'searching',
    },
  ]);

  const item = (prior: FoundPrior): ReactNode => (
    <PriorItem
      key={prior.key}
      prior={prior}
      here={props.detail}
      zone={props.zone}
      busy={busy === prior.key}
      mayConfirm={props.mayConfirm}
      onHang={() => hang(prior.key)}
      onConfirm={(reason) =>
        confirm(
          prior.key,
          reason,
          prior.evidence.map((piece) => piece.words),
        )
      }
      onWithdraw={() => withdraw(prior.key)}
      document={props.document}
    />
  );

  return (
    <section ref={section} className="report-block priors" aria-label="Priors" tabIndex={-1}>
      <div className="report-block-head">
        <h3>Priors</h3>
        <span className="mute small">{found === null ? '' : countWords(same.length, probable.length)}</span>
        <span className="grow" />
        <Button kind="quiet" disabled={state.kind === 'searching'} onClick={again}>
          Search again
        </Button>
        <span aria-hidden="true">
          <KeyPlate keys="Alt+V" />
        </span>
      </div>
      {state.kind === 'searching' ? (
        <p className="mute priors-line" role="status">
          Searching archive and record for earlier exams…
        </p>
      ) : null}
      {state.kind === 'failed' ? (
        <Message
          tone="ask"
          title="Priors could not be searched for."
          action={<Button onClick={again}>Try again</Button>}
        >
          {state.words} What hangs stays; order, images and report are not affected.
        </Message>
      ) : null}
      {found?.told.map((words) => (
        <p key={words} className="signal small priors-line">
          <Mark shape="diamond" /> {words}
        </p>
      ))}
      {found !== null && found.priors.length === 0 ? (
        <p className="mute priors-line">
          {found.told.length === 0
            ? 'No earlier exam was found by number, name and birth date, here or under another issuer. Ask the site if there should be one.'
            : 'No earlier exam was found in what could be searched. Search again, or ask the site.'}
        </p>
      ) : null}
      {same.map(item)}
      {probable.length === 0 ? null : (
        <>
          <h4 className="priors-heading">
            <Mark shape="diamond" /> Probable: closed until a reader confirms that it is the same patient
          </h4>
          {probable.map(item)}
        </>
      )}
      {found !== null && found.more > 0 ? (
        <p className="mute priors-line">
          {found.more} more that are less like this exam are not shown. Find any study searches them.
        </p>
      ) : null}
    </section>
  );
}

function countWords(same: number, probable: number): string {
  const words = [...(same > 0 ? [`${same} of this patient`] : []), ...(probable > 0 ? [`${probable} probable`] : [])];
  return words.join(', ');
}
