import { z } from 'zod';
import { textForms } from '../../../shared/interop/hl7v2/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { refuse } from './sources.ts';
import type { Hl7Endpoint, SettingsFailure } from './types.ts';

const endpoints = z
  .array(
    z.strictObject({
      siteId: z.string().min(1).max(64),
      host: z.string().regex(/^[A-Za-z0-9.:-]{1,255}$/),
      port: z.number().int().min(1).max(65_535),
      // HL7 v2.5.1 2.A.33 HD: a delimiter inside would break the header that it stands in.
      receivingApplication: z.string().regex(/^[^|^~\\&\p{Cc}]{1,180}$/u),
      receivingFacility: z.string().regex(/^[^|^~\\&\p{Cc}]{1,180}$/u),
      text: z.enum(textForms).optional(),
      pdf: z.boolean().optional(),
    }),
  )
  .max(1_000);

/** Sites' HL7 results endpoints, of `OVERREAD_HL7` or settings.json; the environment goes before the file. */
export function readHl7(
  env: { readonly [name: string]: string | undefined },
  fromSettings: unknown,
): Result<readonly Hl7Endpoint[], SettingsFailure> {
  let raw = fromSettings;
  let name = '"hl7" in settings.json';
  if (env.OVERREAD_HL7) {
    name = 'OVERREAD_HL7';
    try {
      raw = JSON.parse(env.OVERREAD_HL7);
    } catch {
      return refuse(
        'bad-value',
        'OVERREAD_HL7 is not JSON. It holds a list: [{"siteId":"…","host":"…","port":2575,…}].',
      );
    }
  }
  if (raw === undefined) return ok([]);
  const parsed = endpoints.safeParse(raw);
  const code = name === 'OVERREAD_HL7' ? 'bad-value' : 'bad-file';
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? '' : ` (at ${issue.path.map(String).join('.') || 'its top'})`;
    return refuse(
      code,
      `${name} does not fit${place}: each endpoint has siteId, host, port, receivingApplication and receivingFacility, and may have text (${textForms.join(', ')}) and pdf (true, false).`,
    );
  }
  const twice = parsed.data.find(
    (one, index) => parsed.data.findIndex((other) => other.siteId === one.siteId) !== index,
  );
  return twice === undefined ? ok(parsed.data) : refuse(code, `${name} has two endpoints for one site.`);
}
