export * from './acknowledgement.ts';
export * from './build-oru.ts';
export * from './escape.ts';
export * from './message.ts';
export * from './mllp.ts';
