import { describe, expect, it } from 'vitest';
import { usualDelivery } from '../site/index.ts';
import {
  askedFields,
  channelFaults,
  channelForms,
  channelWords,
  type GatewayRecipient,
  recipientsWords,
  setChannels,
  trialFaults,
  usualValues,
} from './index.ts';

const ris = {
  ...usualValues('hl7'),
  host: 'ris.larkspur.example',
  port: '2575',
  receivingApplication: 'RIS',
  receivingFacility: 'LARKSPUR',
};
const farrow: GatewayRecipient = { name: 'Dr O. Farrow', address: '+12065550142', orderer: '1234567893', usual: false };
const desk: GatewayRecipient = { name: 'Reports desk', address: '+12065550100', orderer: null, usual: true };

describe('the form of a site’s channel', () => {
  it('has a field for everything that can be agreed with a site about its reports', () => {
    expect(channelForms.agreed.fields.map(({ key }) => key).sort()).toEqual(Object.keys(usualDelivery).sort());
  });

  it.each(setChannels)('of %s names no field twice, and asks nothing that hangs on a field it has not', (channel) => {
    const { fields } = channelForms[channel];
    const keys = fields.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { when } of fields) if (when !== undefined) expect(keys).toContain(when.key);
  });

  it('asks for a folder or for an address and its token, and for a new token only where one is given', () => {
    const asked = (values: { readonly [key: string]: string }) => askedFields('fax', values).map(({ key }) => key);
    expect(asked({ to: 'folder', token: 'new' })).toEqual(['to', 'folder']);
    expect(asked({ to: 'http', token: 'none' })).toEqual(['to', 'url', 'token']);
    expect(asked({ to: 'http', token: 'new' })).toEqual(['to', 'url', 'token', 'newToken']);
  });

  it('asks for a server with its login and its key, which may be missing while it is tried and not when it is kept', () => {
    const values = {
      ...{ ...usualValues('fax'), to: 'sftp', server: 'gateway.example', user: 'overread', serverFolder: '/fax' },
      ...{ login: 'password', newPassword: 'hush-hush' },
    };
    expect(askedFields('fax', values).map(({ key }) => key)).toEqual([
      ...['to', 'server', 'serverPort', 'user', 'serverFolder', 'login', 'newPassword', 'hostKey'],
    ]);
    expect(values).toMatchObject({ serverPort: '22' });
    expect(trialFaults('fax', values, [])).toEqual([]);
    expect(channelFaults('fax', values, []).map(({ at }) => at)).toEqual(['hostKey']);
    expect(channelFaults('fax', { ...values, hostKey: `SHA256:${'A'.repeat(43)}` }, [])).toEqual([]);
    expect(trialFaults('fax', { ...values, hostKey: 'MD5:00' }, []).map(({ at }) => at)).toEqual(['hostKey']);
    expect(JSON.stringify(channelWords('fax', values))).not.toContain('hush-hush');
    const key = {
      ...values,
      login: 'key',
      newKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n-----END OPENSSH PRIVATE KEY-----\n',
    };
    expect(trialFaults('fax', key, [])).toEqual([]);
    expect(JSON.stringify(channelWords('fax', key))).not.toContain('hush');
    expect(trialFaults('fax', { ...key, newKey: 'ssh-ed25519 AAAA' }, []).map(({ at }) => at)).toEqual(['newKey']);
  });

  it('takes an endpoint that is whole, and says it in words', () => {
    expect(channelFaults('hl7', ris, [])).toEqual([]);
    expect(channelWords('hl7', ris)).toEqual([
      { label: 'Host', words: 'ris.larkspur.example' },
      { label: 'Port', words: '2575' },
      { label: 'Receiving application', words: 'RIS' },
      { label: 'Receiving facility', words: 'LARKSPUR' },
      { label: 'Lines of a section', words: 'each in an OBX of its own' },
      { label: 'Signed PDF', words: 'goes along (OBX of type ED)' },
    ]);
  });

  it.each<readonly [string, string, string]>([
    ['host', 'ris larkspur', 'Give a name such as ris.example, or an IP address.'],
    ['port', '70000', 'Give a whole number from 1 to 65535.'],
    ['port', '25.5', 'Give a whole number from 1 to 65535.'],
    ['receivingApplication', 'RIS|X', 'Give a name of at most 180 characters, without | ^ ~ \\ or &.'],
    ['receivingFacility', '', 'Give a name of at most 180 characters, without | ^ ~ \\ or &.'],
    ['text', 'other', 'Choose one.'],
  ])('does not take %s “%s”', (at, value, words) => {
    expect(channelFaults('hl7', { ...ris, [at]: value }, [])).toEqual([{ at, row: null, words }]);
  });

  it('never tells a secret in its words', () => {
    const values = { to: 'http', url: 'https://gateway.example/jobs', token: 'new', newToken: 'hush-hush' };
    expect(JSON.stringify(channelWords('fax', values))).not.toContain('hush-hush');
    expect(channelWords('fax', { ...values, token: 'kept' })).toContainEqual({ label: 'Token', words: 'set' });
  });

  it('names what is wrong in a list of receivers by its line', () => {
    const values = { to: 'folder', folder: '/srv/fax' };
    expect(channelFaults('fax', values, [farrow, desk])).toEqual([]);
    const wrong = [farrow, { ...desk, address: '555 0100' }, { ...farrow, usual: true }, { ...desk, name: '' }];
    expect(channelFaults('fax', values, wrong).map(({ at, row }) => [row, at])).toEqual([
      [1, 'address'],
      [2, 'orderer'],
      [2, 'usual'],
      [3, 'name'],
      [3, 'usual'],
    ]);
    expect(channelFaults('direct', values, [desk]).map(({ at }) => at)).toEqual(['address']);
  });

  it('says where a report goes whose physician has no line', () => {
    expect(recipientsWords([farrow, desk])).toBe(
      '2 receivers; a report whose physician is not among them goes to Reports desk.',
    );
    expect(recipientsWords([farrow])).toBe(
      'One receiver; a report whose physician is not among them waits for a person.',
    );
    expect(recipientsWords([])).toBe('No receivers: every report waits for a person.');
  });
});
