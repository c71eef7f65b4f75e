export { type JournalOptions, type OpenedJournal, openJournal } from './journal.ts';
export type { Journal, JournalEntry, JournalFailure, JournalKind, NotKept, Settlement, StoredEntry } from './types.ts';
