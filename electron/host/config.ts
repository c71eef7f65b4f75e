import type { EngineChild } from './dictation/index.ts';
import type { SecretSource } from './keys/types.ts';
import type { PhysicianDoor } from './physician-page/page-door.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings/types.ts';

/** What only a desktop can do; the browser shell leaves it out. */
export type DesktopPorts = {
  openWindow(id: string): void;
  /** Tells the host that the computer locked or sleeps. */
  onLock(listener: () => void): () => void;
  /** Starts a process of the program's own that runs this file: the packed program is no Node for others. */
  startProcess(entry: URL): EngineChild;
};

export type HostConfig = {
  readonly settings: Settings;
  readonly secret: SecretSource;
  readonly shell: 'desktop' | 'browser';
  readonly version: string;
  /** Folder of the built page (index.html, assets); null serves none (tests of the API alone). */
  readonly pageDirectory: string | null;
  /** Origins whose requests are answered; filled by the shell once it knows its own. `Host` and `Origin` of others are refused. */
  readonly origins: () => readonly string[];
  /** Where people reach the ordering physician's page, once its listener stands; absent where the settings say it or there is none. */
  readonly physicianOrigin?: () => string | null;
  readonly ports: Ports;
  readonly desktop?: DesktopPorts;
  /** The journal's thread; tests put one with a slow disk in its place. */
  readonly journalThread?: URL;
};

export type Host = {
  /** The whole program outside the page, as one fetch handler. */
  fetch(request: Request): Promise<Response>;
  /** The ordering physician's page, for a listener of its own; absent where it is not offered. */
  readonly physicianPage?: PhysicianDoor;
  /** Sentences for the terminal at start: key file, demo passwords, troubles. */
  readonly notices: readonly string[];
  close(): Promise<void>;
};
