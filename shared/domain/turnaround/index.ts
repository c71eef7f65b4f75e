export { dateInZone, formatInZone } from '../../lib/zoned-time.ts';
export { type Clock, clock, dueAt } from './clock.ts';
export * from './contract.ts';
export * from './event.ts';
export * from './event-words.ts';
export * from './intervals.ts';
export { inOrder } from './occurrences.ts';
export * from './open-hours.ts';
export * from './time-left.ts';
