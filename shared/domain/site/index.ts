export type { ArrivalRules } from './arrival-fields.ts';
export { usualArrival } from './arrival-fields.ts';
export * from './profile-file.ts';
export * from './site-profile.ts';
