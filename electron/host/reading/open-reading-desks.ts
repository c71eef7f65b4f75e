import { hostIdOf } from '../duties/duties.ts';
import type { Journal } from '../journal/types.ts';
import { unfinishedMovesEvery } from '../paces.ts';
import type { Ports } from '../ports.ts';
import { createExamMoves, type ExamMoves, type ExamMovesParts } from './exam-moves.ts';
import { createLinkedDesk, type LinkedDesk } from './linked-desk.ts';
import { startLoop } from './loop.ts';
import { createReadingDesk, type ReadingDesk } from './reading-desk.ts';

type ReadingDeskParts = Omit<Parameters<typeof createReadingDesk>[0], 'linked' | 'moves'>;
type LinkedDeskParts = Parameters<typeof createLinkedDesk>[0];

/** What readers arrange about one study, and about those that go together. */
export async function openReadingDesks(
  parts: ReadingDeskParts &
    LinkedDeskParts &
    Pick<ExamMovesParts, 'book'> & { readonly journal: Journal; readonly ports: Ports },
): Promise<{
  readonly desk: ReadingDesk;
  readonly linked: LinkedDesk;
  readonly moves: ExamMoves;
  readonly stopMoves: () => Promise<void>;
}> {
  const { ports } = parts;
  const linked = createLinkedDesk(parts);
  const moves = createExamMoves({ ...parts, linked, hostId: await hostIdOf(parts.journal, ports), step: ports.step });
  const loop = startLoop('unfinished moves', () => unfinishedMovesEvery, moves.round, ports);
  return { desk: createReadingDesk({ ...parts, linked, moves }), linked, moves, stopMoves: loop.stop };
}
