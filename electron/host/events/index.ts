export { type EventFolding, type EventTable, type EventTableOptions, openEventTable } from './event-table.ts';
