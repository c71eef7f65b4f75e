import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealerFromKey } from '../keys/index.ts';
import { createChannelBook } from './channel-book.ts';
import { createChannelFile } from './channel-file.ts';
import { gatewayFolderFault } from './gateway-folders.ts';
import { readSettings } from './index.ts';

describe('the folders in which gateways may lie', () => {
  let place: string;
  const at = (...parts: string[]): string => join(place, ...parts);
  beforeEach(async () => {
    place = await realpath(await mkdtemp(join(tmpdir(), 'overread-folders-')));
    for (const folder of ['data', 'gateways/fax', 'elsewhere/jobs']) await mkdir(at(folder), { recursive: true });
  });
  afterEach(() => rm(place, { recursive: true, force: true }));
  const fault = (folder: string, roots: readonly string[] | undefined = [at('gateways')]): string | null =>
    gatewayFolderFault(folder, {
      dataDirectory: at('data'),
      ...(roots === undefined ? {} : { gatewayFolders: roots }),
    });

  it('are those that were named, and what lies in them, there or not yet', () => {
    for (const folder of ['gateways', 'gateways/fax', 'gateways/fax/jobs', 'gateways/new/one'])
      expect(fault(at(folder))).toBe(null);
    expect(fault(at('elsewhere'), [at('gateways'), at('elsewhere')])).toBe(null);
  });

  it.each(['elsewhere', 'gateways/../elsewhere', 'gateways-too', 'elsewhere/../gateways/../elsewhere/jobs'])(
    'are not %s',
    (folder) => {
      expect(fault(`${place}/${folder}`)).toContain(
        `is outside the folders in which this host lets gateways lie: ${at('gateways')}`,
      );
    },
  );

  it('are not reached through a link that leads out, whenever it is laid, at the folder or in it', async () => {
    const outside = (folder: string, to: string) =>
      `${folder}, which leads to ${to}, is outside the folders in which this host lets gateways lie: ${at('gateways')} (--gateway-folders).`;
    await symlink(at('elsewhere'), at('gateways', 'link'));
    expect(fault(at('gateways', 'link'))).toBe(outside(at('gateways', 'link'), at('elsewhere')));
    expect(fault(at('gateways', 'link', 'deeper'))).toBe(
      outside(at('gateways', 'link', 'deeper'), at('elsewhere', 'deeper')),
    );
    expect(fault(at('gateways', 'fax'))).toBe(null);
    await symlink(at('elsewhere', 'jobs'), at('gateways', 'fax', 'jobs'));
    expect(fault(at('gateways', 'fax'))).toBe(outside(at('gateways', 'fax', 'jobs'), at('elsewhere', 'jobs')));
    // A root may itself be a link: what was named is where it leads.
    await symlink(at('elsewhere'), at('named'));
    expect(fault(at('elsewhere', 'fax'), [at('named')])).toBe(null);
  });

  it('are never the host’s own data, or what holds it', async () => {
    await symlink(at('data'), at('gateways', 'mine'));
    for (const folder of [at('data'), at('data', 'fax'), at('gateways', 'mine'), place])
      for (const roots of [undefined, [place]]) expect(fault(folder, roots)).toMatch(/this host’s own data/);
  });

  const settings = (...argv: string[]) =>
    readSettings({ argv: ['--data', at('data'), ...argv], env: {}, readFile: () => null });
  const bookOf = (...argv: string[]) => {
    const read = settings(...argv);
    if (!read.ok) throw new Error(read.error.message);
    return createChannelBook(read.value, createChannelFile(read.value, sealerFromKey(new Uint8Array(32).fill(7))));
  };
  const words = async (book: ReturnType<typeof bookOf>, folder: string): Promise<string> => {
    const kept = await book.keep(
      book.version(),
      'larkspur',
      'fax',
      { folder, recipients: [] },
      { by: 'lea', now: 0, isUsed: () => false },
    );
    return kept.ok ? 'kept' : kept.error.message;
  };

  it('are not asked about for a lead to look around: what may not be set is not tried either', async () => {
    const book = bookOf('--gateway-folders', `${at('gateways')}, ${at('more')}`);
    expect(book.check('larkspur', 'fax', { folder: at('elsewhere'), recipients: [] })).toMatchObject({ ok: false });
    expect(await words(book, at('elsewhere'))).toContain(`${at('gateways')}, ${at('more')} (--gateway-folders)`);
    expect(await words(book, at('gateways', 'fax'))).toBe('kept');
  });

  it('where nobody named any are none that a lead could name', async () => {
    expect(await words(bookOf(), at('gateways', 'fax'))).toBe(
      'This host lets nobody name a folder here. Who runs it says in which folders gateways may lie: --gateway-folders DIR.',
    );
    // What settings.json says stays, with other receivers too.
    const set = { siteId: 'larkspur', kind: 'fax', recipients: [], to: { kind: 'folder', folder: at('fax') } } as const;
    const host = { dataDirectory: at('data'), hl7: [], gateways: [set] };
    const book = createChannelBook(host, createChannelFile(host, sealerFromKey(new Uint8Array(32))));
    expect(book.check('larkspur', 'fax', { folder: at('fax'), recipients: [] })).toMatchObject({ ok: true });
    expect(book.check('larkspur', 'fax', { folder: at('other'), recipients: [] })).toMatchObject({ ok: false });
    expect(book.check('cedar', 'fax', { folder: at('fax'), recipients: [] })).toMatchObject({ ok: false });
  });

  it.each([
    ['srv/fax', /takes whole paths/],
    ['/', /not a whole disk/],
    ['/srv/..', /not a whole disk/],
    ['DATA/fax', /lies in the data folder/],
  ])('are refused at the start: %s', (named, said) => {
    const read = settings('--gateway-folders', named.replace('DATA', at('data')));
    expect(read.ok ? 'taken' : read.error.message).toMatch(said);
  });
});
