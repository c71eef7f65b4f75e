import { useEffect, useRef, useState } from 'react';
import type { ChannelFault, GatewayRecipient } from '../../../shared/domain/delivery/index.ts';
import { Button, TextField } from '../../ui/index.ts';

/** More are found by name: a form of thousands of fields could not be used. */
const mostShown = 100;

/** The only numbers or addresses that a gateway is ever given. */
export function RecipientsTable(props: {
  readonly addressLabel: string;
  readonly recipients: readonly GatewayRecipient[];
  readonly faults: readonly ChannelFault[];
  readonly onChange: (recipients: readonly GatewayRecipient[]) => void;
}) {
  const { addressLabel, recipients, faults, onChange } = props;
  const [find, setFind] = useState('');
  const [added, setAdded] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  // A new line is to be written in at once.
  useEffect(() => {
    if (added > 0) body.current?.querySelector<HTMLInputElement>('tr:last-of-type input')?.focus();
  }, [added]);
  const put = (row: number, change: Partial<GatewayRecipient>): void =>
    onChange(
      recipients.map((one, at) =>
        at === row ? { ...one, ...change } : change.usual === true ? { ...one, usual: false } : one,
      ),
    );
  const wanted = find.trim().toLowerCase();
  const isFaulty = (row: number): boolean => faults.some((one) => one.row === row);
  const found = recipients
    .map((one, row) => ({ one, row }))
    .filter(
      ({ one, row }) =>
        wanted === '' ||
        isFaulty(row) ||
        `${one.name} ${one.address} ${one.orderer ?? ''}`.toLowerCase().includes(wanted),
    );
  const shown = found.length > mostShown ? [...found.slice(0, mostShown - 1), ...found.slice(-1)] : found;
  return (
    <fieldset className="recipients">
      <legend>Receivers</legend>
      <p className="dim small">
        A report goes to the line with its ordering physician’s number (NPI, or the site’s own), else to the usual one,
        else it waits for a person.
      </p>
      {recipients.length > 12 ? <TextField label="Find a receiver" value={find} onChange={setFind} /> : null}
      {shown.length === 0 ? (
        <p className="mute">{recipients.length === 0 ? 'No receiver yet.' : 'No receiver has these words.'}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">{addressLabel}</th>
              <th scope="col">Physician’s number</th>
              <th scope="col">Usual</th>
              <th scope="col">
                <span className="visually-hidden">Take away</span>
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map(({ one, row }) => {
              const who = one.name === '' ? `receiver ${row + 1}` : one.name;
              const cell = (at: 'name' | 'address' | 'orderer', label: string) => {
                const fault = faults.find((each) => each.row === row && each.at === at)?.words ?? null;
                return (
                  <td>
                    <input
                      aria-label={`${label} of ${who}`}
                      aria-invalid={fault !== null}
                      value={one[at] ?? ''}
                      autoComplete="off"
                      spellCheck={false}
                      onChange={({ target: { value } }) =>
                        put(row, { [at]: at === 'orderer' && value.trim() === '' ? null : value })
                      }
                    />
                    {fault === null ? null : <span className="channel-fault">{fault}</span>}
                  </td>
                );
              };
              return (
                <tr key={row}>
                  {cell('name', 'Name')}
                  {cell('address', addressLabel)}
                  {cell('orderer', 'Physician’s number')}
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`${who} is the usual receiver`}
                      checked={one.usual}
                      autoComplete="off"
                      onChange={(event) => put(row, { usual: event.target.checked })}
                    />
                  </td>
                  <td>
                    <Button
                      kind="quiet"
                      label={`Take away ${who}`}
                      onClick={() => onChange(recipients.filter((_other, at) => at !== row))}
                    >
                      Take away
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {shown.length === found.length ? null : (
        <p className="mute small">{found.length - shown.length} more: find them by name.</p>
      )}
      <Button
        onClick={() => {
          setFind('');
          onChange([...recipients, { name: '', address: '', orderer: null, usual: recipients.length === 0 }]);
          setAdded((before) => before + 1);
        }}
      >
        Add a receiver
      </Button>
    </fieldset>
  );
}
