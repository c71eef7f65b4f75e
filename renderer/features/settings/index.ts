export { KeySettings } from './key-settings.tsx';
export { SiteChannelsDialog } from './site-channels-dialog.tsx';
export { useSiteChannels } from './use-site-channels.ts';
