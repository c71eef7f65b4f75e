export * from './delivery.ts';
export * from './delivery-moves.ts';
export * from './standing.ts';
