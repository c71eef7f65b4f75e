import { spawn } from 'node:child_process';

/** The command that shows an address in the user's own browser. */
export function browserCommand(
  address: string,
  platform: NodeJS.Platform,
): { readonly command: string; readonly parameters: readonly string[] } {
  if (platform === 'darwin') return { command: 'open', parameters: [address] };
  // `start` takes its first quoted word as a title.
  if (platform === 'win32') return { command: 'cmd', parameters: ['/c', 'start', '""', address] };
  return { command: 'xdg-open', parameters: [address] };
}

/** Opens the address; `onFailure` is told when there is no browser, which is no reason to stop. */
export function openBrowser(address: string, onFailure: () => void): void {
  const { command, parameters } = browserCommand(address, process.platform);
  const child = spawn(command, parameters, { detached: true, stdio: 'ignore' });
  child.once('error', onFailure);
  child.once('exit', (code) => {
    if (code !== 0) onFailure();
  });
  child.unref();
}
