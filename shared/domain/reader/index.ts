export * from './credentials.ts';
export * from './may-read.ts';
export * from './npi.ts';
export * from './permissions.ts';
export * from './reader.ts';
export * from './reading-from.ts';
export * from './reminders.ts';
export * from './state-codes.ts';
