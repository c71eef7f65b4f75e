import { isPhone } from '../domain/question/index.ts';
import type { Credentials, Entitlement } from '../domain/reader/index.ts';
import { isStateCode, privilegeLevels, weekdays } from '../domain/reader/index.ts';
import { z } from './jitless-zod.ts';

const line = z.string().trim().min(1, 'is empty').max(200, 'is longer than 200 characters');
const state = z
  .string()
  .transform((text) => text.trim().toUpperCase())
  .refine(isStateCode, 'is no US state: give a two-letter postal code such as NV');
/** "2027-02-30" has the shape of a date and is none. */
const day = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text,
    'is no day: write 2027-03-31',
  );
const expires = day.nullable().default(null);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day: write 18:00');
const modality = z
  .string()
  .transform((text) => text.trim().toUpperCase())
  .refine((text) => /^[A-Z]{2,6}$/.test(text), 'is no DICOM modality such as CT');

function zoneIsKnown(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const named = z.strictObject({ name: line, expires });

/** A file of credentials, as `npm run accounts -- credentials` takes it. */
const credentialsSchema = z.strictObject({
  licences: z.array(z.strictObject({ state, number: z.string().trim().max(64).default(''), expires })).max(100),
  privileges: z
    .array(
      z.strictObject({
        site: z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'is no id of an Organization in the record'),
        level: z.enum(privilegeLevels, `is none of ${privilegeLevels.join(', ')}`),
        expires,
      }),
    )
    .max(500)
    .nullable()
    .default(null),
  modalities: z
    .array(z.strictObject({ name: modality, expires }))
    .max(50)
    .refine((all) => !all.some((one) => one.name === 'MG'), 'names MG: mammography has a field of its own')
    .nullable()
    .default(null),
  mammography: z.strictObject({ expires }).nullable().default(null),
  malpractice: z
    .array(
      z.strictObject({ carrier: line, states: z.union([z.literal('all'), z.array(state).min(1).max(60)]), expires }),
    )
    .max(50)
    .nullable()
    .default(null),
  subspecialties: z.array(line).max(20).default([]),
  boards: z.array(named).max(20).default([]),
  payers: z.array(named).max(100).default([]),
  shifts: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(weekdays, `is none of ${weekdays.join(', ')}`))
          .min(1)
          .max(7),
        from: time,
        to: time,
        zone: z.string().refine(zoneIsKnown, 'is no time zone: write America/Denver'),
      }),
    )
    .max(50)
    .default([]),
  phone: z.string().trim().refine(isPhone, 'is no number that can be dialled: write +1 555 0100').optional(),
}) satisfies z.ZodType<Credentials>;

const unrestrictedSchema = z.strictObject({ unrestricted: z.literal(true) });

export type BadField = { readonly field: string; readonly words: string };

/** Reads a file of credentials; every bad field is named, so that one look at the file mends it. */
export function readCredentials(
  raw: unknown,
): { readonly ok: true; readonly value: Entitlement } | { readonly ok: false; readonly error: readonly BadField[] } {
  if (unrestrictedSchema.safeParse(raw).success) return { ok: true, value: 'unrestricted' };
  const read = credentialsSchema.safeParse(raw);
  if (read.success) return { ok: true, value: read.data };
  return {
    ok: false,
    error: read.error.issues.flatMap((issue) => {
      const field = issue.path
        .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
        .join('');
      const name = field.replace(/^\./, '');
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({
          field: name === '' ? key : `${name}.${key}`,
          words: 'is no field that Overread knows',
        }));
      const missing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
      const words = missing
        ? 'is missing'
        : issue.code === 'invalid_type'
          ? `should be ${issue.expected}`
          : issue.message;
      return [{ field: name === '' ? 'the file' : name, words }];
    }),
  };
}
