import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (gateways: unknown, ...argv: string[]) =>
  readSettings({
    argv: ['--data', '/data', ...argv],
    env: {},
    readFile: () => JSON.stringify({ gateways }),
    platform: 'linux',
  });
const fax = {
  siteId: 'larkspur',
  kind: 'fax',
  folder: '/srv/fax',
  recipients: [
    { name: 'Dr O. Farrow', address: '+12065550142', orderer: '1234567893' },
    { name: 'Larkspur reports', address: '+12065550100', usual: true },
  ],
};
const direct = {
  siteId: 'larkspur',
  kind: 'direct',
  url: 'https://gateway.example/jobs/',
  token: 'a-token',
  recipients: [{ name: 'Dr O. Farrow', address: 'farrow@direct.example' }],
};

const sftp = { host: 'gateway.example', user: 'overread', folder: '/fax/', password: 'a-token' };

describe('the settings of sites’ gateways', () => {
  it('name a folder or an address, and the list of numbers and addresses', () => {
    const found = read([fax, direct]);
    if (!found.ok) throw new Error(found.error.message);
    expect(found.value.gateways).toEqual([
      {
        siteId: 'larkspur',
        kind: 'fax',
        to: { kind: 'folder', folder: '/srv/fax' },
        recipients: [
          { name: 'Dr O. Farrow', address: '+12065550142', orderer: '1234567893', usual: false },
          { name: 'Larkspur reports', address: '+12065550100', orderer: null, usual: true },
        ],
      },
      {
        siteId: 'larkspur',
        kind: 'direct',
        to: { kind: 'http', url: 'https://gateway.example/jobs', token: 'a-token' },
        recipients: [{ name: 'Dr O. Farrow', address: 'farrow@direct.example', orderer: null, usual: false }],
      },
    ]);
  });

  it.each([
    [[{ ...fax, recipients: [{ name: 'Dr O. Farrow', address: '206 555 0142' }] }], /a fax number is \+12065550142/],
    [[{ ...direct, recipients: [{ name: 'x', address: 'nobody' }] }], /a Direct address/],
    [[{ ...fax, recipients: [{ name: 'two\nlines', address: '+12065550142' }] }], /does not fit/],
    [[fax, fax], /two fax gateways for one site/],
    [[{ ...fax, url: 'https://gateway.example' }], /either a folder or a url/],
    [[{ ...fax, folder: undefined }], /either a folder or a url/],
    [[{ ...fax, token: 'a' }], /a token only with a url/],
    [[{ ...fax, sealedToken: 'AAAA' }], /a token only with a url/],
    [[{ ...direct, sealedToken: 'AAAA' }], /one token/],
    [[{ ...fax, sftp }], /either a folder or a url or an sftp/],
    [[{ ...fax, folder: undefined, sftp: { ...sftp, password: undefined } }], /either a password or a privateKey/],
    [[{ ...fax, folder: undefined, sftp: { ...sftp, privateKey: 'a-token' } }], /either a password or a privateKey/],
    [[{ ...fax, folder: undefined, sftp: { ...sftp, hostKey: 'a-token' } }], /does not fit/],
    [[{ ...direct, url: 'http://gateway.example/jobs' }], /in clear text/],
    [[{ ...direct, url: 'https://user:word@gateway.example/' }], /without user/],
    [[{ ...direct, url: 'ftp://gateway.example/' }], /is an address/],
    [[{ ...fax, recipients: fax.recipients.map((one) => ({ ...one, usual: true })) }], /the usual one/],
    [[{ ...fax, recipients: [fax.recipients[0], { ...fax.recipients[0], name: 'Dr Q' }] }], /number of one physician/],
    ['fax', /does not fit/],
  ])('are refused with a sentence that repeats no token: %j', (gateways, words) => {
    const found = read(gateways);
    expect(found.ok ? 'taken' : found.error.message).toMatch(words);
    expect(found.ok ? '' : found.error.message).not.toContain('a-token');
  });

  it('name a folder on a server, with its login and the key that was confirmed', () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`;
    const found = read([
      { ...fax, folder: undefined, sftp },
      { ...fax, siteId: 'cedar', folder: undefined, sftp: { ...sftp, port: 2222, hostKey } },
    ]);
    if (!found.ok) throw new Error(found.error.message);
    const to = { kind: 'sftp', host: 'gateway.example', user: 'overread', folder: '/fax' };
    const secret = { kind: 'password', password: 'a-token' };
    expect(found.value.gateways?.map((one) => one.to)).toEqual([
      { ...to, port: 22, hostKey: null, secret },
      { ...to, port: 2222, hostKey, secret },
    ]);
  });

  it('may use http where it was said to be allowed, and on this computer', () => {
    expect(read([{ ...direct, url: 'http://gateway.example/jobs' }], '--allow-insecure').ok).toBe(true);
    expect(read([{ ...direct, url: 'http://127.0.0.1:8085/jobs' }]).ok).toBe(true);
  });
});
