export { defaultDataDirectory, readSettings } from './settings.ts';
export type { Credentials, Hl7Endpoint, Settings, SettingsFailure, Upstream } from './types.ts';
