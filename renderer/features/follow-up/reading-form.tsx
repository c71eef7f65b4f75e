import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import {
  type BodyPart,
  bodyParts,
  type FollowUpReading,
  type IntervalUnit,
  intervalUnits,
  isSoundInterval,
  longestExam,
  longestFollowUpWords,
} from '../../../shared/domain/follow-up/index.ts';
import { modalityGroups } from '../../../shared/domain/order/index.ts';
import { Button, TextField } from '../../ui/index.ts';

const numberOf = (text: string): number | null => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : null);

/** Which exam, when, on what condition: as the words were taken, for her to change. Enter keeps it. */
export function ReadingForm(props: {
  readonly name: string;
  readonly go: string;
  readonly reading: FollowUpReading;
  /** Answers why it was not kept; null when it was. */
  readonly onKeep: (reading: FollowUpReading) => Promise<string | null>;
  readonly onCancel: () => void;
}) {
  const id = useId();
  const { reading } = props;
  const { interval } = reading;
  const [exam, setExam] = useState(reading.exam);
  const [kinds, setKinds] = useState(reading.modalities.join(' '));
  const [part, setPart] = useState<BodyPart | ''>(reading.bodyPart ?? '');
  const [from, setFrom] = useState(interval?.earliest == null ? '' : String(interval.earliest.count));
  const [to, setTo] = useState(interval === null ? '' : String(interval.latest.count));
  const [unit, setUnit] = useState<IntervalUnit>(interval?.latest.unit ?? 'month');
  const [condition, setCondition] = useState(reading.condition);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const made = (): FollowUpReading | null => {
    const latest = numberOf(to);
    const earliest = numberOf(from);
    const none = to.trim() === '' && from.trim() === '';
    if (exam.trim() === '' || (!none && latest === null) || (from.trim() !== '' && earliest === null)) return null;
    const same = interval !== null && interval.earliest !== null && interval.earliest.unit !== interval.latest.unit;
    const untouched = same && from === String(interval.earliest?.count) && to === String(interval.latest.count);
    const kept =
      none || latest === null
        ? null
        : untouched && unit === interval.latest.unit
          ? interval
          : { earliest: earliest === null ? null : { count: earliest, unit }, latest: { count: latest, unit } };
    if (kept !== null && !isSoundInterval(kept)) return null;
    const modalities = kinds === '' ? [] : modalityGroups.filter((one) => kinds.split(' ').includes(one));
    return { exam, modalities, bodyPart: part === '' ? null : part, interval: kept, condition };
  };
  const keep = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const value = made();
    if (busy || value === null) return;
    setBusy(true);
    const why = await props.onKeep(value);
    setBusy(false);
    setTrouble(why);
  };
  const several = reading.modalities.length > 1 ? [reading.modalities.join(' ')] : [];
  return (
    <form className="say-form" aria-label={props.name} onSubmit={(event) => void keep(event)}>
      <div className="say-fields">
        <div className="wide">
          <TextField label="Exam" value={exam} onChange={setExam} maxLength={longestExam} inputRef={field} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-kind`}>Kind</label>
          <select id={`${id}-kind`} value={kinds} autoComplete="off" onChange={(event) => setKinds(event.target.value)}>
            <option value="">any imaging</option>
            {several.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll(' ', ' or ')}
              </option>
            ))}
            {modalityGroups.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-part`}>Part of the body</label>
          <select
            id={`${id}-part`}
            value={part}
            autoComplete="off"
            onChange={(event) => setPart(bodyParts.find((one) => one === event.target.value) ?? '')}
          >
            <option value="">not said</option>
            {bodyParts.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
        <TextField label="Earliest, in" value={from} onChange={setFrom} maxLength={3} />
        <TextField label="Latest, in" value={to} onChange={setTo} maxLength={3} />
        <div className="field">
          <label htmlFor={`${id}-unit`}>Counted in</label>
          <select
            id={`${id}-unit`}
            value={unit}
            autoComplete="off"
            onChange={(event) => setUnit(intervalUnits.find((one) => one === event.target.value) ?? unit)}
          >
            {intervalUnits.map((one) => (
              <option key={one} value={one}>
                {one}s
              </option>
            ))}
          </select>
        </div>
        <div className="wide">
          <TextField
            label="On what condition"
            value={condition}
            onChange={setCondition}
            maxLength={longestFollowUpWords}
          />
        </div>
      </div>
      {trouble === null ? null : (
        <p className="signal" role="alert">
          Not kept: {trouble} What you typed is still here.
        </p>
      )}
      <div className="say-actions">
        <Button type="submit" disabled={busy || made() === null}>
          {props.go}
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          Not now
        </Button>
      </div>
    </form>
  );
}
