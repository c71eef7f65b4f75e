import { serveThread } from '../threads/rpc.ts';
import { makeAuditFunctions } from './audit-store.ts';

serveThread(makeAuditFunctions);
