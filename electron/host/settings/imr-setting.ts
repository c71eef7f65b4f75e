import { z } from 'zod';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { parseBaseUrl } from '../archive/upstream.ts';
import { sealedToken } from './gateway-setting.ts';
import { refuse } from './sources.ts';
import type { ImrReceiver, SettingsFailure } from './types.ts';
import { isLoopback } from './upstream-setting.ts';

// FHIR R4 Identifier.system is a URI; a search by it (token) would break at “|”, “,” and “$”.
const system = z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s|,$\\]{1,300}$/);
const receivers = z
  .array(
    z.strictObject({
      siteId: z.string().min(1).max(64),
      url: z.string().max(1_000),
      token: z
        .string()
        .regex(/^[\x21-\x7e]{1,4000}$/)
        .optional(),
      sealedToken: sealedToken.optional(),
      patientSystem: system,
      accessionSystem: system,
      patients: z.enum(['known', 'created']).optional(),
      images: z.string().max(1_000),
      pdf: z.boolean().optional(),
    }),
  )
  .max(1_000);

const name = '"imr" in settings.json';

/** Sites' FHIR servers that take reports by IHE RAD-141: `{ "siteId", "url", "token", "patientSystem", "accessionSystem", "patients", "images", "pdf" }`. */
export function readImr(
  fromSettings: unknown,
  allowInsecure: boolean,
): Result<readonly ImrReceiver[], SettingsFailure> {
  if (fromSettings === undefined) return ok([]);
  const parsed = receivers.safeParse(fromSettings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? '' : ` (at ${issue.path.map(String).join('.') || 'its top'})`;
    return refuse(
      'bad-file',
      `${name} does not fit${place}: each has siteId, url, patientSystem, accessionSystem and images, and may have token, patients (known, created) and pdf (true, false); a system is a URI such as urn:oid:1.2.3.`,
    );
  }
  const found: ImrReceiver[] = [];
  for (const one of parsed.data) {
    if (found.some(({ siteId }) => siteId === one.siteId))
      return refuse('bad-file', `${name} has two receivers for one site.`);
    const url = parseBaseUrl(one.url);
    const images = parseBaseUrl(one.images);
    if (url === null || images === null)
      return refuse(
        'bad-file',
        `${name}: ${url === null ? 'url' : 'images'} is an address such as https://fhir.example/r4, without user or "?".`,
      );
    if (new URL(url).protocol === 'http:' && !isLoopback(new URL(url).hostname) && !allowInsecure)
      return refuse(
        'bad-file',
        `${name}: a url with http sends patient data over the network in clear text. Use https, or say --allow-insecure where the network itself is encrypted.`,
      );
    if (one.token !== undefined && one.sealedToken !== undefined)
      return refuse('bad-file', `${name}: a receiver has one token (or what the host sealed).`);
    found.push({
      siteId: one.siteId,
      url,
      token: one.sealedToken === undefined ? (one.token ?? null) : { sealed: one.sealedToken },
      patientSystem: one.patientSystem,
      accessionSystem: one.accessionSystem,
      patients: one.patients ?? 'known',
      images,
      pdf: one.pdf !== false,
    });
  }
  return ok(found);
}
