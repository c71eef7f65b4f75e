import { type ReactNode, useEffect, useRef } from 'react';
import { type CheckPlace, reasonsOf } from '../../../shared/domain/checks/index.ts';
import { Button, Mark, unbroken } from '../../ui/index.ts';
import type { CheckAnswers, KeyedFinding } from './use-checks.ts';
import './checks.css';

/** Rules whose lines the dialog has already, with a press of their own. */
const shownElsewhere: ReadonlySet<string> = new Set(['series-not-shown', 'identity', 'claim']);

/** Everything that stands against signing as it is, once and together: what is asked first, a key each; then what is told. */
export function ChecksAtSigning(props: {
  readonly findings: readonly KeyedFinding[];
  readonly answers: CheckAnswers;
  readonly busy: boolean;
  /** The lines about images and a rival have nothing to say. */
  readonly nothingElse: boolean;
  readonly onWords: (at: CheckPlace) => void;
  /** To the form of a critical result, with the words that ask for one. */
  readonly onCritical: (at: CheckPlace | null) => void;
  /** Lines about the images, each null where it has nothing to say. */
  readonly children: ReactNode;
}) {
  const { findings, answers } = props;
  const shown = findings.filter(({ finding }) => !shownElsewhere.has(finding.rule));
  const asked = shown.filter(({ finding }) => finding.severity === 'ask');
  const next = asked.find(({ key }) => !answers.answers.has(key))?.key ?? null;
  return (
    <section className="sign-checks">
      <h3 className="mute small">Checks</h3>
      <ul aria-label="Checks">
        {asked.map((one) => (
          <Asked
            key={one.key}
            one={one}
            given={answers.answers.get(one.key) ?? null}
            isNext={one.key === next}
            busy={props.busy}
            onAnswer={(reason) => answers.answer(one.key, reason)}
            onWords={props.onWords}
            onCritical={props.onCritical}
          />
        ))}
        {props.children}
        {shown
          .filter(({ finding }) => finding.severity !== 'ask')
          .map(({ key, finding: { severity, words, at } }) => (
            <li key={key} className={severity}>
              <Mark shape={severity === 'stop' ? 'octagon' : 'ring'} />
              <span>{words}</span>
              {at === null ? null : (
                <Button
                  kind="quiet"
                  disabled={props.busy}
                  label={`Go to the words: ${words}`}
                  onClick={() => props.onWords(at)}
                >
                  Words
                </Button>
              )}
            </li>
          ))}
        {shown.length === 0 && props.nothingElse ? (
          <li className="wide dim">No rule has anything against it.</li>
        ) : null}
      </ul>
    </section>
  );
}

function Asked(props: {
  readonly one: KeyedFinding;
  readonly given: string | null;
  readonly isNext: boolean;
  readonly busy: boolean;
  readonly onAnswer: (reason: string | null) => void;
  readonly onWords: (at: CheckPlace) => void;
  readonly onCritical: (at: CheckPlace | null) => void;
}) {
  const { one, given, isNext, busy } = props;
  const { rule, words, at } = one.finding;
  const reasons = reasonsOf(rule);
  const line = useRef<HTMLLIElement>(null);
  // The line and none of its buttons: a second Enter of a habit answers nothing.
  useEffect(() => {
    if (isNext) line.current?.focus();
  }, [isNext]);
  const said = reasons.find(({ code }) => code === given)?.words ?? null;
  return (
    <li
      ref={line}
      className={given === null ? 'ask' : 'ask answered'}
      tabIndex={-1}
      data-asked={isNext ? 'now' : undefined}
    >
      <Mark shape={given === null ? 'diamond' : 'tick'} />
      <div>
        <p>{unbroken(words)}</p>
        {given === null ? (
          <div className="check-reasons">
            {rule === 'critical-words' ? (
              <Button
                kind={isNext ? 'go' : 'plain'}
                keys={isNext ? 'F4' : undefined}
                disabled={busy}
                label={`Start a critical result: ${words}`}
                onClick={() => props.onCritical(at)}
              >
                Start a critical result
              </Button>
            ) : null}
            {reasons.map(({ code, words: reason }, place) => (
              <Button
                key={code}
                keys={isNext ? String(place + 1) : undefined}
                disabled={busy}
                label={`${reason}: ${words}`}
                onClick={() => props.onAnswer(code)}
              >
                {reason}
              </Button>
            ))}
            {at === null ? null : (
              <Button
                kind="quiet"
                keys={isNext ? 'W' : undefined}
                disabled={busy}
                label={`Change the words: ${words}`}
                onClick={() => props.onWords(at)}
              >
                Change the words
              </Button>
            )}
          </div>
        ) : (
          <p className="check-given">
            {said}
            <Button kind="quiet" disabled={busy} label={`Take back: ${words}`} onClick={() => props.onAnswer(null)}>
              Take back
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}

/** The answer that a key gives to what is asked now: a place of its short list, or the words; null for every other key. */
export function answerOfKey(
  key: string,
  findings: readonly KeyedFinding[],
  answers: ReadonlyMap<string, string>,
): { readonly key: string; readonly reason: string } | { readonly words: CheckPlace } | null {
  const asked = findings.find(({ key: of, finding }) => finding.severity === 'ask' && !answers.has(of));
  if (asked === undefined) return null;
  const { at, rule } = asked.finding;
  if (key.toLowerCase() === 'w' && at !== null) return { words: at };
  const reason = /^[1-9]$/.test(key) ? reasonsOf(rule)[Number(key) - 1] : undefined;
  return reason === undefined ? null : { key: asked.key, reason: reason.code };
}
