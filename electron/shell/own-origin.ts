import type { CustomScheme } from 'electron';

const scheme = 'overread';
/** The one origin of the page, whatever the data folder: what the page keeps belongs to it. */
export const ownOrigin = 'overread://app';

/** DESIGN 2.1: an origin of its own with streams and WebAssembly, past no policy and for no service worker. */
export const ownScheme: CustomScheme = {
  scheme,
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    stream: true,
    codeCache: true,
    corsEnabled: false,
    bypassCSP: false,
    allowServiceWorkers: false,
  },
};

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Whether an address is our page's. By its parts: `URL.origin` is `null` for every scheme that is not the web's. */
export function isOwn(address: string): boolean {
  const url = parsed(address);
  return (
    url !== null && url.protocol === `${scheme}:` && url.host === 'app' && url.username === '' && url.password === ''
  );
}

/** The only address that the page may open a window with. */
export function isOwnWindow(address: string): boolean {
  const url = parsed(address);
  return isOwn(address) && url !== null && /^\/window\/[A-Za-z0-9-]{1,64}$/.test(url.pathname) && url.search === '';
}

/** A document that the page itself made (a report as PDF) or serves. */
export function isOwnDownload(address: string): boolean {
  return isOwn(address.startsWith('blob:') ? address.slice('blob:'.length) : address);
}

/** Hosts whose https pages may be shown in the user's own browser. None yet: nothing on the page leads out. */
const outsideHosts: readonly string[] = [];

export function mayOpenOutside(address: string, hosts: readonly string[] = outsideHosts): boolean {
  const url = parsed(address);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    hosts.includes(url.hostname)
  );
}
