export * from './site-profile.ts';
