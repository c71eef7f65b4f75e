import { useState } from 'react';
import type { SiteChannels } from '../../../shared/api/index.ts';
import { channelForms, channelWords, recipientsWords, type SetChannel } from '../../../shared/domain/delivery/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import { Button, Mark } from '../../ui/index.ts';
import { intoView, type TestAnswer, TestLine } from './test-line.tsx';
import type { SiteChannelsDesk } from './use-site-channels.ts';

const whoWhen = ({ by, at }: { readonly by: string; readonly at: number }): string =>
  `${by}, ${formatInZone(instant(at), new Intl.DateTimeFormat().resolvedOptions().timeZone)}`;

/** One channel of a site as it is set, in words. */
export function ChannelBlock(props: {
  readonly site: SiteChannels['sites'][number];
  readonly channel: SetChannel;
  /** Why it is not changed here; null where it is. */
  readonly fixed: string | null;
  readonly desk: SiteChannelsDesk;
  readonly onEdit: () => void;
}) {
  const { site, channel, fixed, desk } = props;
  const { title, held, recipients: listed } = channelForms[channel];
  const set = site.channels.find((one) => one.channel === channel) ?? null;
  const removed = site.removed.find((one) => one.channel === channel) ?? null;
  const [test, setTest] = useState<TestAnswer>(null);
  const [removing, setRemoving] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const why =
    fixed ?? (set === null && held === 'record' ? 'Nothing is agreed with this site yet: see npm run sites.' : null);
  return (
    <section className="channel-block" aria-label={title}>
      <div className="channel-block-head">
        <h4>{title}</h4>
        <span className={set === null ? 'mute' : 'dim'}>
          <Mark shape={set === null ? 'ring' : 'dot'} /> {set === null ? 'not set' : 'set'}
        </span>
        <span className="grow" />
        {set === null || held === 'record' ? null : (
          <Button
            label={`Test this channel: ${title}`}
            disabled={test === 'asking'}
            onClick={() => {
              setTest('asking');
              void desk.test({ siteId: site.id, ...set }).then(setTest);
            }}
          >
            Test this channel
          </Button>
        )}
        {why !== null ? null : (
          <Button label={`${set === null ? 'Set up' : 'Change'} ${title}`} onClick={props.onEdit}>
            {set === null ? 'Set up' : 'Change'}
          </Button>
        )}
        {set === null || held === 'record' || why !== null ? null : (
          <Button kind="quiet" label={`Remove ${title}`} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        )}
      </div>
      {set === null ? null : (
        <dl className="channel-facts">
          {channelWords(channel, set.values).map(({ label, words }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{words}</dd>
            </div>
          ))}
          {listed === null ? null : (
            <div>
              <dt>Receivers</dt>
              <dd>{recipientsWords(set.recipients)}</dd>
            </div>
          )}
        </dl>
      )}
      {set === null || set.hindrance === null ? null : <p className="signal small">{set.hindrance}</p>}
      {set === null || set.changed === null ? null : <p className="mute small">Set by {whoWhen(set.changed)}.</p>}
      {removed === null ? null : <p className="mute small">Removed by {whoWhen(removed)}.</p>}
      {set === null || set.onTheWay === 0 ? null : (
        <p className="dim small">
          {set.onTheWay === 1 ? 'One report is' : `${set.onTheWay} reports are`} on the way by it.
        </p>
      )}
      {set?.elsewhere.map(({ place, reports }) => (
        <p key={place} className="dim small">
          {reports === 1 ? 'One of them was' : `${reports} of them were`} put to {place} before the gateway was moved,
          and
          {reports === 1 ? ' is' : ' are'} followed there: nothing is sent a second time.
        </p>
      ))}
      {why === null ? null : <p className="mute small">{why}</p>}
      <TestLine answer={test} />
      {removing ? (
        <p ref={intoView} className="channel-remove signal" role="alert">
          {set === null || set.onTheWay === 0
            ? 'Reports that are signed from now on do not go this way.'
            : 'What is on the way by it then waits for a person, and new reports do not go this way.'}{' '}
          {set === null || set.stopsClockOf.length === 0
            ? null
            : `The clock of ${set.stopsClockOf.map((name) => `“${name}”`).join(' and ')} runs until its receiver answers: without it, that clock never stops. `}
          <Button
            onClick={() => {
              setRemoving(false);
              void desk.remove({ siteId: site.id, channel }).then((words) => {
                setSaid(words);
                setTest(null);
              });
            }}
          >
            Remove {title}
          </Button>{' '}
          <Button kind="quiet" onClick={() => setRemoving(false)}>
            Leave it
          </Button>
        </p>
      ) : null}
      {said === null ? null : (
        <p ref={intoView} className="signal" role="alert">
          Not removed. {said}
        </p>
      )}
    </section>
  );
}
