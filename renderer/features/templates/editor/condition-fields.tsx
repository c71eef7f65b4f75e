import type { WrittenCondition } from '../../../../shared/domain/template/index.ts';
import { SmallCheck, SmallText } from './small-fields.tsx';

const sexes = [
  ['F', 'Female'],
  ['M', 'Male'],
  ['O', 'Other, or not known'],
] as const;

/** For whom: nothing chosen means everybody. */
export function ConditionFields(props: {
  readonly of: string;
  readonly when: WrittenCondition;
  readonly onChange: (when: WrittenCondition) => void;
}) {
  const { when, onChange } = props;
  return (
    <fieldset className="tpe-set">
      <legend>{props.of}</legend>
      <div className="tpe-checks">
        {sexes.map(([sex, words]) => (
          <SmallCheck
            key={sex}
            label={words}
            checked={when.sex.includes(sex)}
            onChange={(on) =>
              onChange({ ...when, sex: on ? [...when.sex, sex] : when.sex.filter((one) => one !== sex) })
            }
          />
        ))}
      </div>
      <div className="tpe-pair">
        <SmallText
          label="From age"
          value={when.minimumAge}
          onChange={(minimumAge) => onChange({ ...when, minimumAge })}
        />
        <SmallText
          label="Up to age"
          value={when.maximumAge}
          onChange={(maximumAge) => onChange({ ...when, maximumAge })}
        />
      </div>
      <SmallText
        label="Modalities"
        hint="CT; MR"
        value={when.modality}
        onChange={(modality) => onChange({ ...when, modality })}
      />
    </fieldset>
  );
}
