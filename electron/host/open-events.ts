import type { Priority } from '../../shared/domain/order/index.ts';
import { openEventTable } from './events/index.ts';
import type { Journal } from './journal/types.ts';
import type { KeyRing } from './keys/types.ts';
import type { Ports } from './ports.ts';
import { openEventBook } from './reading/event-book.ts';
import type { RecordClient } from './record/types.ts';
import type { Settings } from './settings/types.ts';
import { HostStartError } from './start-error.ts';

/** The events of every reading: the host's table of what the record has, and what is still on its way there. */
export async function openEvents(parts: {
  readonly settings: Settings;
  readonly keyRing: KeyRing;
  readonly journal: Journal;
  readonly record: RecordClient;
  readonly ports: Ports;
  readonly priorityOf: (orderId: string) => Priority;
}) {
  const { settings, keyRing, journal, record, ports } = parts;
  const table = await openEventTable({
    directory: settings.dataDirectory,
    keyRing,
    ports,
    source: settings.record.kind === 'remote' ? settings.record.url : 'embedded',
  }).catch(() => {
    throw new HostStartError(
      'The table of events in the data folder cannot be written to. Check the rights of the folder.',
    );
  });
  const events = await openEventBook(journal, record, table, ports, parts.priorityOf);
  return {
    events,
    closeEvents: async (): Promise<void> => {
      await events.close();
      await table.close();
    },
  };
}
