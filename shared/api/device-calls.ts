import { deviceIdPattern, offlineHours } from '../domain/devices/index.ts';
import type { Call } from './calls.ts';
import { z } from './jitless-zod.ts';
import { instantSchema, list } from './trade-schemas.ts';

const deviceId = z.string().regex(deviceIdPattern);
const name = z.string().trim().min(1).max(80);
const words = z.string().max(2_000);
const keyText = z.string().max(100);
const hours = z.number().int().min(offlineHours.least).max(offlineHours.most);
const nothing = z.object({});
const params = z.object({ deviceId });
const why = z.enum(['revoked', 'offline']);

/** What a device says of itself at each contact; its signature is over the canonical JSON of the rest. */
const contactInput = z.object({
  deviceId,
  name,
  zone: z.string().max(80),
  version: z.string().max(80),
  heldBytes: z.number().int().nonnegative(),
  /** On the device's clock. */
  at: z.number().int(),
});
export type DeviceContact = z.output<typeof contactInput>;

const standingSchema = z.object({
  standing: z.enum(['unknown', 'active', 'revoked']),
  /** The group host's clock. */
  now: instantSchema,
  offlineHours: hours,
  /** What is sealed for this key the hosts of the group can open, and nobody else. */
  envelopeKey: keyText,
});

const revocation = z.object({ at: instantSchema, by: words, reason: words });
const deviceSchema = z.object({
  id: deviceId,
  name: words,
  firstSeen: instantSchema,
  lastContact: instantSchema,
  zone: z.string().max(80),
  lastUser: words.nullable(),
  version: z.string().max(80),
  heldBytes: z.number(),
  /** Signed reports that came back from it unreleased, after it was revoked or its keys were gone. */
  givenBack: z.number().int(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('active') }),
    revocation.extend({ kind: z.literal('revoked') }),
    z.object({
      kind: z.literal('destroyed'),
      at: instantSchema,
      why,
      confirmedAt: instantSchema,
      revocation: revocation.nullable(),
    }),
  ]),
});
export type DeviceView = z.output<typeof deviceSchema>;

const devicesSchema = z.object({ devices: list(deviceSchema, 10_000), offlineHours: hours, now: instantSchema });
export type DevicesView = z.output<typeof devicesSchema>;

const thisDeviceSchema = z.object({
  /** Null where this host is no reader's desktop of a group. */
  device: z
    .object({
      name: words,
      /** On this computer's clock; null before the first. */
      lastContact: instantSchema.nullable(),
      offlineHours: z.number(),
      /** When images and drafts are deleted here unless the group answers before; null before the first contact. */
      deletesAt: instantSchema.nullable(),
    })
    .nullable(),
});

/** Desktops of a group's readers: what they ask for themselves, what the lead sees and ends, and what the reader sees of her own. */
export const deviceCalls = {
  /** Made by the desktop for itself, signed in or not, at start and on a pace. */
  deviceContact: {
    method: 'POST',
    path: '/api/device/contact',
    input: z.object({ contact: contactInput, signature: keyText }),
    output: standingSchema,
    allow: 'public',
    room: 'group',
  },
  /** At each sign-in there. */
  deviceSignedIn: {
    method: 'POST',
    path: '/api/device/signed-in',
    input: z.object({ contact: contactInput, publicKey: keyText }),
    output: standingSchema,
    allow: 'signed-in',
    room: 'group',
  },
  /** A report that was signed there and not released, sealed for the group at the signature. Sent twice it is kept once. */
  deviceEnvelope: {
    method: 'POST',
    path: '/api/device/envelope',
    input: z.object({ deviceId, commandId: z.string().uuid(), envelope: z.string().max(4_000_000) }),
    output: nothing,
    allow: 'public',
    room: 'group',
  },
  /** The device's word that its keys are gone, signed before they were. */
  deviceDestroyed: {
    method: 'POST',
    path: '/api/device/destroyed',
    input: z.object({ deviceId, why, decidedAt: z.number().int(), at: z.number().int(), signature: keyText }),
    output: z.object({ revoked: z.boolean() }),
    allow: 'public',
    room: 'group',
  },
  devices: { method: 'GET', path: '/api/devices', output: devicesSchema, allow: 'manage-devices', room: 'group' },
  revokeDevice: {
    method: 'POST',
    path: '/api/devices/:deviceId/revocation',
    params,
    /** `typed`: the name of the device, typed by the lead. */
    input: z.object({ typed: words, reason: words }),
    output: devicesSchema,
    allow: 'manage-devices',
    room: 'group',
  },
  setOfflineHours: {
    method: 'POST',
    path: '/api/devices/offline-hours',
    input: z.object({ hours }),
    output: devicesSchema,
    allow: 'manage-devices',
    room: 'group',
  },
  thisDevice: { method: 'GET', path: '/api/this-device', output: thisDeviceSchema, allow: 'signed-in', room: 'desk' },
  nameThisDevice: {
    method: 'POST',
    path: '/api/this-device',
    input: z.object({ name }),
    output: thisDeviceSchema,
    allow: 'signed-in',
    room: 'desk',
  },
  /** Where its time ran out and the group has answered again: begin as a new device. */
  startAfresh: {
    method: 'POST',
    path: '/api/this-device/afresh',
    output: nothing,
    allow: 'public',
    room: 'desk',
  },
} as const satisfies Record<string, Call>;
