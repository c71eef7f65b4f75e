import type { Ports } from '../ports.ts';

/** Refused presses that one address may make in the window, milliseconds, before it is not listened to. */
const mostRefused = 20;
const window = 10 * 60_000;
/** Addresses that are remembered: an attacker with many must not fill the memory. */
const mostAddresses = 20_000;

/** Slows down who tries links and codes. It guards the host; what guards a report is the link's secret and its five codes. */
export type TooManyTries = { blocked(address: string): boolean; refused(address: string): void };

export function createTooManyTries(ports: Pick<Ports, 'now'>): TooManyTries {
  const tries = new Map<string, { count: number; until: number }>();
  const known = (address: string): { count: number; until: number } | undefined => {
    const found = tries.get(address);
    if (found === undefined || ports.now() < found.until) return found;
    tries.delete(address);
    return undefined;
  };
  return {
    blocked: (address) => (known(sameNetwork(address) ?? '')?.count ?? 0) >= mostRefused,
    refused: (address) => {
      const network = sameNetwork(address);
      if (network === null) return;
      const before = known(network);
      if (before !== undefined) {
        before.count += 1;
        return;
      }
      tries.set(network, { count: 1, until: ports.now() + window });
      const [oldest] = tries.keys();
      if (tries.size > mostAddresses && oldest !== undefined) tries.delete(oldest);
    },
  };
}

/** IPv4 whole, IPv6 by its /64 (a line has all of one). Null on loopback: a proxy stands there, and one guesser must not stop everybody. */
function sameNetwork(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (plain === '' || plain === '::1' || plain.startsWith('127.')) return null;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array.from({ length: Math.max(missing, 0) }, () => '0')].slice(0, 4).join(':');
}
