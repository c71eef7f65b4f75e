import { describe, expect, test } from 'vitest';
import { silentOf } from './silence.ts';

const record = (state: 'up' | 'down' | 'unknown') => ({ record: { name: 'Record', kind: 'remote' as const, state } });
const all = { link: 'live', standing: { kind: 'live' }, status: record('up'), singleUser: false } as const;

describe('what is on screen is confirmed by nobody', () => {
  test.each([
    ['all answer', all, null],
    ['nothing was asked yet', { ...all, link: 'joining', standing: { kind: 'loading' }, status: null }, null],
    ['the events of the host broke off', { ...all, link: 'lost' }, 'host'],
    ['the host gave no list', { ...all, standing: { kind: 'offline', since: 1 } }, 'host'],
    ['no group host answers the desktop', { ...all, standing: { kind: 'failed', message: '' } }, 'group'],
    [
      'one host alone refused the list',
      { ...all, standing: { kind: 'failed', message: '' }, singleUser: true },
      'host',
    ],
    ['the record does not answer the host', { ...all, status: record('down') }, 'record'],
    ['how the record is, is not known', { ...all, status: record('unknown') }, null],
  ] as const)('%s', (_what, heard, silent) => {
    expect(silentOf(heard)).toBe(silent);
  });
});
