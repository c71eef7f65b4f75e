import { z } from 'zod';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { isZone } from '../../../shared/lib/zoned-time.ts';
import type { Source } from './options.ts';
import { refuse } from './sources.ts';
import type { Hl7Listening, SettingsFailure } from './types.ts';

/** `address:port` with an IPv6 address in brackets; port 0 takes a free one. */
function readAddress(text: string): { readonly host: string; readonly port: number } | null {
  const found = /^(?:\[([0-9A-Fa-f:]{2,45})\]|([A-Za-z0-9.-]{1,253})):(\d{1,5})$/.exec(text.trim());
  const port = Number(found?.[3] ?? Number.NaN);
  const host = found?.[1] ?? found?.[2];
  return host === undefined || !(port <= 65_535) ? null : { host, port };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

const listSchema = z
  .array(
    z.strictObject({
      listen: z.string().refine((text) => readAddress(text) !== null, 'an address and a port'),
      siteId: z
        .string()
        .regex(/^[A-Za-z0-9\-.]{1,64}$/)
        .optional(),
      zone: z.string().refine(isZone, 'an IANA zone').optional(),
      characterSet: z.string().min(1).max(40).optional(),
      accession: z.enum(['auto', 'IPC-1', 'OBR-2', 'OBR-3', 'OBR-18', 'OBR-19']).optional(),
    }),
  )
  .max(100);

/**
 * Where HL7 v2 messages are taken in: `--hl7-listen 127.0.0.1:2575,127.0.0.1:2576` for addresses alone, `"hl7In"` of settings.json for
 * one entry a site's interface, with what its messages leave unsaid. MLLP is not encrypted, so that an address which other computers
 * reach must be allowed by name.
 */
export function readHl7Listen(
  sources: readonly Source[],
  fromSettings: unknown,
  allowInsecure: boolean,
): Result<readonly Hl7Listening[], SettingsFailure> {
  const source = sources.find((one) => one.given['hl7-listen'] !== undefined);
  const value = source?.given['hl7-listen'];
  const found: Hl7Listening[] = [];
  if (source !== undefined && typeof value === 'string') {
    for (const text of value.split(',')) {
      const address = readAddress(text);
      if (address === null) {
        const name = source.nameOf('hl7-listen');
        return refuse('bad-value', `${name} takes addresses with ports: 127.0.0.1:2575, more of them with commas.`);
      }
      found.push({ ...address, siteId: null, zone: null, characterSet: null, accession: 'auto' });
    }
  }
  if (fromSettings !== undefined) {
    const parsed = listSchema.safeParse(fromSettings);
    if (!parsed.success) {
      const place = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
      return refuse(
        'bad-file',
        `"hl7In" in settings.json does not fit${place === '' ? '' : ` (at ${place})`}: each entry has listen ("127.0.0.1:2575") and may have siteId, zone, characterSet and accession (auto, IPC-1, OBR-2, OBR-3, OBR-18, OBR-19).`,
      );
    }
    for (const { listen, siteId, zone, characterSet, accession } of parsed.data) {
      const address = readAddress(listen);
      if (address === null) continue;
      const said = {
        ...address,
        siteId: siteId ?? null,
        zone: zone ?? null,
        characterSet: characterSet ?? null,
        accession: accession ?? ('auto' as const),
      };
      // The entry says more than the bare address of the command line.
      const same = found.findIndex((one) => one.port !== 0 && one.host === said.host && one.port === said.port);
      if (same === -1) found.push(said);
      else found[same] = said;
    }
  }
  const open = found.find((one) => !isLoopback(one.host));
  if (open !== undefined && !allowInsecure)
    return refuse(
      'bad-value',
      `HL7 over MLLP is not encrypted, so ${open.host} is not listened on. Use 127.0.0.1 behind a tunnel, or say --allow-insecure.`,
    );
  const twice = found.find(
    (one, index) =>
      one.port !== 0 && found.findIndex((other) => other.host === one.host && other.port === one.port) !== index,
  );
  return twice === undefined
    ? ok(found)
    : refuse('bad-value', `${twice.host}:${twice.port} is to be listened on twice.`);
}
