import { serveThread } from '../threads/rpc.ts';
import { makeJournalFunctions } from './journal-store.ts';

serveThread(makeJournalFunctions);
