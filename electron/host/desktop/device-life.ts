import { type CallName, type CallOutput, calls, type DeviceContact, type Failure } from '../../../shared/api/index.ts';
import {
  atContact,
  atTick,
  type DestroyedWhy,
  offlineHours,
  offlineStanding,
} from '../../../shared/domain/devices/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { type Instant, instant, minutes } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { signAsDevice } from '../keys/device-keys.ts';
import type { Ports } from '../ports.ts';
import { type Loop, startLoop } from '../reading/loop.ts';
import type { GroupSession } from './desk-sessions.ts';
import { type DeviceFiles, timeNow } from './device-identity.ts';
import { forward } from './forward.ts';
import type { GroupLink } from './group-link.ts';

type Standing = CallOutput<'deviceContact'>;

/** This computer as one of its group: its contacts, the time that it was away, and the moment at which its keys have to go. */
export type DeviceLife = {
  /** Asks the group and counts the time; the reason for which the keys have to go, or null. */
  look(): Promise<DestroyedWhy | null>;
  /** Somebody signed in here: the group knows this computer from now on. What it says where it does not let it in. */
  signedIn(session: GroupSession): Promise<Failure | null>;
  lastContact(): Instant | null;
  offlineHours(): number;
  /** On this computer's clock; null before the first contact. */
  deletesAt(): Instant | null;
  isNear(): boolean;
  rename(name: string): Promise<void>;
  start(onEnd: (why: DestroyedWhy) => void, onChange: () => void, each: () => Promise<void>): Loop;
};

const every = 20_000;
/** The start does not wait longer for a group that takes the connection and says nothing. */
const contactTime = 8_000;

/** Asks a public call of the group host; null when none answered, or with what is no answer of ours. */
export async function askPublic<Name extends CallName>(
  link: GroupLink,
  name: Name,
  input: unknown,
): Promise<Result<CallOutput<Name>, number> | null> {
  const { method, path, output } = calls[name];
  const answer = await link
    .ask({
      method,
      path,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(contactTime),
    })
    .catch(() => null);
  if (answer === null) return null;
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) return { ok: false, error: answer.status };
  const parsed = output.safeParse(body);
  return parsed.success ? ok(parsed.data as CallOutput<Name>) : null;
}

export function createDeviceLife(parts: {
  readonly files: DeviceFiles;
  readonly link: GroupLink;
  readonly ports: Ports;
  readonly version: string;
  readonly heldBytes: () => number;
}): DeviceLife {
  const { files, link, ports } = parts;
  const contact = (): DeviceContact => ({
    deviceId: files.identity().id,
    name: files.identity().name,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    version: parts.version,
    heldBytes: parts.heldBytes(),
    at: ports.now(),
  });
  const hours = (): number => files.identity().told?.offlineHours ?? offlineHours.usual;
  const heard = async (standing: Standing): Promise<void> => {
    const { envelopeKey, offlineHours: told } = standing;
    const before = files.identity();
    if (before.told?.envelopeKey !== envelopeKey || before.told.offlineHours !== told)
      await files.keepIdentity({ ...before, told: { offlineHours: told, envelopeKey } });
    await files.keepClock(atContact(standing.now, timeNow(ports)));
  };
  const standingNow = () => {
    const clock = files.clock();
    return clock === null || clock === 'lost' ? null : { clock, ...offlineStanding(clock, minutes(hours() * 60)) };
  };

  /** Signed in, and the group could not note it yet. */
  let unknown: GroupSession | null = null;

  const signedIn: DeviceLife['signedIn'] = async (session) => {
    const { publicKey } = files.identity().keys;
    const input = { contact: contact(), publicKey };
    const answered = await forward(link, session, 'deviceSignedIn', { params: {}, query: '', input });
    unknown = null;
    if (answered.ok) await heard(answered.value as Standing);
    else if (answered.error.code === 'forbidden') return answered.error;
    // The record does not answer now: that is no reason to keep a reader out, and it is told again.
    else unknown = session;
    return null;
  };

  const look = async (): Promise<DestroyedWhy | null> => {
    if (unknown !== null) await signedIn(unknown);
    // Before the first sign-in here the group knows nothing of it, and there is nothing to destroy.
    if (files.identity().told === null) return null;
    const said = contact();
    const signature = signAsDevice(files.identity().keys, canonicalJson(said));
    const answered = await askPublic(link, 'deviceContact', { contact: said, signature });
    if (answered?.ok === true && answered.value.standing === 'revoked') return 'revoked';
    if (answered?.ok === true && answered.value.standing === 'active') {
      await heard(answered.value);
      return null;
    }
    const clock = files.clock();
    if (clock === null || clock === 'lost') return null;
    await files.keepClock(atTick(clock, timeNow(ports)));
    return standingNow()?.kind === 'over' ? 'offline' : null;
  };

  return {
    look,
    signedIn,
    lastContact: () => {
      const clock = files.clock();
      return clock === null || clock === 'lost' ? null : instant(clock.lastContact - clock.skew);
    },
    offlineHours: hours,
    deletesAt: () => {
      const standing = standingNow();
      if (standing === null) return null;
      const { clock } = standing;
      const left = clock.lastContact + hours() * 3_600_000 - atTick(clock, timeNow(ports)).seen;
      return instant(ports.now() + Math.max(0, left));
    },
    isNear: () => {
      const clock = files.clock();
      if (clock === null || clock === 'lost') return false;
      return offlineStanding(atTick(clock, timeNow(ports)), minutes(hours() * 60)).kind !== 'well';
    },
    rename: (name) => files.keepIdentity({ ...files.identity(), name }),
    start: (onEnd, onChange, each) => {
      let near = false;
      return startLoop(
        'device',
        () => every,
        async () => {
          const why = await look();
          if (why !== null) {
            onEnd(why);
            return;
          }
          await each();
          const isNear = standingNow()?.kind === 'warned';
          if (isNear !== near) onChange();
          near = isNear;
        },
        ports,
      );
    },
  };
}
