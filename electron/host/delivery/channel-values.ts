import type { ChannelValues, GatewayRecipient } from '../../../shared/domain/delivery/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { ChannelEntry, HostChannel } from '../settings/channel-book.ts';
import type { Gateway, Hl7Endpoint } from '../settings/types.ts';

/** A channel as its form shows it. Secrets stay here: the form is told only that there is one. */
export type ShownChannel = { readonly values: ChannelValues; readonly recipients: readonly GatewayRecipient[] };

export function shownEndpoint(one: Hl7Endpoint): ShownChannel {
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

export function shownGateway({ to, recipients }: Gateway): ShownChannel {
  return {
    values:
      to.kind === 'folder'
        ? { to: 'folder', folder: to.folder }
        : { to: 'http', url: to.url, token: to.token === null ? 'none' : 'kept' },
    recipients,
  };
}

/** What is to stand in settings.json. `before` is what is set now: a token that stays is taken from there, and from nowhere else. */
export function entryFrom(
  channel: HostChannel,
  { values, recipients }: ShownChannel,
  before: Hl7Endpoint | Gateway | null,
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
  const listed = recipients.map(({ name, address, orderer, usual }) => ({
    ...{ name, address },
    ...(orderer === null ? {} : { orderer }),
    ...(usual ? { usual } : {}),
  }));
  if (value('to') === 'folder') return ok({ folder: value('folder'), recipients: listed });
  const url = value('url').replace(/\/+$/, '');
  switch (value('token')) {
    case 'new':
      return ok({ url, token: value('newToken'), recipients: listed });
    case 'kept': {
      const to = before !== null && 'to' in before && before.to.kind === 'http' ? before.to : null;
      if (to === null || to.token === null) return err('No token is set here. Give one, or choose none.');
      // A token is for whom it was given: it is never sent to an address that somebody writes in later.
      if (to.url !== url) return err('The address is another one: give its token again, or choose none.');
      return ok({ url, token: to.token, recipients: listed });
    }
    default:
      return ok({ url, recipients: listed });
  }
}
