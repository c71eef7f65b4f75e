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
          <li key={`${check.code}${check.words}`} className={check.state}>
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
