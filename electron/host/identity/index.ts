export { addDemoAccounts, openAccounts } from './accounts.ts';
export { createSessions } from './sessions.ts';
export { type SignatureFailure, verifyJws } from './signing.ts';
export type {
  AccountFailure,
  Accounts,
  LiveSession,
  NewAccount,
  SessionFailure,
  Sessions,
  SigningKey,
} from './types.ts';
