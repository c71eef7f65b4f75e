export * from './call-request.ts';
export * from './question.ts';
