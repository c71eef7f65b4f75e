import { useId } from 'react';
import { countriesAbroad, parseReadingFrom, readingFromWords, stateNames } from '../../shared/domain/reader/index.ts';

const byName = (names: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(names).sort(([, one], [, other]) => one.localeCompare(other));
const states = byName(stateNames);
const countries = byName(countriesAbroad);

/** "Nevada", for the bar; null where nobody said. */
export function placeWords(from: string | null): string | null {
  const place = from === null ? null : parseReadingFrom(from);
  return place === null ? null : readingFromWords(place);
}

/** Where the person sits: it goes onto every signature, and some contracts ask. The host remembers the last choice of each account. */
export function ReadingFromField(props: { readonly value: string; readonly onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Reading from</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(event.target.value)} autoComplete="off">
        <option value="">As last time</option>
        <optgroup label="United States">
          {states.map(([code, name]) => (
            <option key={code} value={`US-${code}`}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label="Abroad">
          {countries.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </div>
  );
}
