import { createLinkedDesk, type LinkedDesk } from './linked-desk.ts';
import { createReadingDesk, type ReadingDesk } from './reading-desk.ts';

type ReadingDeskParts = Omit<Parameters<typeof createReadingDesk>[0], 'linked'>;
type LinkedDeskParts = Parameters<typeof createLinkedDesk>[0];

/** What readers arrange about one study, and about those that go together. */
export function openReadingDesks(parts: ReadingDeskParts & LinkedDeskParts): {
  readonly desk: ReadingDesk;
  readonly linked: LinkedDesk;
} {
  const linked = createLinkedDesk(parts);
  return { desk: createReadingDesk({ ...parts, linked }), linked };
}
