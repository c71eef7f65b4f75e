import type { ChannelValues, GatewayRecipient } from '../../../shared/domain/delivery/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { ChannelEntry, ChannelSetting, HostChannel } from '../settings/channel-entries.ts';
import { tokenUnopened } from '../settings/channel-secret.ts';
import type { ChannelToken, Gateway, Hl7Endpoint, ImrReceiver } from '../settings/types.ts';

/** A channel as its form shows it. Secrets stay here: the form is told only that there is one. */
export type ShownChannel = { readonly values: ChannelValues; readonly recipients: readonly GatewayRecipient[] };

export function shownChannel(set: ChannelSetting): ShownChannel {
  if ('to' in set) return shownGateway(set);
  return 'patientSystem' in set ? shownReceiver(set) : shownEndpoint(set);
}

function shownReceiver({
  url,
  token,
  patientSystem,
  accessionSystem,
  patients,
  images,
  pdf,
}: ImrReceiver): ShownChannel {
  return {
    values: {
      ...{ url, token: token === null ? 'none' : 'kept', patientSystem, accessionSystem, patients, images },
      pdf: pdf ? 'yes' : 'no',
    },
    recipients: [],
  };
}

function shownEndpoint(one: Hl7Endpoint): ShownChannel {
  const { host, port, receivingApplication, receivingFacility } = one;
  return {
    values: {
      ...{ host, port: String(port), receivingApplication, receivingFacility },
      text: one.text ?? 'line-each',
      pdf: one.pdf === false ? 'no' : 'yes',
    },
    recipients: [],
  };
}

function shownGateway({ to, recipients }: Gateway): ShownChannel {
  return {
    values: shownPlace(to),
    recipients,
  };
}

function shownPlace(to: Gateway['to']): ChannelValues {
  switch (to.kind) {
    case 'folder':
      return { to: 'folder', folder: to.folder };
    case 'http':
      return { to: 'http', url: to.url, token: to.token === null ? 'none' : 'kept' };
    case 'sftp': {
      const { host, port, user, folder, hostKey } = to;
      return {
        ...{ to: 'sftp', server: host, serverPort: String(port), user, serverFolder: folder },
        ...{ login: 'kept', hostKey: hostKey ?? '' },
      };
    }
    default:
      return assertNever(to);
  }
}

/** What is to stand in settings.json. `before` is what is set now: a token that stays is taken from there, and from nowhere else. */
export function entryFrom(
  channel: HostChannel,
  { values, recipients }: ShownChannel,
  before: ChannelSetting | null,
): Result<ChannelEntry, string> {
  const value = (key: string): string => values[key] ?? '';
  if (channel === 'hl7') {
    const { host, receivingApplication, receivingFacility } = {
      host: value('host'),
      receivingApplication: value('receivingApplication'),
      receivingFacility: value('receivingFacility'),
    };
    return ok({
      ...{ host, port: Number(value('port')), receivingApplication, receivingFacility },
      text: value('text'),
      pdf: value('pdf') === 'yes',
    });
  }
  if (channel === 'imr') {
    const url = value('url').replace(/\/+$/, '');
    const token = tokenFor(values, url, before !== null && 'patientSystem' in before ? before : null);
    if (!token.ok) return token;
    return ok({
      ...{ url, ...token.value, patientSystem: value('patientSystem'), accessionSystem: value('accessionSystem') },
      ...{ patients: value('patients'), images: value('images'), pdf: value('pdf') === 'yes' },
    });
  }
  const listed = recipients.map(({ name, address, orderer, usual }) => ({
    ...{ name, address },
    ...(orderer === null ? {} : { orderer }),
    ...(usual ? { usual } : {}),
  }));
  if (value('to') === 'folder') return ok({ folder: value('folder'), recipients: listed });
  if (value('to') === 'sftp') {
    const sftp = sftpFrom(values, before);
    return sftp.ok ? ok({ sftp: sftp.value, recipients: listed }) : sftp;
  }
  const url = value('url').replace(/\/+$/, '');
  const token = tokenFor(
    values,
    url,
    before !== null && 'to' in before && before.to.kind === 'http' ? before.to : null,
  );
  return token.ok ? ok({ url, ...token.value, recipients: listed }) : token;
}

/** The token as the form says: a new one, none, or the one that is set, which is taken from there alone. */
function tokenFor(
  values: ChannelValues,
  url: string,
  before: { readonly url: string; readonly token: ChannelToken } | null,
): Result<{ readonly token?: string }, string> {
  switch (values.token ?? '') {
    case 'new':
      return ok({ token: values.newToken ?? '' });
    case 'kept': {
      if (before === null || before.token === null) return err('No token is set here. Give one, or choose none.');
      // A token is for whom it was given: it is never sent to an address that somebody writes in later.
      if (before.url !== url) return err('The address is another one: give its token again, or choose none.');
      return typeof before.token === 'string' ? ok({ token: before.token }) : err(tokenUnopened);
    }
    default:
      return ok({});
  }
}

function sftpFrom(
  values: ChannelValues,
  before: ChannelSetting | null,
): Result<{ readonly [key: string]: string | number }, string> {
  const value = (key: string): string => values[key] ?? '';
  const line = {
    ...{ host: value('server'), port: Number(value('serverPort')), user: value('user') },
    folder: value('serverFolder'),
    ...(value('hostKey') === '' ? {} : { hostKey: value('hostKey') }),
  };
  switch (value('login')) {
    case 'password':
      return ok({ ...line, password: value('newPassword') });
    case 'key':
      return ok({ ...line, privateKey: `${value('newKey').replace(/\r\n?/g, '\n').trim()}\n` });
    default: {
      const to = before !== null && 'to' in before && before.to.kind === 'sftp' ? before.to : null;
      if (to === null) return err('No password or key is set here. Give one.');
      // It is for whom it was given: it never goes to a server or a user that somebody writes in later.
      if (to.host !== line.host || to.port !== line.port || to.user !== line.user)
        return err('Server, port or user are others: give the password or key again.');
      const { secret } = to;
      switch (secret.kind) {
        case 'password':
          return ok({ ...line, password: secret.password });
        case 'key':
          return ok({ ...line, privateKey: secret.privateKey });
        case 'sealed':
          return err('The password or key that is set cannot be opened on this host. Give it again.');
        default:
          return assertNever(secret);
      }
    }
  }
}
