import type { AnswerNoted, LaterAnswer } from '../delivery/later-answer.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Releaser } from '../delivery/releaser.ts';
import type { SharedSigned } from './shared-signed.ts';

type RoundParts = {
  /** Null where this host stands alone. */
  readonly shared: Pick<SharedSigned, 'cycle'> | null;
  readonly releaser: Pick<Releaser, 'cycle' | 'waiting'>;
  readonly outbox: Pick<Outbox, 'cycle' | 'answered' | 'waiting'>;
  readonly mayDeliver: () => boolean;
  /** Whether it is known by which channels sites have their reports now, whichever host set them. */
  readonly channelsReady: () => Promise<boolean>;
};

/** One round of releases and deliveries: what others did is known before anything is done here, and what was done here is told before the next. */
export async function deliveryRound({
  shared,
  releaser,
  outbox,
  mayDeliver,
  channelsReady,
}: RoundParts): Promise<void> {
  if (shared !== null && !(await shared.cycle())) return;
  if (!mayDeliver()) return;
  const released = releaser.waiting() > 0;
  await releaser.cycle();
  // A receiver may answer another host while this round still sends: that host must know by then that the report is out.
  if (released && shared !== null && !(await shared.cycle())) return;
  if (outbox.waiting() > 0 && !(await channelsReady())) return;
  await outbox.cycle();
  await shared?.cycle();
}

/**
 * An application's own answer that this host of a group took, whichever host sends. It is noted once the record has it too: the host that
 * sends goes by it, and this one may die. An answer to what is not known here is looked for in the record before it is called unknown.
 */
export async function answeredInGroup(
  { shared, outbox }: Pick<RoundParts, 'shared' | 'outbox'>,
  answer: LaterAnswer,
): Promise<AnswerNoted> {
  const first = await outbox.answered(answer);
  if (shared === null || first === 'not-kept') return first;
  if (first === 'unknown') {
    if (!(await shared.cycle())) return 'not-kept';
    const again = await outbox.answered(answer);
    if (again !== 'noted') return again;
  }
  // One that was under way may have begun before the answer.
  await shared.cycle();
  return (await shared.cycle()) ? 'noted' : 'not-kept';
}
