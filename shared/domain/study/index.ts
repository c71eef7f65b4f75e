export * from './calendar-date.ts';
export * from './compare-identity.ts';
export * from './image-set.ts';
export * from './images-complete.ts';
export * from './match-order.ts';
export { displayName } from './person-name.ts';
export * from './relevant-priors.ts';
export * from './study.ts';
export * from './uid.ts';
