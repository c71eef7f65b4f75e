export { DowntimeDialog } from './downtime-dialog.tsx';
export { UpkeepDialog } from './upkeep-dialog.tsx';
export { backupLine, type Upkeep, useUpkeep } from './use-upkeep.ts';
