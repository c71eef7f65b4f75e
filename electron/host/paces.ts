import type { Ports } from './ports.ts';

/** Milliseconds between two looks at the archive and the orders; the record's sync has its own pace. */
export const intakeEvery = 5_000;
/** Milliseconds between two rounds of the outbox while something waits, and while nothing does. */
export const outboxEvery = { waiting: 1_000, idle: 15_000, group: 2_000 };
export const eventsEvery = { waiting: 2_000, idle: 15_000 };
/** Milliseconds between two looks at what the accounts script set. */
export const credentialsEvery = 5_000;
export const anchorEvery = 15 * 60_000;
/** While there is nothing to anchor yet, or the record did not take it. */
export const anchorRetry = 30_000;
/** Milliseconds in which changes of the list are gathered before it is compared and told. */
export const gatherFor = 40;
/** Milliseconds between two looks for moves of several exams that a host left unfinished. */
export const unfinishedMovesEvery = 5_000;
/** Milliseconds between two looks for reports that were given to be signed, or sent back, and whose event was not written. */
export const pendingEvery = 5_000;

/** Milliseconds between two looks at the links of the ordering physician's page. */
export const physicianLinksEvery = 60_000;

/** Milliseconds after the opening of a case in which its first images are asked for, before the list of all of them is. */
export const afterFirstImage = 1_500;
/** Milliseconds between two looks whether images still stream to a page. */
export const besideImages = 250;

/** Milliseconds until the named work looks again: the usual ones, unless a test has them shortened. */
export function paced(ports: Pick<Ports, 'pace'>, work: string, usual: number): number {
  return ports.pace?.(work, usual) ?? usual;
}
