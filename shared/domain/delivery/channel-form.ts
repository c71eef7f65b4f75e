import {
  type ChannelField,
  type ChannelForm,
  type ChannelValues,
  choice,
  type Takes,
  text,
  type Written,
} from './channel-field.ts';
import type { GatewayRecipient } from './gateway.ts';
import { imrFields } from './imr-fields.ts';

/** What is set for each site beside record and archive, which every report goes to. `agreed`: how the site wants them there. */
export const setChannels = ['agreed', 'hl7', 'imr', 'fax', 'direct'] as const;
export type SetChannel = (typeof setChannels)[number];

const server = (example: string): Takes =>
  text(/^[A-Za-z0-9.:-]{1,255}$/, `Give a name such as ${example}, or an IP address.`);
// HL7 v2.5.1 2.A.33 HD: a delimiter inside would break the header that it stands in.
const named = text(/^[^|^~\\&\p{Cc}]{1,180}$/u, 'Give a name of at most 180 characters, without | ^ ~ \\ or &.');

/** A server's key, which a person confirms after a test has shown it. */
const hostKeyField = 'hostKey';

const folderOrAddress: readonly ChannelField[] = [
  {
    key: 'to',
    label: 'The gateway takes jobs',
    takes: choice(
      ['folder', 'from a folder that this host can write'],
      ['sftp', 'from a folder on a server (SFTP)'],
      ['http', 'at a web address (HTTP)'],
    ),
  },
  {
    key: 'folder',
    label: 'Folder',
    hint: 'On the host’s machine, such as /srv/fax.',
    // A path that begins somewhere would mean another folder for each way in which the host is started.
    takes: text(
      /^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\p{Cc}]{0,998}$/u,
      'Give the whole path of the folder, such as /srv/fax.',
    ),
    when: { key: 'to', is: 'folder' },
  },
  {
    key: 'url',
    label: 'Address',
    hint: 'Such as https://gateway.example/jobs.',
    takes: text(
      /^https?:\/\/[^\s?#@]{1,990}$/,
      'Give an address such as https://gateway.example/jobs, without user name, “?” or “#”.',
    ),
    when: { key: 'to', is: 'http' },
  },
  {
    key: 'token',
    label: 'Token',
    hint: 'By which the gateway knows this host. It is written down and never shown again.',
    takes: choice(['none', 'none'], ['kept', 'the one that is set'], ['new', 'a new one']),
    when: { key: 'to', is: 'http' },
  },
  {
    key: 'newToken',
    label: 'New token',
    takes: {
      kind: 'secret',
      form: /^[\x21-\x7e]{1,4000}$/,
      otherwise: 'Give the token as the gateway’s operator gave it: letters, digits and signs, no spaces.',
    },
    when: { key: 'token', is: 'new' },
  },
];

const sftpFields: readonly ChannelField[] = [
  {
    key: 'server',
    label: 'Server',
    hint: 'Name or address.',
    takes: server('gateway.example'),
    when: { key: 'to', is: 'sftp' },
  },
  {
    key: 'serverPort',
    label: 'Port',
    takes: { kind: 'number', least: 1, most: 65_535, usual: 22 },
    when: { key: 'to', is: 'sftp' },
  },
  {
    key: 'user',
    label: 'User',
    takes: text(/^[^\p{Cc}]{1,120}$/u, 'Give the user by which this host logs in there.'),
    when: { key: 'to', is: 'sftp' },
  },
  {
    key: 'serverFolder',
    label: 'Folder on the server',
    hint: 'Such as /fax; without “/” before it, it lies where the login begins.',
    takes: text(/^[^\p{Cc}]{1,1000}$/u, 'Give the folder that the gateway watches, such as /fax.'),
    when: { key: 'to', is: 'sftp' },
  },
  {
    key: 'login',
    label: 'Login',
    hint: 'It is sealed, written down and never shown again.',
    takes: choice(['password', 'by a new password'], ['key', 'by a new private key'], ['kept', 'by what is set']),
    when: { key: 'to', is: 'sftp' },
  },
  {
    key: 'newPassword',
    label: 'New password',
    takes: {
      kind: 'secret',
      form: /^[^\p{Cc}]{1,1000}$/u,
      otherwise: 'Give the password as the gateway’s operator gave it.',
    },
    when: { key: 'login', is: 'password' },
  },
  {
    key: 'newKey',
    isLong: true,
    label: 'New private key',
    hint: 'OpenSSH or PEM, without a passphrase.',
    takes: {
      kind: 'key',
      form: /^\s*-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{1,3900}-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----\s*$/,
      otherwise: 'Give the private key whole, from “-----BEGIN” to the end of its last line.',
    },
    when: { key: 'login', is: 'key' },
  },
  {
    key: hostKeyField,
    isLong: true,
    label: 'The server’s key (SHA256)',
    hint: 'As the gateway’s operator gave it. A test shows what the server has, for you to confirm.',
    takes: text(
      /^SHA256:[A-Za-z0-9+/]{43}$/,
      'Test this channel: it shows the server’s key. Confirm it once you know that it is the gateway’s.',
    ),
    when: { key: 'to', is: 'sftp' },
  },
];
const gatewayFields: readonly ChannelField[] = [...folderOrAddress, ...sftpFields];

/** The forms by which channels are set. A further setting is a line of its channel's table; screen, checks and words follow it. */
export const channelForms: Readonly<Record<SetChannel, ChannelForm>> = {
  agreed: {
    title: 'Agreed with the site',
    held: 'record',
    fields: [
      {
        key: 'encapsulatedPdf',
        label: 'Signed PDF in the archive',
        hint: 'For viewers that show no structured report.',
        takes: choice(['no', 'is not stored'], ['yes', 'is stored too (DICOM Encapsulated PDF)']),
      },
      {
        key: 'hl7Receipt',
        label: 'HL7 acknowledgement',
        hint: 'A commit (CA) says only that the bytes arrived: it is neither accepted nor filed.',
        takes: choice(
          ['accepted', 'AA: accepted by the hop that answered'],
          ['filed', 'AA: filed, the application answers itself'],
          ['enhanced', 'CA, then the application’s own AA: filed (enhanced)'],
        ),
      },
      {
        key: 'hl7Withdrawal',
        label: 'HL7, a report taken back',
        hint: 'OBX-11 of every result that the site has of it. Its words never go again.',
        takes: choice(['W', 'is posted as wrong (W)'], ['D', 'has its results deleted (D), a notice stays']),
      },
      {
        key: 'hl7Critical',
        label: 'HL7, a critical result',
        hint: 'OBX-8 of the report’s section on whom it was told to (73568-8).',
        takes: choice(['no', 'has no flag of its own'], ['yes', 'is flagged critically abnormal (AA)']),
      },
    ],
    recipients: null,
  },
  hl7: {
    title: 'HL7 results',
    held: 'host',
    fields: [
      {
        key: 'host',
        label: 'Host',
        hint: 'Name or address. MLLP is not encrypted: reach it inside the site’s network or by VPN.',
        takes: server('ris.example'),
      },
      { key: 'port', label: 'Port', takes: { kind: 'number', least: 1, most: 65_535 } },
      { key: 'receivingApplication', label: 'Receiving application', hint: 'MSH-5.', takes: named },
      { key: 'receivingFacility', label: 'Receiving facility', hint: 'MSH-6.', takes: named },
      {
        key: 'text',
        label: 'Lines of a section',
        takes: choice(
          ['line-each', 'each in an OBX of its own'],
          ['repetitions', 'as repetitions of one OBX'],
          ['formatted', 'as one formatted text (FT)'],
        ),
      },
      {
        key: 'pdf',
        label: 'Signed PDF',
        takes: choice(['yes', 'goes along (OBX of type ED)'], ['no', 'is left out']),
      },
    ],
    recipients: null,
  },
  imr: {
    title: 'FHIR results (IMR)',
    held: 'host',
    fields: imrFields,
    recipients: null,
  },
  fax: {
    title: 'Fax',
    held: 'host',
    fields: gatewayFields,
    recipients: {
      label: 'Fax number',
      // ITU-T E.164: a plus, the country and the number, 15 digits at most.
      form: /^\+[1-9]\d{6,14}$/,
      otherwise: 'A fax number is written as +12065550142: with + and country, without spaces.',
    },
  },
  direct: {
    title: 'Direct secure mail',
    held: 'host',
    fields: gatewayFields,
    recipients: {
      label: 'Direct address',
      // RFC 5321 4.1.2, the plain part of it: a Direct address needs no more.
      form: /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
      otherwise: 'A Direct address is written as name@direct.example.',
    },
  },
};

/** What holds where nobody has set anything yet. */
export function usualValues(channel: SetChannel): ChannelValues {
  return Object.fromEntries(
    channelForms[channel].fields.map(({ key, takes }) => [
      key,
      takes.kind === 'choice'
        ? (takes.choices[0]?.value ?? '')
        : takes.kind === 'number' && takes.usual !== undefined
          ? String(takes.usual)
          : '',
    ]),
  );
}

/** The fields that are asked as the others stand. */
export function askedFields(channel: SetChannel, values: ChannelValues): readonly ChannelField[] {
  const { fields } = channelForms[channel];
  const isAsked = ({ when }: ChannelField): boolean => {
    if (when === undefined) return true;
    const other = fields.find(({ key }) => key === when.key);
    return values[when.key] === when.is && (other === undefined || isAsked(other));
  };
  return fields.filter(isAsked);
}

/** What is wrong and where: the key of a field, or `name`, `address`, `orderer` or `usual` of the receiver at `row`. */
export type ChannelFault = { readonly at: string; readonly row: number | null; readonly words: string };

/** What stands against trying these settings: all that stands against keeping them, but for a server's key that the test is to show. */
export function trialFaults(...asked: Parameters<typeof channelFaults>): readonly ChannelFault[] {
  return channelFaults(...asked).filter(
    ({ at, row }) => row !== null || at !== hostKeyField || (asked[1][hostKeyField] ?? '') !== '',
  );
}

const receiverName: Written = { form: /^[^\p{Cc}]{1,120}$/u, otherwise: 'Give the receiver’s name.' };
const physicianNumber: Written = {
  form: /^[A-Za-z0-9.-]{1,64}$/,
  otherwise: 'Give the physician’s NPI or the site’s number: letters, digits, “-” and “.”.',
};

function misfit({ form, otherwise }: Written, value: string): string | null {
  return form.test(value) ? null : otherwise;
}

function faultOf({ takes }: ChannelField, value: string): string | null {
  switch (takes.kind) {
    case 'number': {
      const isWhole = /^\d{1,9}$/.test(value) && Number(value) >= takes.least && Number(value) <= takes.most;
      return isWhole ? null : `Give a whole number from ${takes.least} to ${takes.most}.`;
    }
    case 'choice':
      return takes.choices.some((one) => one.value === value) ? null : 'Choose one.';
    default:
      return misfit(takes, value);
  }
}

/** Everything that stands against these settings, in the order of the form; nothing where they can be kept. */
export function channelFaults(
  channel: SetChannel,
  values: ChannelValues,
  recipients: readonly GatewayRecipient[],
): readonly ChannelFault[] {
  const { recipients: listed } = channelForms[channel];
  const ofFields = askedFields(channel, values).flatMap((field): readonly ChannelFault[] => {
    const words = faultOf(field, values[field.key] ?? '');
    return words === null ? [] : [{ at: field.key, row: null, words }];
  });
  if (listed === null) return ofFields;
  const ofRows = recipients.flatMap(({ name, address, orderer, usual }, row): readonly ChannelFault[] => {
    const twice = orderer !== null && recipients.findIndex((one) => one.orderer === orderer) < row;
    const secondUsual = usual && recipients.findIndex((one) => one.usual) < row;
    const found: readonly (readonly [at: string, words: string | null])[] = [
      ['name', misfit(receiverName, name)],
      ['address', misfit(listed, address)],
      ['orderer', orderer === null ? null : misfit(physicianNumber, orderer)],
      ['orderer', twice ? 'Another receiver has this physician’s number already.' : null],
      ['usual', secondUsual ? 'One receiver at most is the usual one.' : null],
    ];
    return found.flatMap(([at, words]) => (words === null ? [] : [{ at, row, words }]));
  });
  return [...ofFields, ...ofRows];
}

/** What is set, label by label, for people. A secret is told to be there and nothing more. */
export function channelWords(
  channel: SetChannel,
  values: ChannelValues,
): readonly { readonly label: string; readonly words: string }[] {
  return askedFields(channel, values).flatMap(({ key, label, takes }) => {
    const value = values[key] ?? '';
    switch (takes.kind) {
      case 'secret':
      case 'key':
        return [];
      case 'choice': {
        const words = value === 'kept' ? 'set' : takes.choices.find((one) => one.value === value)?.words;
        return [{ label, words: words ?? value }];
      }
      default:
        return [{ label, words: value }];
    }
  });
}

/** What a site's list of receivers comes to: how many, and where a report goes whose physician has no line. */
export function recipientsWords(recipients: readonly GatewayRecipient[]): string {
  const usual = recipients.find((one) => one.usual);
  const many = recipients.length === 1 ? 'One receiver' : `${recipients.length} receivers`;
  if (recipients.length === 0) return 'No receivers: every report waits for a person.';
  return usual === undefined
    ? `${many}; a report whose physician is not among them waits for a person.`
    : `${many}; a report whose physician is not among them goes to ${usual.name}.`;
}
