import { assertNever } from '../../lib/assert-never.ts';
import { type Instant, type Millis, minutes } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DeviceId } from './device-window.ts';

/** Why a device destroyed its keys. */
export type DestroyedWhy = 'revoked' | 'offline';

export type Revocation = { readonly at: Instant; readonly by: string; readonly reason: string };

/** How a device stands with its group. `destroyed` is the device's own word, given at its next contact; nothing comes after it. */
export type DeviceState =
  | { readonly kind: 'active' }
  | ({ readonly kind: 'revoked' } & Revocation)
  | {
      readonly kind: 'destroyed';
      /** On the device's clock. */
      readonly at: Instant;
      readonly why: DestroyedWhy;
      readonly confirmedAt: Instant;
      /** Null where its time ran out and nobody had revoked it. */
      readonly revocation: Revocation | null;
    };

/** A reader's desktop, as the hosts of its group keep it. */
export type Device = {
  readonly id: DeviceId;
  readonly name: string;
  /** Ed25519, the x of its JWK (RFC 8037 2). */
  readonly publicKey: string;
  readonly firstSeen: Instant;
  /** On the group host's clock. */
  readonly lastContact: Instant;
  /** IANA zone of the computer at its last contact. */
  readonly zone: string;
  readonly lastUser: { readonly id: string; readonly name: string } | null;
  readonly version: string;
  /** Bytes of images in its sealed cache. */
  readonly heldBytes: number;
  readonly state: DeviceState;
};

export type DeviceMove =
  | {
      readonly kind: 'contact';
      readonly at: Instant;
      readonly name: string;
      readonly zone: string;
      readonly version: string;
      readonly heldBytes: number;
    }
  | { readonly kind: 'signed-in'; readonly at: Instant; readonly user: { readonly id: string; readonly name: string } }
  | { readonly kind: 'revoke'; readonly at: Instant; readonly by: string; readonly reason: string }
  | { readonly kind: 'destroyed'; readonly at: Instant; readonly why: DestroyedWhy; readonly confirmedAt: Instant };

const latest = (one: Instant, other: Instant): Instant => (one > other ? one : other);

/** What a device may become. A revocation is never taken back: a computer that comes back is a new device under a new sign-in. */
export function moveDevice(device: Device, move: DeviceMove): Result<Device, 'not-a-legal-move'> {
  const { state } = device;
  switch (move.kind) {
    case 'contact': {
      // A revoked one that asks is told so, and its asking is worth knowing; one without keys has nothing to tell.
      if (state.kind === 'destroyed') return err('not-a-legal-move');
      const { name, zone, version, heldBytes } = move;
      return ok({ ...device, name, zone, version, heldBytes, lastContact: latest(device.lastContact, move.at) });
    }
    case 'signed-in':
      return state.kind === 'active'
        ? ok({ ...device, lastUser: move.user, lastContact: latest(device.lastContact, move.at) })
        : err('not-a-legal-move');
    case 'revoke': {
      const { at, by, reason } = move;
      return state.kind === 'active'
        ? ok({ ...device, state: { kind: 'revoked', at, by, reason } })
        : err('not-a-legal-move');
    }
    case 'destroyed': {
      if (state.kind === 'destroyed') return err('not-a-legal-move');
      const { at, why, confirmedAt } = move;
      const revocation = state.kind === 'revoked' ? { at: state.at, by: state.by, reason: state.reason } : null;
      return ok({ ...device, heldBytes: 0, state: { kind: 'destroyed', at, why, confirmedAt, revocation } });
    }
    default:
      return assertNever(move);
  }
}

/** Whether sessions of a device are served, and new ones begun. */
export function isBarred(device: Pick<Device, 'state'>): boolean {
  return device.state.kind !== 'active';
}

/** How long a device may be away before it destroys its keys, in hours: a shift at the least, a week at the most. */
export const offlineHours = { least: 4, most: 168, usual: 24 } as const;

export function isOfflineHours(hours: number): boolean {
  return Number.isInteger(hours) && hours >= offlineHours.least && hours <= offlineHours.most;
}

/** How long before the end the reader is warned. */
export const warnBefore: Millis = minutes(4 * 60);

export const fewestRevokeLetters = 4;

/** What lacks of a revocation, in words; null when nothing does. The name is typed, so that no other computer is ended by a slip. */
export function lackOfRevocation(device: Pick<Device, 'name'>, typed: string, reason: string): string | null {
  if (typed.trim() !== device.name.trim()) return `Type the name of the computer: ${device.name}.`;
  return reason.trim().length < fewestRevokeLetters ? 'Say the reason in a few words.' : null;
}
