export * from './npi.ts';
export * from './permissions.ts';
export * from './reader.ts';
export * from './state-codes.ts';
