import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const key = 'k'.repeat(44);
const files: Readonly<Record<string, string>> = { '/keys/group': `${key}\n`, '/keys/short': 'too short' };
const read = (...argv: string[]) =>
  readSettings({
    argv: ['--data', '/data', ...argv],
    env: {},
    readFile: (path) => files[path] ?? null,
    platform: 'linux',
  });

describe('the settings of a group host', () => {
  it('names address, TLS, origins and the key of the group', () => {
    const found = read(
      '--listen',
      '10.0.0.5:8443',
      '--tls',
      '/tls/chain.pem,/tls/key.pem',
      '--origin',
      'https://Reading.example,https://10.0.0.5:8443',
      '--record',
      'https://fhir.example/r4',
      '--group-key',
      '/keys/group',
    );
    if (!found.ok) throw new Error(found.error.message);
    expect(found.value.listen).toEqual({
      address: '10.0.0.5',
      port: 8443,
      tls: { certificate: '/tls/chain.pem', key: '/tls/key.pem' },
      origins: ['https://reading.example', 'https://10.0.0.5:8443'],
      groupKey: key,
    });
    expect([found.value.demo, found.value.open]).toEqual([false, false]);
  });

  it('is no setting of a host of one person', () => {
    const found = read();
    expect(found.ok && 'listen' in found.value).toBe(false);
  });

  it('shows the demo day on this computer alone, whose passwords everybody knows', () => {
    const here = read('--listen', '127.0.0.1:8443');
    const there = read('--listen', '10.0.0.5:8443', '--tls', 'a.pem,b.pem');
    expect([here.ok && here.value.demo, there.ok && there.value.demo]).toEqual([true, false]);
    const six = read('--listen', '[::1]:0');
    expect(six.ok && six.value.listen?.address).toBe('::1');
  });

  it.each([
    [['--listen', '10.0.0.5:8443'], /in clear text. Give --tls/],
    [['--listen', '[fe80::1]:8443'], /in clear text/],
    [['--listen', 'everywhere'], /an address and a port/],
    [['--listen', '10.0.0.5:99999', '--tls', 'a,b'], /an address and a port/],
    [['--listen', '10.0.0.5:8443', '--tls', 'only-one.pem'], /two PEM files/],
    [['--listen', '0.0.0.0:8443', '--tls', 'a,b'], /--origin/],
    [['--listen', '[::]:8443', '--tls', 'a,b'], /--origin/],
    [['--listen', '10.0.0.5:8443', '--tls', 'a,b', '--origin', 'http://reading.example'], /list of addresses/],
    [['--listen', '10.0.0.5:8443', '--tls', 'a,b', '--origin', 'https://reading.example/path'], /list of addresses/],
    [['--listen', '127.0.0.1:0', '--record', 'https://fhir.example/r4'], /sealed with a key/],
    [['--listen', '127.0.0.1:0', '--group-key', '/keys/short'], /shorter than 32/],
    [['--listen', '127.0.0.1:0', '--group-key', '/keys/none'], /cannot be read/],
    [['--tls', 'a,b'], /needs --listen/],
  ])('refuses %j in one sentence', (argv, sentence) => {
    const found = read(...argv);
    expect(found.ok ? 'accepted' : found.error.message).toMatch(sentence);
  });
});
