/** Milliseconds in which so many crashes of one window are one too many. */
const span = 60_000;
const most = 3;

/**
 * Whether a window whose page crashed is loaded again. The drafts are in the journal and the page finds its case by its address; a page
 * that crashes again and again is left to the user, who would otherwise watch it flicker.
 */
export function crashWatch(): (reason: string, now: number) => 'reload' | 'leave' | 'give-up' {
  let crashes: readonly number[] = [];
  return (reason, now) => {
    if (reason === 'clean-exit') return 'leave';
    crashes = [...crashes.filter((at) => now - at < span), now];
    return crashes.length > most ? 'give-up' : 'reload';
  };
}
