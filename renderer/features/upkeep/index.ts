export { DevicesDialog } from './devices-dialog.tsx';
export { DowntimeDialog } from './downtime-dialog.tsx';
export { type ThisDevice, ThisDeviceDialog } from './this-device-dialog.tsx';
export { UpkeepDialog } from './upkeep-dialog.tsx';
export { useDevices } from './use-devices.ts';
export { backupLine, type Upkeep, useUpkeep } from './use-upkeep.ts';
