export { type JournalOptions, type OpenedJournal, openJournal } from './journal.ts';
export type {
  Journal,
  JournalEntry,
  JournalFailure,
  JournalKind,
  NotKept,
  Passing,
  Settlement,
  StoredEntry,
} from './types.ts';
