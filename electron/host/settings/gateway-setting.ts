import { resolve } from 'node:path';
import { z } from 'zod';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { refuse } from './sources.ts';
import type { Gateway, GatewayPlace, SettingsFailure, SftpSecret } from './types.ts';
import { isLoopback } from './upstream-setting.ts';

// One line each, so that nothing of a list can stand elsewhere in a job file or on a cover sheet.
const line = z.string().regex(/^[^\p{Cc}]{1,120}$/u);
const recipient = <Address extends z.ZodType<string>>(address: Address) =>
  z.strictObject({
    name: line,
    address,
    orderer: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,64}$/)
      .optional(),
    usual: z.boolean().optional(),
  });
// ITU-T E.164: a plus, the country and the number, 15 digits at most.
const faxNumber = z.string().regex(/^\+[1-9]\d{6,14}$/);
// RFC 5321 4.1.2, the plain part of it: a Direct address needs no more.
const directAddress = z.string().regex(/^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/);
/** A token as a host sealed it, in base64. */
export const sealedToken = z.string().regex(/^[A-Za-z0-9+/=]{1,8000}$/);
const sftp = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,255}$/),
  port: z.number().int().min(1).max(65_535).optional(),
  user: z.string().regex(/^[^\p{Cc}]{1,120}$/u),
  folder: z.string().regex(/^[^\p{Cc}]{1,1000}$/u),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/)
    .optional(),
  password: z
    .string()
    .regex(/^[^\p{Cc}]{1,1000}$/u)
    .optional(),
  privateKey: z.string().min(1).max(20_000).optional(),
  sealed: z
    .string()
    .regex(/^[A-Za-z0-9+/=]{1,40000}$/)
    .optional(),
});
const place = {
  folder: z.string().min(1).max(1_000).optional(),
  url: z.string().max(1_000).optional(),
  sftp: sftp.optional(),
  token: z
    .string()
    .regex(/^[\x21-\x7e]{1,4000}$/)
    .optional(),
  sealedToken: sealedToken.optional(),
};
const common = {
  ...place,
  siteId: z.string().min(1).max(64),
  before: z
    .array(z.strictObject({ ...place, movedAt: z.number().int().nonnegative() }))
    .max(50)
    .optional(),
};
const gateways = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ ...common, kind: z.literal('fax'), recipients: z.array(recipient(faxNumber)).max(5_000) }),
      z.strictObject({
        ...common,
        kind: z.literal('direct'),
        recipients: z.array(recipient(directAddress)).max(5_000),
      }),
    ]),
  )
  .max(1_000);

const name = '"gateways" in settings.json';

/** Sites' gateways for fax and Direct mail: `{ "siteId", "kind", "folder" or "url" with "token" or "sftp", "recipients" }`. */
export function readGateways(
  fromSettings: unknown,
  allowInsecure: boolean,
): Result<readonly Gateway[], SettingsFailure> {
  if (fromSettings === undefined) return ok([]);
  const parsed = gateways.safeParse(fromSettings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? '' : ` (at ${issue.path.map(String).join('.') || 'its top'})`;
    return refuse(
      'bad-file',
      `${name} does not fit${place}: each has siteId, kind (fax or direct), folder, url or sftp, and recipients with name and address; a fax number is +12065550142, a Direct address name@direct.example.`,
    );
  }
  const found: Gateway[] = [];
  for (const one of parsed.data) {
    const { siteId, kind } = one;
    if (found.some((other) => other.siteId === siteId && other.kind === kind))
      return refuse('bad-file', `${name} has two ${kind} gateways for one site.`);
    const recipients = one.recipients.map((to) => ({
      name: to.name,
      address: to.address,
      orderer: to.orderer ?? null,
      usual: to.usual === true,
    }));
    if (recipients.filter((to) => to.usual).length > 1)
      return refuse('bad-file', `${name}: one receiver at most is the usual one of a site.`);
    const numbers = recipients.flatMap((to) => to.orderer ?? []);
    if (new Set(numbers).size !== numbers.length)
      return refuse('bad-file', `${name}: two receivers of one site have the number of one physician.`);
    const to = placeOf(one, allowInsecure);
    if (!to.ok) return to;
    const before: { readonly to: GatewayPlace; readonly movedAt: number }[] = [];
    for (const { movedAt, ...was } of one.before ?? []) {
      const there = placeOf(was, allowInsecure);
      if (!there.ok) return there;
      before.push({ to: there.value, movedAt });
    }
    found.push({ siteId, kind, to: to.value, recipients, ...(before.length === 0 ? {} : { before }) });
  }
  return ok(found);
}

function placeOf(
  one: {
    readonly folder?: string | undefined;
    readonly url?: string | undefined;
    readonly token?: string | undefined;
    readonly sealedToken?: string | undefined;
    readonly sftp?: z.output<typeof sftp> | undefined;
  },
  allowInsecure: boolean,
): Result<GatewayPlace, SettingsFailure> {
  const places = [one.folder, one.url, one.sftp].filter((each) => each !== undefined);
  const tokens = [one.token, one.sealedToken].filter((each) => each !== undefined);
  if (places.length !== 1 || (tokens.length > 0 && one.url === undefined))
    return refuse(
      'bad-file',
      `${name}: each gateway has either a folder or a url or an sftp, and a token only with a url.`,
    );
  if (tokens.length > 1) return refuse('bad-file', `${name}: a url has one token (or what the host sealed).`);
  if (one.sftp !== undefined) {
    const { host, port = 22, user, hostKey = null, password, privateKey, sealed } = one.sftp;
    const secrets: readonly SftpSecret[] = [
      ...(password === undefined ? [] : [{ kind: 'password' as const, password }]),
      ...(privateKey === undefined ? [] : [{ kind: 'key' as const, privateKey }]),
      ...(sealed === undefined ? [] : [{ kind: 'sealed' as const, sealed }]),
    ];
    const [secret, ...more] = secrets;
    if (secret === undefined || more.length > 0)
      return refuse('bad-file', `${name}: an sftp has either a password or a privateKey (or what the host sealed).`);
    const folder = one.sftp.folder === '/' ? '/' : one.sftp.folder.replace(/\/+$/, '');
    return ok({ kind: 'sftp', host, port, user, folder, hostKey, secret });
  }
  if (one.folder !== undefined) return ok({ kind: 'folder', folder: resolve(one.folder) });
  const url = URL.canParse(one.url ?? '') ? new URL(one.url ?? '') : null;
  const plain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === null || !plain || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse(
      'bad-file',
      `${name}: a url is an address such as https://gateway.example/jobs, without user or "?".`,
    );
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecure)
    return refuse(
      'bad-file',
      `${name}: a url with http sends patient data over the network in clear text. Use https, or say --allow-insecure where the network itself is encrypted.`,
    );
  const token = one.sealedToken === undefined ? (one.token ?? null) : { sealed: one.sealedToken };
  return ok({ kind: 'http', url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, token });
}
