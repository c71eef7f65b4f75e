import type { OrderChecks } from '../../../shared/api/index.ts';
import { Mark } from '../../ui/index.ts';
import { type Check, evidenceOf, markOf } from './check-words.ts';

/** Each check with what the order says, what the images say, and the clause that decides it. The worst stand first. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul className="order-checks" aria-label="Order checks">
      {checks.map((check) => {
        const mark = markOf(check);
        const evidence = evidenceOf(check);
        return (
          <li key={`${check.code}${check.words}`} className={check.state} title={check.clause}>
            <span className={mark.tone}>
              <Mark shape={mark.shape} />
              <span className="visually-hidden">{mark.words}: </span>
            </span>
            <span>
              <span className={check.state === 'defect' ? mark.tone : undefined}>{check.words}</span>
              {evidence === '' ? null : <small>{evidence}</small>}
              <small className="clause">{check.clause}</small>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What rules of appropriateness say, each with who says so. It is advice: no mark of a defect, and nothing to press. */
export function AdviceList({ advice }: { readonly advice: OrderChecks['advice'] }) {
  if (advice.length === 0) return null;
  return (
    <>
      <h4 className="advice-head">Appropriateness: advice only</h4>
      <ul className="order-checks" aria-label="Appropriateness advice">
        {advice.map((one) => (
          <li key={one.id}>
            <span className="dim">
              <Mark shape="ring" />
            </span>
            <span>
              {one.title}
              <small>{one.words}</small>
              <small className="clause">{one.citation}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
