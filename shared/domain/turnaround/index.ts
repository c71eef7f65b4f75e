export { dateInZone, formatInZone } from '../../lib/zoned-time.ts';
export { byTime } from './by-time.ts';
export {
  type Clock,
  clock,
  contractMoment,
  defaultTerms,
  dueAt,
  pausedSince,
  startOf,
  type Terms,
  termsOf,
} from './clock.ts';
export * from './contract.ts';
export { receiverWords, stopWords } from './contract-words.ts';
export * from './day-figures.ts';
export { type Dispute, dispute, disputeCsv } from './dispute.ts';
export * from './downtime-read.ts';
export * from './event.ts';
export * from './event-words.ts';
export * from './intervals.ts';
export { inOrder } from './occurrences.ts';
export { type Calendar, calendarOf, type OpenHours, type OpenSpan, type Weekday, weekdays } from './open-hours.ts';
export { packEvents, type UsualId, unpackEvents } from './packed-events.ts';
export { type KeptEvent, keptEvent, replacesCopy, soundEvent } from './sound-event.ts';
export * from './time-left.ts';
