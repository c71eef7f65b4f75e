import { ok, type Result } from '../../shared/lib/result.ts';
import type { Host, Settings } from '../host/index.ts';
import { listenForGroup } from './loopback-server.ts';

export type PhysicianListener = {
  /** Where people reach it: links are made with it. */
  readonly origin: string;
  close(): Promise<void>;
};

/**
 * The ordering physician's page on a listener of its own: who can reach it reaches none of the readers' calls, and the other way round.
 * Failures are sentences for the terminal.
 */
export async function listenForPhysicians(
  setting: NonNullable<Settings['physicianPage']>,
  door: () => Host['physicianPage'] | null,
): Promise<Result<PhysicianListener, string>> {
  const listening = await listenForGroup(
    setting,
    (request, line) =>
      door()?.(request, line.incoming.socket.remoteAddress ?? '') ??
      new Response('Starting', { status: 503, headers: { 'Retry-After': '5', 'Cache-Control': 'no-store' } }),
    '--physician-tls',
  );
  if (!listening.ok) return { ok: false, error: `The ordering physician’s page: ${listening.error}` };
  const { address, tls, origin } = setting;
  const host = address.includes(':') ? `[${address}]` : address;
  const own = new URL(`${tls === null ? 'http' : 'https'}://${host}:${listening.value.port}`).origin;
  return ok({ origin: origin ?? own, close: listening.value.close });
}
