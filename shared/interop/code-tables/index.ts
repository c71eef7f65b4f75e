export * from './diagnosis-table.ts';
export * from './procedure-table.ts';
