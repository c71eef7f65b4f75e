export { TroublesDialog } from './troubles-dialog.tsx';
export { troublesLine, useDeliveryTroubles } from './watch-troubles.ts';
