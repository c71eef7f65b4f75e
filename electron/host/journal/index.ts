export { type JournalOptions, type OpenedJournal, openJournal } from './journal.ts';
export type { Journal, JournalEntry, JournalFailure, JournalKind, StoredEntry } from './types.ts';
