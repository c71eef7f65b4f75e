export { createLog, type LogLevel } from './log.ts';
export { type LogFile, openLogFile } from './log-file.ts';
