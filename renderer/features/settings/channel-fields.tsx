import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { SiteChannels } from '../../../shared/api/index.ts';
import {
  askedFields,
  type ChannelFault,
  type ChannelField,
  channelFaults,
  channelForms,
  type GatewayRecipient,
  type SetChannel,
  trialFaults,
  usualValues,
} from '../../../shared/domain/delivery/index.ts';
import { Button, unbroken } from '../../ui/index.ts';
import { RecipientsTable } from './recipients-table.tsx';
import { intoView, type TestAnswer, TestLine } from './test-line.tsx';
import type { SiteChannelsDesk } from './use-site-channels.ts';

/** The form of one channel, made from its table. It is checked as a whole: every fault is named at its place, and nothing is kept before. */
export function ChannelFields(props: {
  readonly site: SiteChannels['sites'][number];
  readonly channel: SetChannel;
  readonly desk: SiteChannelsDesk;
  readonly onDirty: (dirty: boolean) => void;
  readonly onDone: () => void;
}) {
  const { site, channel, desk } = props;
  const form = channelForms[channel];
  const set = site.channels.find((one) => one.channel === channel) ?? null;
  const [values, setValues] = useState(() => ({ ...usualValues(channel), ...set?.values }));
  const [recipients, setRecipients] = useState<readonly GatewayRecipient[]>(set?.recipients ?? []);
  const [faults, setFaults] = useState<readonly ChannelFault[]>([]);
  const [said, setSaid] = useState<string | null>(null);
  const [test, setTest] = useState<TestAnswer>(null);
  const [busy, setBusy] = useState(false);
  const sheet = useRef<HTMLFormElement>(null);
  // Where the first of them is to be corrected, the hands go by themselves.
  useEffect(() => {
    if (faults.length > 0) sheet.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  /** What is set and not shown can be left as it is. */
  const isKept = (key: string): boolean => set?.values[key] === 'kept';
  const typed = { siteId: site.id, channel, values, recipients };

  const changed = (): void => {
    props.onDirty(true);
    setSaid(null);
    setTest(null);
  };
  const checked = (faultsOf: typeof channelFaults): boolean => {
    const found = faultsOf(channel, values, recipients);
    setFaults(found);
    return found.length === 0;
  };
  const keep = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!checked(channelFaults)) return setSaid('Not kept: correct what is marked.');
    setBusy(true);
    const why = await desk.keep(typed);
    setBusy(false);
    if (why === null) props.onDone();
    else setSaid(`Not kept. ${why}`);
  };
  const tryIt = async (): Promise<void> => {
    if (!checked(trialFaults)) return setSaid('Not tried: correct what is marked.');
    setTest('asking');
    setTest(await desk.test(typed));
  };
  return (
    <form
      ref={sheet}
      className="channel-form"
      aria-label={form.title}
      onSubmit={(event) => void keep(event)}
      noValidate
    >
      <h4>
        {set === null ? 'Set up' : 'Change'} {form.title}
      </h4>
      <div className="channel-form-fields">
        {askedFields(channel, values).map((field, place) => (
          <Field
            key={field.key}
            field={
              field.key === 'folder'
                ? { ...field, hint: folderHint(desk.view?.gatewayFolders ?? [], desk.view?.group === true) }
                : field
            }
            first={place === 0}
            value={values[field.key] ?? ''}
            hidden={isKept(field.key) ? [] : ['kept']}
            fault={faults.find(({ at, row }) => row === null && at === field.key)?.words ?? null}
            onChange={(value) => {
              changed();
              setValues((before) => ({ ...before, [field.key]: value }));
            }}
          />
        ))}
      </div>
      {form.recipients === null ? null : (
        <RecipientsTable
          addressLabel={form.recipients.label}
          recipients={recipients}
          faults={faults}
          onChange={(next) => {
            changed();
            setRecipients(next);
          }}
        />
      )}
      <TestLine
        answer={test}
        onConfirm={(hostKey) => {
          changed();
          setFaults([]);
          setValues((before) => ({ ...before, hostKey }));
          // The button goes with what it answered.
          sheet.current?.querySelector<HTMLElement>('[name="hostKey"]')?.focus();
        }}
      />
      {said === null ? null : (
        <p key={said} ref={intoView} className="signal" role="alert">
          {said}
        </p>
      )}
      <div className="channel-form-actions">
        <Button kind="go" type="submit" disabled={busy}>
          Keep
        </Button>
        {form.held === 'record' ? null : (
          <Button disabled={test === 'asking'} onClick={() => void tryIt()}>
            Test this channel
          </Button>
        )}
        <span className="mute small">
          {form.held === 'record'
            ? 'It counts from the next signature on, on every host.'
            : `The test only connects: no report goes out. What is kept counts at once${desk.view?.group === true ? ', on every host of the group' : ''}.`}
        </span>
      </div>
    </form>
  );
}

function folderHint(folders: readonly string[], group: boolean): string {
  return folders.length === 0
    ? 'This host lets nobody name a folder here: who runs it starts it with --gateway-folders DIR.'
    : `On the host’s machine, in ${folders.join(' or ')}.${group ? ' A host of the group on which it is not laid open leaves it to those on which it is.' : ''}`;
}

function Field(props: {
  readonly field: ChannelField;
  readonly first: boolean;
  readonly value: string;
  /** Choices that cannot be taken now. */
  readonly hidden: readonly string[];
  readonly fault: string | null;
  readonly onChange: (value: string) => void;
}) {
  const { field, value, fault } = props;
  const { label, hint, takes } = field;
  const id = useId();
  const told = [...(hint === undefined ? [] : [`${id}-hint`]), ...(fault === null ? [] : [`${id}-fault`])].join(' ');
  const common = {
    id,
    name: field.key,
    value,
    'aria-invalid': fault !== null,
    'aria-describedby': told === '' ? undefined : told,
    autoFocus: props.first,
  };
  return (
    <div className={field.isLong === true ? 'field channel-long' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {takes.kind === 'choice' ? (
        <select {...common} autoComplete="off" onChange={(event) => props.onChange(event.target.value)}>
          {takes.choices
            .filter((one) => !props.hidden.includes(one.value))
            .map((one) => (
              <option key={one.value} value={one.value}>
                {one.words}
              </option>
            ))}
        </select>
      ) : takes.kind === 'key' ? (
        <textarea
          {...common}
          className="channel-key mono"
          rows={4}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => props.onChange(event.target.value)}
        />
      ) : (
        <input
          {...common}
          type={takes.kind === 'secret' ? 'password' : 'text'}
          inputMode={takes.kind === 'number' ? 'numeric' : undefined}
          autoComplete={takes.kind === 'secret' ? 'new-password' : 'off'}
          spellCheck={false}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
      {hint === undefined ? null : (
        <span className="hint" id={`${id}-hint`}>
          {unbroken(hint)}
        </span>
      )}
      {fault === null ? null : (
        <span className="channel-fault" id={`${id}-fault`}>
          {unbroken(fault)}
        </span>
      )}
    </div>
  );
}
