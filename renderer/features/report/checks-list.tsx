import type { CheckFinding, CheckPlace } from '../../../shared/domain/checks/index.ts';
import { Mark, unbroken } from '../../ui/index.ts';
import './checks.css';

/** What stands against the words while they are written: quiet, and one press from the words. */
export function ChecksList(props: {
  readonly findings: readonly CheckFinding[];
  readonly onWords: (at: CheckPlace) => void;
}) {
  const { findings } = props;
  return (
    <section className="checks-live">
      <h3>
        Checks
        <span className="mute">{findings.length === 0 ? 'nothing against these words' : null}</span>
      </h3>
      {findings.length === 0 ? null : (
        <ul aria-label="Checks">
          {findings.map(({ rule, severity, words, at }) => (
            <li key={`${rule} ${words} ${at?.section} ${at?.from}`} className={severity}>
              <Mark shape={severity === 'stop' ? 'octagon' : severity === 'ask' ? 'diamond' : 'ring'} />
              {at === null ? (
                <span>{unbroken(words)}</span>
              ) : (
                <button type="button" title="Go to the words" onClick={() => props.onWords(at)}>
                  {severity === 'ask' ? <span className="visually-hidden">Asked before signing: </span> : null}
                  {unbroken(words)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
