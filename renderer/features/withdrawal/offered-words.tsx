import { useState } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import {
  carryWords,
  type Draft,
  type OfferedWords as Offer,
  wordsToCarry,
} from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, useCommands } from '../../ui/index.ts';
import { useCaseWithdrawal } from './use-case-withdrawal.ts';
import './withdrawal.css';

const titles: { readonly [code: string]: string | undefined } = { '59776-5': 'Findings', '19005-8': 'Impression' };

/** Words of a report that she withdrew elsewhere and that belong to this exam: put in by one press, each line marked until she touches it. */
export function OfferedWords(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly detail: CaseDetail;
  readonly draft: Draft;
  readonly writes: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}) {
  const { detail, draft, writes, edit } = props;
  const { epoch, taskId } = detail.context;
  const { standing } = useCaseWithdrawal({ host: props.host, caseStore: props.caseStore, epoch, taskId });
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const offers = (standing?.offered ?? []).filter((one) => !hidden.includes(one.id));
  const offer: Offer | undefined = offers.find((one) => carryWords(draft, one) !== null);
  useCommands([
    {
      id: 'report.carry-words',
      title: 'Put in the words of the report that you withdrew',
      group: 'Report',
      keys: 'Alt+Shift+N',
      run: () => offer !== undefined && edit((before) => carryWords(before, offer) ?? before),
      enabled: () => writes && offer !== undefined,
    },
  ]);
  if (offer === undefined) return null;
  return (
    <section className="report-block withdrawal" aria-label="Words that you withdrew">
      <div className="report-block-head">
        <h3>Words that you withdrew</h3>
        <span className="mute small">filed under {offer.under}</span>
      </div>
      <p className="report-line">
        You said that they belong to this exam. Read the images first; each line stays marked until you touch it.
      </p>
      {wordsToCarry(offer).map(({ code, lines }) => (
        <div className="withdrawal-words" key={code}>
          <h4>{titles[code]}</h4>
          <p>{lines.join('\n')}</p>
        </div>
      ))}
      <div className="withdraw-actions">
        <Button
          keys="Alt+Shift+N"
          disabled={!writes}
          onClick={() => edit((before) => carryWords(before, offer) ?? before)}
        >
          Put them in
        </Button>
        <Button kind="quiet" onClick={() => setHidden([...hidden, offer.id])}>
          Not now
        </Button>
      </div>
    </section>
  );
}
