export * from './order.ts';
export * from './priority-rank.ts';
export * from './validate-order.ts';
