import { type Agreement, agreements } from '../../../shared/domain/report/index.ts';
import { KeyPlate } from '../../ui/index.ts';

const choices: Readonly<Record<Agreement, { readonly key: string; readonly title: string; readonly words: string }>> = {
  agree: { key: 'A', title: 'Agree', words: 'nothing of it would change' },
  minor: { key: 'M', title: 'Disagree, minor', words: 'care stays the same' },
  major: { key: 'J', title: 'Disagree, major', words: 'care may change: phone it' },
};

/** The agreement that a key says; null for every other key. */
export function agreementOfKey(key: string): Agreement | null {
  return agreements.find((one) => choices[one].key === key.toUpperCase()) ?? null;
}

/** Whether she agrees with another reader's preliminary. Nothing is chosen beforehand: an agreement is given and not taken. */
export function OverreadChoice(props: {
  readonly signer: string;
  readonly chosen: Agreement | null;
  readonly busy: boolean;
  readonly onChoose: (agreement: Agreement) => void;
}) {
  return (
    <fieldset className="sign-overread" disabled={props.busy}>
      <legend>Preliminary by {props.signer}</legend>
      {agreements.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="overread"
            autoComplete="off"
            checked={props.chosen === one}
            onChange={() => props.onChoose(one)}
          />
          <span>
            {choices[one].title} <span className="dim">{choices[one].words}</span>
          </span>
          <span aria-hidden="true">
            <KeyPlate keys={choices[one].key} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
