export * from './profile-file.ts';
export * from './site-profile.ts';
