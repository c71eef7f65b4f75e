export { isDiagnosisShape, isProcedureShape, plainCode } from './code-shapes.ts';
export * from './code-table.ts';
export * from './correction.ts';
export * from './fit-to-bill.ts';
