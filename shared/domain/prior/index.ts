export * from './relevant-priors.ts';
export * from './same-person.ts';
