import { type FormEvent, useRef, useState } from 'react';
import type { BillCheck, BillCorrection, CorrectionKind } from '../../shared/domain/billing/index.ts';
import { Button, TextField } from '../ui/index.ts';

type Field = { readonly name: 'value' | 'from' | 'until'; readonly label: string; readonly hint?: string };
const days: readonly Field[] = [
  { name: 'from', label: 'From', hint: 'YYYY-MM-DD, or empty' },
  { name: 'until', label: 'Until', hint: 'YYYY-MM-DD, or empty' },
];

/** What each defect is mended by; null for what only the reading group can mend. */
const forms: Readonly<
  Record<
    BillCheck['code'],
    { readonly kind: CorrectionKind; readonly opens: string; readonly fields: readonly Field[] } | null
  >
> = {
  authorization: {
    kind: 'authorization',
    opens: 'Supply the authorization',
    fields: [{ name: 'value', label: 'Authorization number' }, ...days],
  },
  coverage: { kind: 'coverage', opens: 'Supply the coverage', fields: [{ name: 'value', label: 'Payer' }, ...days] },
  diagnosis: {
    kind: 'diagnosis',
    opens: 'Supply the code',
    fields: [{ name: 'value', label: 'ICD-10-CM code', hint: 'Such as R10.31' }],
  },
  procedure: {
    kind: 'procedure',
    opens: 'Supply the code',
    fields: [{ name: 'value', label: 'Procedure code', hint: 'Five digits; four and T, F or U; or a letter and four' }],
  },
  'orderer-npi': {
    kind: 'orderer-npi',
    opens: 'Supply the NPI',
    fields: [{ name: 'value', label: 'NPI of the ordering physician', hint: 'Ten digits' }],
  },
  'reader-npi': null,
  signature: null,
};

const empty = { value: '', from: '', until: '' };

/** One defect's form: one press puts the value into the order, and the list is judged anew. What was typed stays where it was not taken. */
export function SiteCorrection(props: {
  readonly check: BillCheck;
  readonly about: string;
  readonly onCorrect: (commandId: string, correction: BillCorrection) => Promise<string | null>;
}) {
  const { check, about } = props;
  const form = forms[check.code];
  const [typed, setTyped] = useState(empty);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const command = useRef<{ readonly id: string; readonly what: string } | null>(null);
  if (form === null) return null;
  const correction = (): BillCorrection => {
    const [value, from, until] = [typed.value, typed.from.trim() || null, typed.until.trim() || null];
    switch (form.kind) {
      case 'authorization':
        return { kind: 'authorization', number: value, from, until };
      case 'coverage':
        return { kind: 'coverage', payer: value, from, until };
      case 'diagnosis':
        return { kind: 'diagnosis', code: value, instead: check.found === '' ? null : check.found };
      case 'procedure':
        return { kind: 'procedure', code: value };
      case 'orderer-npi':
        return { kind: 'orderer-npi', npi: value };
    }
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const said = correction();
    // One id for one correction: should the answer get lost, pressing again sends the same one.
    const what = JSON.stringify(said);
    if (command.current?.what !== what) command.current = { id: crypto.randomUUID(), what };
    setBusy(true);
    const why = await props.onCorrect(command.current.id, said);
    setBusy(false);
    setTrouble(why === null ? null : `Not taken: ${why}`);
    if (why === null) {
      command.current = null;
      setTyped(empty);
    }
  };
  return (
    <details className="site-correction">
      <summary aria-label={`${form.opens}, ${about}`}>{form.opens}</summary>
      <form onSubmit={(event) => void submit(event)} aria-label={`${form.opens}, ${about}`}>
        {form.fields.map(({ name, label, hint }) => (
          <TextField
            key={name}
            label={label}
            value={typed[name]}
            onChange={(value) => setTyped((before) => ({ ...before, [name]: value }))}
            maxLength={120}
            required={name === 'value'}
            {...(hint === undefined ? {} : { hint })}
          />
        ))}
        <Button type="submit" disabled={busy || typed.value.trim() === ''}>
          Put it into the order
        </Button>
        {trouble === null ? null : <p role="alert">{trouble}</p>}
      </form>
    </details>
  );
}
