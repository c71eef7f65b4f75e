import { serveThread } from '../threads/rpc.ts';
import { makeAccountFunctions } from './account-store.ts';

serveThread(makeAccountFunctions);
