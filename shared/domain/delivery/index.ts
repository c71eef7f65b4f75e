export type { ChannelField, ChannelForm, ChannelValues } from './channel-field.ts';
export * from './channel-form.ts';
export * from './delivery.ts';
export * from './delivery-moves.ts';
export * from './delivery-troubles.ts';
export * from './gateway.ts';
export * from './standing.ts';
