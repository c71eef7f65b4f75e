import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (...argv: string[]) =>
  readSettings({ argv: ['--data', '/data', ...argv], env: {}, readFile: () => null, platform: 'linux' });
const group = ['--listen', '127.0.0.1:8443'];

describe('the settings of the ordering physician’s page', () => {
  it('name an address, TLS and the origin by which people reach it, apart from the readers’', () => {
    const found = read(
      ...group,
      ...['--physician-listen', '10.0.0.5:443', '--physician-tls', '/tls/chain.pem,/tls/key.pem'],
      ...['--physician-origin', 'https://Reports.example'],
    );
    expect(found.ok && found.value.physicianPage).toEqual({
      address: '10.0.0.5',
      port: 443,
      tls: { certificate: '/tls/chain.pem', key: '/tls/key.pem' },
      origin: 'https://reports.example',
    });
  });

  it('are absent where nobody asks for the page', () => {
    const found = read(...group);
    expect(found.ok && 'physicianPage' in found.value).toBe(false);
  });

  it('may stand behind a proxy: plain on this computer, https outside', () => {
    const found = read(
      ...group,
      '--physician-listen',
      '127.0.0.1:8080',
      '--physician-origin',
      'https://reports.example',
    );
    expect(found.ok && found.value.physicianPage).toMatchObject({ tls: null, origin: 'https://reports.example' });
  });

  it.each([
    [['--physician-listen', '127.0.0.1:8080'], /by a group host alone/],
    [[...group, '--physician-tls', 'a,b'], /needs --physician-listen/],
    [[...group, '--physician-origin', 'https://reports.example'], /needs --physician-listen/],
    [[...group, '--physician-listen', '10.0.0.5:443'], /in clear text. Give --physician-tls/],
    [[...group, '--physician-listen', 'everywhere'], /an address and a port/],
    [[...group, '--physician-listen', '0.0.0.0:443', '--physician-tls', 'a,b'], /--physician-origin/],
    [
      [
        ...group,
        ...['--physician-listen', '10.0.0.5:443', '--physician-tls', 'a,b'],
        ...['--physician-origin', 'https://a.example,https://b.example'],
      ],
      /is one address/,
    ],
  ] as const)('are refused with a sentence: %j', (argv, words) => {
    const found = read(...argv);
    expect(found.ok ? 'taken' : found.error.message).toMatch(words);
  });
});
