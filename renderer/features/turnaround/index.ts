export { DisputeFile } from './dispute-file.tsx';
export { EnterDowntimeRead } from './downtime-read.tsx';
