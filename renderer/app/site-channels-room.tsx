import { SiteChannelsDialog, useSiteChannels } from '../features/settings/index.ts';
import type { HostClient } from '../host/index.ts';

/** Where each site's reports go, for a lead. */
export function SiteChannelsRoom(props: { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void }) {
  return <SiteChannelsDialog desk={useSiteChannels(props.host)} onClose={props.onClose} />;
}
