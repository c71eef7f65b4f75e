export { CaseCritical } from './case-critical.tsx';
export { CriticalBoard, CriticalReminder, useOpenCriticals } from './critical-board.tsx';
export { type CriticalOutbox, createCriticalOutbox } from './critical-outbox.ts';
