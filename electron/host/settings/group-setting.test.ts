import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const files: Readonly<Record<string, string>> = { '/ca.pem': pem, '/none.pem': 'nothing' };
const read = (...argv: string[]) =>
  readSettings({
    argv: ['--data', '/data', ...argv],
    env: {},
    readFile: (path) => files[path] ?? null,
    platform: 'linux',
  });

describe('the settings of a desktop in a group', () => {
  it('name one or two group hosts and, where it is private, their authority', () => {
    const found = read('--group', 'https://North.example:8443, https://south.example', '--group-ca', '/ca.pem');
    if (!found.ok) throw new Error(found.error.message);
    expect(found.value.group).toEqual({
      origins: ['https://north.example:8443', 'https://south.example'],
      authority: pem,
    });
    expect(found.value.demo).toBe(false);
  });

  it('come from the environment too', () => {
    const found = readSettings({
      argv: ['--data', '/data'],
      env: { OVERREAD_GROUP: 'https://north.example' },
      readFile: () => null,
      platform: 'linux',
    });
    expect(found.ok && found.value.group?.origins).toEqual(['https://north.example']);
  });

  it.each([
    [['--group', 'http://north.example'], /address of the group host/],
    [['--group', 'north.example'], /address of the group host/],
    [['--group', 'https://ann:secret@north.example'], /address of the group host/],
    [['--group', 'https://north.example/path'], /address of the group host/],
    [
      ['--group', 'https://north.example', '--record', 'https://fhir.example/r4'],
      /--record and --group do not go together/,
    ],
    [
      ['--group', 'https://north.example', '--archive', 'https://pacs.example/rs'],
      /--archive and --group do not go together/,
    ],
    [['--group', 'https://north.example', '--listen', '127.0.0.1:0'], /--listen and --group do not go together/],
    [['--group', 'https://north.example', '--group-ca', '/none.pem'], /no file with a certificate/],
    [['--group-ca', '/ca.pem'], /needs --group/],
  ])('refuses %j in one sentence, and repeats no secret', (argv, sentence) => {
    const found = read(...argv);
    const message = found.ok ? 'accepted' : found.error.message;
    expect(message).toMatch(sentence);
    expect(message).not.toContain('secret');
  });
});
