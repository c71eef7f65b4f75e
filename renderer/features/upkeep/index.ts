export { CheckRulesDialog } from './check-rules-dialog.tsx';
export { DevicesDialog } from './devices-dialog.tsx';
export { DowntimeDialog } from './downtime-dialog.tsx';
export { type ThisDevice, ThisDeviceDialog } from './this-device-dialog.tsx';
export { UpkeepDialog } from './upkeep-dialog.tsx';
export { useCheckRules } from './use-check-rules.ts';
export { useDevices } from './use-devices.ts';
export { backupLine, clockLine, type Upkeep, useUpkeep } from './use-upkeep.ts';
