import { z } from 'zod';
import { reportVersionSchema } from '../../../shared/api/index.ts';
import type { ReportVersion } from '../../../shared/domain/report/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { sha256 } from '../digest.ts';
import { isSignedBy, type KeyPair, openEnvelope, sealEnvelope, signAsDevice } from '../keys/device-keys.ts';

const contentsSchema = z.object({ version: reportVersionSchema, signature: z.string().max(100) });

const about = (deviceId: string, commandId: string): string => `device-envelope|${deviceId}|${commandId}`;
const vouched = (deviceId: string, commandId: string, version: ReportVersion): string =>
  canonicalJson({ deviceId, commandId, digest: version.digest, content: version.content as unknown as JsonValue });

/**
 * A report that was signed on a device and is not released: signed by the device, then sealed for its group alone. It outlives the keys of
 * the device, and the device itself cannot open it.
 */
export function envelopeOf(from: {
  readonly deviceId: string;
  readonly commandId: string;
  readonly version: ReportVersion;
  readonly deviceKeys: KeyPair;
  readonly envelopeKey: string;
}): string {
  const { deviceId, commandId, version } = from;
  const signature = signAsDevice(from.deviceKeys, vouched(deviceId, commandId, version));
  return sealEnvelope(from.envelopeKey, JSON.stringify({ version, signature }), about(deviceId, commandId));
}

/** Null for what this group's devices did not seal and sign, or what says another thing than its digest. */
export function versionInEnvelope(from: {
  readonly deviceId: string;
  readonly commandId: string;
  readonly envelope: string;
  readonly groupKeys: KeyPair;
  readonly devicePublicKey: string;
}): ReportVersion | null {
  const { deviceId, commandId } = from;
  const text = openEnvelope(from.groupKeys, from.envelope, about(deviceId, commandId));
  if (text === null) return null;
  const read = contentsSchema.safeParse(JSON.parse(text));
  if (!read.success) return null;
  const { version, signature } = read.data;
  const holds =
    version.digest === sha256(canonicalJson(version.content as unknown as JsonValue)) &&
    isSignedBy(from.devicePublicKey, vouched(deviceId, commandId, version), signature);
  return holds ? version : null;
}
