/** How a try of the desktop ended. `ready` false: it ended before its window was there. */
export type DesktopRun = { readonly ready: boolean; readonly code: number; readonly complaint: string };

/** What the start script does to its computer; tests put their own in its place. */
export type Outside = {
  readonly platform: NodeJS.Platform;
  readonly env: { readonly [name: string]: string | undefined };
  /** Milliseconds since 1970, UTC. */
  now(): number;
  isRoot(): boolean;
  print(line: string): void;
  pageIsStale(): boolean;
  buildPage(): Promise<void>;
  desktopIsStale(): boolean;
  buildDesktop(): Promise<void>;
  /** The Electron program, or null. */
  findElectron(): string | null;
  /** Null when it came, else why it did not. */
  downloadElectron(): Promise<string | null>;
  readonly failure: { isRecent(now: number): boolean; remember(now: number): void; forget(): void };
  runDesktop(program: string): Promise<DesktopRun>;
  /** Answers an exit code, or null while it runs. */
  runBrowserShell(): Promise<number | null>;
};

/** Why there is no desktop here, as one sentence with its remedy, or the program that can be run. */
type Desktop = { readonly kind: 'program'; readonly program: string } | { readonly kind: 'none'; readonly why: string };

async function findDesktop(outside: Outside, insisted: boolean): Promise<Desktop> {
  const none = (why: string): Desktop => ({ kind: 'none', why });
  const { platform, env } = outside;
  // Before the download: on a server without a screen it would be 100 MB for nothing.
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return none('There is no display here for the desktop window (neither DISPLAY nor WAYLAND_DISPLAY is set).');
  if (platform === 'linux' && outside.isRoot())
    return none(
      'The desktop window is not opened for root, who cannot have its sandbox; start as another user for it.',
    );
  const present = outside.findElectron();
  if (present !== null) return { kind: 'program', program: present };
  if (!insisted && outside.failure.isRecent(outside.now()))
    return none('Electron could not be downloaded within the last day; --desktop tries again.');
  outside.print(
    'Electron, which shows the desktop window, is not here yet. Downloading it (about 100 MB, at most 60 s)…',
  );
  const reason = await outside.downloadElectron();
  const program = outside.findElectron();
  if (reason === null && program !== null) {
    outside.failure.forget();
    return { kind: 'program', program };
  }
  outside.failure.remember(outside.now());
  return none(
    `Electron could not be downloaded (${reason ?? 'the download is incomplete'}); with a network, --desktop tries again.`,
  );
}

function sentenceOf(run: DesktopRun): string {
  if (/sandbox/i.test(run.complaint)) {
    return 'This system refuses Electron its sandbox, and Overread does not run without one; allow unprivileged user namespaces (kernel.apparmor_restrict_unprivileged_userns=0), or give chrome-sandbox in node_modules/electron/dist to root with mode 4755.';
  }
  const library = /error while loading shared libraries: (\S+?):/.exec(run.complaint)?.[1];
  if (library !== undefined) return `Electron lacks the system library ${library}; install the package that holds it.`;
  return `The desktop window ended before it was ready (exit code ${run.code}); its log is in the data folder under logs.`;
}

/**
 * `npm start`: builds what is missing, opens the desktop where that can be, and the browser shell everywhere else, with one sentence
 * why. Answers the exit code, or null while the browser shell goes on running in this process.
 */
export async function startOverread(
  outside: Outside,
  shell: 'browser' | 'desktop' | undefined,
): Promise<number | null> {
  if (outside.pageIsStale()) {
    outside.print('Building the page (once, and after changes)…');
    await outside.buildPage();
  }
  if (shell === 'browser') return outside.runBrowserShell();
  const desktop = await findDesktop(outside, shell === 'desktop');
  if (desktop.kind === 'program') {
    if (outside.desktopIsStale()) {
      outside.print('Building the desktop program (once, and after changes)…');
      await outside.buildDesktop();
    }
    const run = await outside.runDesktop(desktop.program);
    if (run.ready) return run.code;
    outside.print(`${sentenceOf(run)} Overread opens in the browser instead.`);
  } else {
    outside.print(`${desktop.why} Overread opens in the browser instead.`);
  }
  return outside.runBrowserShell();
}
