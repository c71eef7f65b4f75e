import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { CaseCritical } from '../../../shared/api/index.ts';
import {
  type CriticalLevel,
  criticalLevels,
  levelWords,
  limitWords,
  longestFinding,
  usualLimits,
} from '../../../shared/domain/critical/index.ts';
import { Button } from '../../ui/index.ts';

/** What has to be told, and how soon. Enter begins it. */
export function StartForm(props: {
  readonly level: CriticalLevel;
  readonly words: string;
  readonly limits: CaseCritical['limits'] | null;
  /** Answers why it was not begun; null when it was. */
  readonly onStart: (level: CriticalLevel, finding: string) => Promise<string | null>;
  readonly onCancel: () => void;
}) {
  const id = useId();
  const [level, setLevel] = useState<CriticalLevel>(props.level);
  const [finding, setFinding] = useState(props.words);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const limits = props.limits ?? usualLimits;
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || finding.trim() === '') return;
    setBusy(true);
    const why = await props.onStart(level, finding);
    setBusy(false);
    setTrouble(why);
  };
  return (
    <form className="say-form" aria-label="Start a critical result" onSubmit={(event) => void start(event)}>
      <div className="say-fields">
        <div className="field wide">
          <label htmlFor={`${id}-finding`}>What has to be told</label>
          <input
            id={`${id}-finding`}
            ref={field}
            value={finding}
            maxLength={longestFinding}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setFinding(event.target.value)}
          />
        </div>
        <div className="field wide">
          <label htmlFor={`${id}-level`}>Level</label>
          <select
            id={`${id}-level`}
            value={level}
            autoComplete="off"
            onChange={(event) =>
              setLevel(criticalLevels.find((one) => String(one) === event.target.value) ?? props.level)
            }
          >
            {criticalLevels.map((one) => (
              <option key={one} value={one}>
                {levelWords[one].title}: within {limitWords(limits[one])}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p className="critical-note">{levelWords[level].closes}</p>
      {trouble === null ? null : (
        <p className="signal" role="alert">
          Not begun: {trouble} What you typed is still here.
        </p>
      )}
      <div className="say-actions">
        <Button type="submit" kind="go" disabled={busy || finding.trim() === ''}>
          Start the clock
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          Not now
        </Button>
      </div>
    </form>
  );
}
