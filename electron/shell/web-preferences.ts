import type { BrowserWindowConstructorOptions, Session, WebPreferences } from 'electron';

/** What every page of ours runs with. There is no other place where these are written. */
export function webPreferences(session: Session, developing: boolean): WebPreferences {
  return {
    session,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    // A file dropped on the window must not replace the case on screen.
    navigateOnDragDrop: false,
    // It downloads dictionaries from a server of others.
    spellcheck: false,
    // A window in the background still counts its clocks.
    backgroundThrottling: false,
    devTools: developing,
  };
}

export function windowOptions(session: Session, developing: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1600,
    height: 1000,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Overread',
    backgroundColor: '#0b0d10',
    autoHideMenuBar: true,
    webPreferences: webPreferences(session, developing),
  };
}
