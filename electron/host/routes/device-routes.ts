import type { Hono } from 'hono';
import type { DeviceContact, DevicesView, Failure } from '../../../shared/api/index.ts';
import { type Device, deviceOfWindow, isBarred, lackOfRevocation } from '../../../shared/domain/devices/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { DeviceBook } from '../devices/device-book.ts';
import { versionInEnvelope } from '../devices/envelope.ts';
import type { Sessions } from '../identity/types.ts';
import { isSignedBy } from '../keys/device-keys.ts';
import type { Ports } from '../ports.ts';
import { failure, mount } from './mount.ts';

export const revokedWords =
  'The lead of your group has revoked this computer. Its images and drafts are deleted; sign in on another one, and ask the lead.';

const notNow = failure('upstream-unreachable', 'The record does not answer, so nothing was changed. Try again.');
const notOurs = failure('forbidden', 'That did not come from a computer that this group knows.');

/** Readers' desktops: their contacts, what they hand over, and the lead's list. */
export function mountDeviceRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly devices: DeviceBook;
  /** Whether any host of the group has taken that press of Sign as a signature. */
  readonly isTaken: (commandId: string) => Promise<boolean | 'unreachable'>;
}): void {
  const { app, sessions, ports, audit, devices } = routes;
  const noted = (user: string, detail: string) =>
    audit.record([{ user, purpose: 'device', patient: null, studyUid: null, detail }]);
  const standingOf = (device: Device | null) => ({
    standing: device === null ? ('unknown' as const) : isBarred(device) ? ('revoked' as const) : ('active' as const),
    now: ports.now(),
    offlineHours: devices.offlineHours(),
    envelopeKey: devices.envelopeKeys.publicKey,
  });
  const contactOf = ({ name, zone, version, heldBytes }: DeviceContact) => ({ name, zone, version, heldBytes });

  mount(app, sessions, ports, 'deviceContact', async ({ input: { contact, signature } }) => {
    const found = await devices.find(contact.deviceId);
    if (!found.ok) return notNow;
    if (found.value === null) return ok(standingOf(null));
    if (!isSignedBy(found.value.publicKey, canonicalJson(contact), signature)) return notOurs;
    const moved = await devices.move(contact.deviceId, { kind: 'contact', at: ports.now(), ...contactOf(contact) });
    // Its standing is known whether or not this contact could be written down.
    return ok(standingOf(moved.ok ? moved.value : found.value));
  });
  mount(app, sessions, ports, 'deviceSignedIn', async ({ input: { contact, publicKey }, session }) => {
    // The session was begun in the name of this very device; it speaks for no other.
    if (deviceOfWindow(session.window) !== contact.deviceId) return notOurs;
    const { id, name } = session.reader;
    const known = await devices.signedIn(contact, publicKey, { id, name });
    if (known.ok) return ok(standingOf(known.value));
    if (known.error === 'unreachable') return notNow;
    return known.error === 'other-key' ? notOurs : failure('forbidden', revokedWords);
  });
  mount(app, sessions, ports, 'deviceEnvelope', async ({ input: { deviceId, commandId, envelope } }) => {
    const found = await devices.find(deviceId);
    if (!found.ok) return notNow;
    if (found.value === null) return notOurs;
    const version = versionInEnvelope({
      ...{ deviceId, commandId, envelope },
      groupKeys: devices.envelopeKeys,
      devicePublicKey: found.value.publicKey,
    });
    if (version === null) return notOurs;
    // Handed over in the usual way, and its computer was ended before it heard so: it is no report that was given back.
    const taken = await routes.isTaken(commandId);
    if (taken === 'unreachable') return notNow;
    if (taken) return ok({});
    const { content } = version;
    const written = await audit.record([
      {
        user: content.signer.name,
        purpose: 'device',
        patient: content.patient.id,
        studyUid: content.studyUid,
        detail: `signed report from the computer ${found.value.name}, given back`,
      },
    ]);
    if (!written.ok) return failure('audit-unavailable', written.error.message);
    const kept = await devices.giveBack({ deviceId, commandId, takenAt: ports.now(), version });
    return kept.ok ? ok({}) : notNow;
  });
  mount(app, sessions, ports, 'deviceDestroyed', async ({ input: { signature, ...said } }) => {
    const { deviceId, why, decidedAt } = said;
    const found = await devices.find(deviceId);
    if (!found.ok) return notNow;
    // Whom nobody knows nobody waits for.
    if (found.value === null) return ok({ revoked: false });
    if (!isSignedBy(found.value.publicKey, canonicalJson({ deviceId, why, decidedAt }), signature)) return notOurs;
    const revoked = found.value.state.kind === 'revoked';
    if (found.value.state.kind === 'destroyed') return ok({ revoked: found.value.state.revocation !== null });
    const written = await noted('group', `the computer ${found.value.name} says that its keys are destroyed (${why})`);
    if (!written.ok) return failure('audit-unavailable', written.error.message);
    const at = instant(said.at);
    const moved = await devices.move(deviceId, { kind: 'destroyed', at, why, confirmedAt: ports.now() });
    if (!moved.ok && moved.error === 'unreachable') return notNow;
    const after = moved.ok && moved.value.state.kind === 'destroyed' ? moved.value.state.revocation !== null : revoked;
    return ok({ revoked: after });
  });

  const view = (): DevicesView => ({
    devices: devices
      .all()
      .map(({ publicKey: _key, lastUser, ...device }) => ({
        ...device,
        lastUser: lastUser?.name ?? null,
        givenBack: devices.givenBackBy(device.id),
      }))
      .sort((one, other) => other.lastContact - one.lastContact),
    offlineHours: devices.offlineHours(),
    now: ports.now(),
  });
  mount(app, sessions, ports, 'devices', async () => ok(view()));
  mount(
    app,
    sessions,
    ports,
    'revokeDevice',
    async ({ params, input, session }): Promise<Result<DevicesView, Failure>> => {
      const found = await devices.find(params.deviceId);
      if (!found.ok) return notNow;
      if (found.value === null) return failure('not-found', 'No such computer is known. Open the list again.');
      const lack = lackOfRevocation(found.value, input.typed, input.reason);
      if (lack !== null) return failure('reason-needed', lack);
      const reason = input.reason.trim();
      const { userName, name: by } = session.reader;
      const written = await noted(userName, `revoked the computer ${found.value.name}: ${reason}`);
      if (!written.ok) return failure('audit-unavailable', written.error.message);
      const moved = await devices.move(params.deviceId, { kind: 'revoke', at: ports.now(), by, reason });
      if (moved.ok) return ok(view());
      return moved.error === 'unreachable'
        ? notNow
        : failure('not-a-legal-move', 'That computer is revoked already, or has no keys any more.');
    },
  );
  mount(app, sessions, ports, 'setOfflineHours', async ({ input, session }) => {
    const written = await noted(session.reader.userName, `readers' computers may be away for ${input.hours} h`);
    if (!written.ok) return failure('audit-unavailable', written.error.message);
    return (await devices.setOfflineHours(input.hours)).ok ? ok(view()) : notNow;
  });

  // Of a reader's own desktop alone.
  mount(app, sessions, ports, 'thisDevice', async () => ok({ device: null }));
  mount(app, sessions, ports, 'nameThisDevice', async () => ok({ device: null }));
  mount(app, sessions, ports, 'startAfresh', async () => ok({}));
}
