export * from './marks-on-prior.ts';
export * from './name-searches.ts';
export * from './relevant-priors.ts';
export * from './same-person.ts';
