import { useRef, useState } from 'react';
import type { SiteChannels } from '../../../shared/api/index.ts';
import { channelForms, type SetChannel, setChannels } from '../../../shared/domain/delivery/index.ts';
import { AskedTrouble, Button, Dialog, Mark, Message } from '../../ui/index.ts';
import { ChannelBlock } from './channel-block.tsx';
import { ChannelFields } from './channel-fields.tsx';
import './site-channels.css';
import type { SiteChannelsDesk } from './use-site-channels.ts';

type Site = SiteChannels['sites'][number];

const channelsOf = ({ channels }: Site): string => {
  const set = channels.filter(({ channel }) => channelForms[channel].held === 'host');
  return set.length === 0 ? 'record and archive' : set.map(({ channel }) => channelForms[channel].title).join(', ');
};

/** Where the reports of each site go: every channel in words, and the way to set, try and take away one. */
export function SiteChannelsDialog({
  desk,
  onClose,
}: {
  readonly desk: SiteChannelsDesk;
  readonly onClose: () => void;
}) {
  const { view, trouble } = desk;
  const [chosen, setChosen] = useState<string | null>(null);
  const [editing, setEditing] = useState<SetChannel | null>(null);
  const dirty = useRef(false);
  const [asked, setAsked] = useState(false);
  /** Nothing that was typed is lost by one press: the second one leaves. */
  const leave = (go: () => void): void => {
    const stays = dirty.current && !asked;
    setAsked(stays);
    if (stays) return;
    dirty.current = false;
    go();
  };
  const site =
    view?.sites.find(({ id }) => id === chosen) ??
    view?.sites.find(({ clockFaults }) => clockFaults.length > 0) ??
    view?.sites[0] ??
    null;
  return (
    <Dialog
      title="Delivery by site"
      className="site-channels"
      onClose={() => leave(() => (editing === null ? onClose() : setEditing(null)))}
    >
      <div className="dialog-body site-channels-body">
        <AskedTrouble trouble={trouble} ask={desk.ask} />
        {view === null ? (
          trouble === null ? (
            <p className="mute">Asking the host…</p>
          ) : null
        ) : (
          <p className="dim site-channels-always">
            Every report goes to: {view.always.join('; ')}. What is set here comes on top, for one site each
            {view.group ? ', and holds on every host of the group.' : '.'}
          </p>
        )}
        {view === null || view.overruled.length === 0 ? null : (
          <Message tone="ask" title="settings.json of this host says otherwise, and has no say.">
            What the group has set goes before that file: {view.overruled.join('; ')}. Whoever runs this host takes it
            out of the file; what is to hold is set here.
          </Message>
        )}
        {view !== null && site === null ? (
          <p className="dim">No site is known yet. One is listed with its first order, or after npm run sites.</p>
        ) : null}
        {view === null || site === null ? null : (
          <div className="site-channels-places">
            <nav className="site-channels-list" aria-label="Sites">
              {view.sites.map((one) => (
                <button
                  key={one.id}
                  type="button"
                  className="site-channels-site"
                  aria-current={one.id === site.id}
                  onClick={() =>
                    leave(() => {
                      setChosen(one.id);
                      setEditing(null);
                    })
                  }
                >
                  {one.name}
                  <small>{channelsOf(one)}</small>
                  {one.clockFaults.length === 0 ? null : (
                    <small className="site-channels-fault">
                      <Mark shape="diamond" /> clock never stops
                    </small>
                  )}
                </button>
              ))}
            </nav>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1). */}
            <section className="site-channels-site-of" aria-label={`Channels of ${site.name}`} tabIndex={0}>
              <h3>
                {site.name} <span className="mute small mono">{site.id}</span>
              </h3>
              {editing === null
                ? site.clockFaults.map(({ contract, words, next }) => (
                    <Message key={words} tone="ask" title={`“${contract}”: a clock that never stops.`}>
                      {words} {next}
                    </Message>
                  ))
                : null}
              {editing === null
                ? setChannels.map((channel) => (
                    <ChannelBlock
                      key={`${site.id}${channel}`}
                      site={site}
                      channel={channel}
                      fixed={view.fixed.find((one) => one.channel === channel)?.why ?? null}
                      desk={desk}
                      onEdit={() => {
                        // It stays in hand when what was wrong with it is mended.
                        setChosen(site.id);
                        setEditing(channel);
                      }}
                    />
                  ))
                : [
                    <ChannelFields
                      key={`${site.id}${editing}`}
                      site={site}
                      channel={editing}
                      desk={desk}
                      onDirty={(next) => {
                        dirty.current = next;
                        setAsked(false);
                      }}
                      onDone={() => {
                        dirty.current = false;
                        setAsked(false);
                        setEditing(null);
                      }}
                    />,
                  ]}
            </section>
          </div>
        )}
        <div className="dialog-actions">
          {asked ? (
            <span className="signal" role="alert">
              What you typed is not kept. Keep it, or press Esc again to leave it.
            </span>
          ) : null}
          <Button keys="Esc" onClick={() => leave(() => (editing === null ? onClose() : setEditing(null)))}>
            {editing === null ? 'Close' : 'Back'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
