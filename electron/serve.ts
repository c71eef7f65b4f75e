import { openBrowser } from './browser-shell/open-browser.ts';
import { runBrowserShell } from './browser-shell/run-browser-shell.ts';
import { askOnTerminal } from './launch/ask-hidden.ts';
import { countOutsideMemory } from './launch/outside-memory.ts';
import { placesOf } from './launch/places.ts';

countOutsideMemory();

/** The browser shell: the host on 127.0.0.1, its address on standard output, sentences of trouble on standard error. */
const starting = runBrowserShell(placesOf(import.meta.url), {
  argv: process.argv.slice(2),
  env: process.env,
  print: (line) => console.log(line),
  warn: (line) => console.error(line),
  ask: askOnTerminal(),
  openBrowser: (address) =>
    openBrowser(address, () => console.error(`No browser could be opened; open the address yourself: ${address}`)),
  patience: 30_000,
});

let closing = false;
const stop = async (): Promise<void> => {
  // The second Ctrl-C is impatience; everything that was acknowledged is on disk by then.
  if (closing) process.exit(130);
  closing = true;
  const outcome = await starting;
  if (outcome.kind !== 'ended') await outcome.running.close();
  process.exit(0);
};
// Before the host is ready, so that a signal that comes with the ready line still closes in order.
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());

const outcome = await starting;
if (outcome.kind === 'ended') process.exit(outcome.code);
