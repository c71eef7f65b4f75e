export * from './backup-schedule.ts';
export * from './downtime-sheet.ts';
