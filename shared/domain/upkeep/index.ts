export * from './backup-schedule.ts';
export * from './downtime-sheet.ts';
export * from './retention.ts';
