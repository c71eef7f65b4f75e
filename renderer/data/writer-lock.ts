/**
 * Runs `work` while this window is the one writer of `name` among all windows of this origin; others wait, or are told `busy` where
 * they do not want to. The lock ends with the work, with `signal`, and with the window.
 */
export async function holdWriter<Value>(
  name: string,
  work: () => Promise<Value>,
  options: { readonly wait?: boolean; readonly signal?: AbortSignal; readonly locks?: LockManager } = {},
): Promise<{ readonly held: true; readonly value: Value } | { readonly held: false }> {
  const locks = options.locks ?? globalThis.navigator?.locks;
  // Without Web Locks (an old shell) there is one window or none that can be told apart: the journal's revisions still decide.
  if (locks === undefined) return { held: true, value: await work() };
  const asked = options.wait === false ? { ifAvailable: true } : { signal: options.signal };
  return await locks.request(`overread|${name}`, asked, async (lock) =>
    lock === null ? { held: false as const } : { held: true as const, value: await work() },
  );
}

/** Whether some window of this origin is the writer of `name` now. Where the browser does not tell, it is taken to be so. */
export async function isWriterHeld(name: string): Promise<boolean> {
  try {
    const { held } = await navigator.locks.query();
    return held === undefined || held.some((one) => one.name === `overread|${name}`);
  } catch {
    return true;
  }
}
