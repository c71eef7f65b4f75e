export type { ArrivalRules } from './arrival-fields.ts';
export { usualArrival } from './arrival-fields.ts';
export * from './clock-stop.ts';
export type { DeliveryRules } from './delivery-fields.ts';
export { usualDelivery } from './delivery-fields.ts';
export * from './profile-file.ts';
export * from './site-profile.ts';
