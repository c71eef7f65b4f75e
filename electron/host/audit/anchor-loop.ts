import { anchorEvery, anchorRetry } from '../paces.ts';
import type { Ports } from '../ports.ts';
import { type Loop, startLoop } from '../reading/loop.ts';
import type { RecordClient } from '../record/types.ts';
import { anchorInRecord } from './anchor-in-record.ts';

/** Tells the record the head of the access log, now and then and after each signature: sooner while it has none. */
export function startAnchorLoop(audit: Parameters<typeof anchorInRecord>[0], record: RecordClient, ports: Ports): Loop {
  let anchored = false;
  return startLoop(
    'anchor',
    () => (anchored ? anchorEvery : anchorRetry),
    async () => {
      const { sequence } = await audit.head();
      anchored = sequence > 0 && (await anchorInRecord(audit, record, ports));
    },
    ports,
  );
}
