export { dateInZone, formatInZone } from '../../lib/zoned-time.ts';
export { type Clock, type Contract, clock, defaultContract, dueAt } from './clock.ts';
export * from './event.ts';
export * from './intervals.ts';
export { inOrder } from './occurrences.ts';
export * from './time-left.ts';
