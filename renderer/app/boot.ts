import type { Capabilities, Session } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import type { SignedIn } from './signed-in.ts';

/** Where the program stands between being loaded and being worked in. */
export type Boot =
  | { readonly kind: 'asking' }
  /** The host did not say what it offers. */
  | { readonly kind: 'unreachable'; readonly message: string }
  /** Of a reader's computer whose keys were destroyed. */
  | { readonly kind: 'ended'; readonly capabilities: Capabilities; readonly ended: NonNullable<Capabilities['ended']> }
  | { readonly kind: 'first-account'; readonly capabilities: Capabilities }
  | { readonly kind: 'sign-in'; readonly capabilities: Capabilities; readonly ended: string | null }
  /** A reload of a locked window: who reads here is not known until the password is given. */
  | { readonly kind: 'locked-out'; readonly capabilities: Capabilities }
  | { readonly kind: 'acknowledge'; readonly capabilities: Capabilities; readonly session: Omit<Session, 'token'> }
  | { readonly kind: 'in'; readonly capabilities: Capabilities; readonly signedIn: SignedIn };

/** Asks the host what it offers and whether this window's session still stands. */
export async function bootOf(host: HostClient, ended: string | null): Promise<Boot> {
  const hasToken = host.session.token() !== null;
  // Asked side by side: the list waits for both.
  const [asked, session] = await Promise.all([
    host.call('capabilities'),
    hasToken ? host.call('currentSession') : Promise.resolve(null),
  ]);
  if (!asked.ok) return { kind: 'unreachable', message: asked.error.message };
  const capabilities = asked.value;
  if (capabilities.ended !== undefined) {
    host.session.forget();
    return { kind: 'ended', capabilities, ended: capabilities.ended };
  }
  if (capabilities.needsFirstAccount) return { kind: 'first-account', capabilities };
  if (session === null) return { kind: 'sign-in', capabilities, ended };
  if (session.ok) return { kind: 'acknowledge', capabilities, session: session.value };
  if (session.error.code === 'locked') return { kind: 'locked-out', capabilities };
  if (session.error.from === 'page') return { kind: 'unreachable', message: session.error.message };
  host.session.forget();
  return { kind: 'sign-in', capabilities, ended: ended ?? session.error.message };
}
