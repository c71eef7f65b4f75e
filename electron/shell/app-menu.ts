import type { MenuItemConstructorOptions } from 'electron';

/** Only what the system expects of a menu (macOS takes copy and paste from it). Reloading and developer tools are not in it. */
export function appMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'editMenu' },
    { label: 'View', submenu: [{ role: 'togglefullscreen' }] },
    { role: 'windowMenu' },
  ];
}
