import type { DeviceView } from '../../../shared/api/index.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';

/** "2026-11-29 02:14 CST": minutes are enough, and which zone is said. */
export function timeInZone(at: number, zone: string): string {
  return formatInZone(at as never, zone).replace(/:\d\d (?=\S+$)/, ' ');
}

const reasons = { revoked: 'revoked', offline: 'away for too long' } as const;

/** How a computer stands, first in a word, then what a lead wants to know of it. `zone` is the lead's own. */
export function deviceStateWords(
  { state }: Pick<DeviceView, 'state'>,
  zone: string,
): { readonly head: string; readonly more: string; readonly tone: 'well' | 'waits' | 'over' } {
  switch (state.kind) {
    case 'active':
      return { head: 'Active', more: '', tone: 'well' };
    case 'revoked':
      return {
        head: 'Revoked, keys not known to be gone',
        more: `${timeInZone(state.at, zone)} by ${state.by}: ${state.reason}. It destroys them at its next contact, or when it has been away for too long.`,
        tone: 'waits',
      };
    case 'destroyed': {
      const by = state.revocation === null ? '' : ` Revoked by ${state.revocation.by}: ${state.revocation.reason}.`;
      return {
        head: `Keys destroyed ${timeInZone(state.at, zone)}`,
        more: `As the computer itself confirmed ${timeInZone(state.confirmedAt, zone)} (${reasons[state.why]}).${by}`,
        tone: 'over',
      };
    }
  }
}

export function heldWords(bytes: number): string {
  return bytes < 500_000 ? '0 MB' : `${Math.round(bytes / 1_000_000).toLocaleString('en-US')} MB`;
}

export function givenBackWords(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? 'One signed report came back from it, not released: its signer finds the words in the case.'
    : `${count} signed reports came back from it, not released: their signers find the words in the cases.`;
}
