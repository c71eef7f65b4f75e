import type { Claim } from '../launch/one-host.ts';
import { claimFolder, type Holder } from '../launch/one-host.ts';

/** The header in which the browser shell names its instance, so that another program on the same port is not taken for it. */
export const instanceHeader = 'Overread-Instance';

/** True when the holder's own host answers at its address. */
export async function answers(holder: Holder, fetch: typeof globalThis.fetch = globalThis.fetch): Promise<boolean> {
  if (holder.port === null) return false;
  try {
    const response = await fetch(`http://127.0.0.1:${holder.port}/api/capabilities`, {
      signal: AbortSignal.timeout(3_000),
      redirect: 'error',
    });
    await response.body?.cancel();
    return response.ok && response.headers.get(instanceHeader) === holder.instance;
  } catch {
    return false;
  }
}

/**
 * Claims the data folder, or waits until the host that has it answers (it may be starting, or closing, which makes the folder ours).
 * `patience` in milliseconds.
 */
export async function claimOrFind(
  directory: string,
  patience: number,
): Promise<Claim & { readonly answering?: boolean }> {
  const until = performance.now() + patience;
  for (;;) {
    const claim = claimFolder(directory);
    if (claim.kind !== 'held') return claim;
    if (claim.holder !== null && (claim.holder.shell === 'desktop' || claim.holder.port === null)) return claim;
    if (claim.holder !== null && (await answers(claim.holder))) return { ...claim, answering: true };
    if (performance.now() > until) return claim;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
