import { useCallback, useState } from 'react';
import { DowntimeDialog, type Upkeep, UpkeepDialog } from '../features/upkeep/index.ts';
import type { HostClient } from '../host/index.ts';

/** Backup and downtime, and from there the page of one site. */
export function UpkeepRoom(props: {
  readonly host: HostClient;
  readonly upkeep: Upkeep | null;
  readonly onClose: () => void;
}) {
  const { host } = props;
  const [siteId, setSiteId] = useState<string | null>(null);
  const ask = useCallback(() => host.call('downtimeSheet', { params: { siteId: siteId ?? '' } }), [host, siteId]);
  const back = useCallback(() => setSiteId(null), []);
  return siteId === null ? (
    <UpkeepDialog upkeep={props.upkeep} onPage={setSiteId} onClose={props.onClose} />
  ) : (
    <DowntimeDialog ask={ask} onClose={back} />
  );
}
