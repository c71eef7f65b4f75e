import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealerFromKey } from '../keys/index.ts';
import { createChannelBook } from './channel-book.ts';
import type { ChannelEntry, HostChannel } from './channel-entries.ts';
import { createChannelFile } from './channel-file.ts';
import { readSettings } from './index.ts';

const ownKey = new Uint8Array(32).fill(7);
const ris = { host: 'ris.example', port: 2575, receivingApplication: 'RIS', receivingFacility: 'LARKSPUR' };
const fax = {
  url: 'https://gateway.example/jobs',
  token: 'hush',
  recipients: [{ name: 'Desk', address: '+12065550100' }],
};

describe('the channels of a host', () => {
  let directory: string;
  const file = (): string => join(directory, 'settings.json');
  const written = async () => JSON.parse(await readFile(file(), 'utf8')) as { readonly [key: string]: unknown };
  /** The book of a host that starts now, as its settings are read. */
  const start = (env: { readonly [name: string]: string } = {}, key = ownKey) => {
    const settings = readSettings({
      argv: ['--data', directory, '--gateway-folders', '/srv'],
      env,
      readFile: (path) => {
        try {
          return readFileSync(path, 'utf8');
        } catch {
          return null;
        }
      },
    });
    if (!settings.ok) throw new Error(settings.error.message);
    const channels = createChannelFile(settings.value, sealerFromKey(key));
    const book = createChannelBook(settings.value, channels);
    const keep = (
      version: string,
      siteId: string,
      channel: HostChannel,
      entry: ChannelEntry | null,
      moving: { readonly now: number; isUsed(place: string): boolean } = { now: 0, isUsed: () => false },
    ) => book.keep(version, siteId, channel, entry, { by: 'lea', ...moving });
    return { ...book, keep, sealPlain: channels.sealPlain };
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-channels-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('count as soon as they are kept, and are there after a restart, whatever else the file says', async () => {
    await writeFile(file(), '{"port":4999,"idleLockMinutes":20}');
    const book = start();
    expect(await book.keep(book.version(), 'larkspur', 'hl7', ris)).toEqual({ ok: true, value: undefined });
    expect(await book.keep(book.version(), 'larkspur', 'fax', fax)).toEqual({ ok: true, value: undefined });
    expect(book.hl7()).toEqual([{ ...ris, siteId: 'larkspur' }]);
    const again = start();
    expect([again.hl7(), again.gateways()]).toEqual([book.hl7(), book.gateways()]);
    expect(again.gateways()[0]?.to).toEqual({ kind: 'http', url: fax.url, token: 'hush' });
    expect(await written()).toMatchObject({ port: 4999, idleLockMinutes: 20 });
  });

  it('of a site’s FHIR server are checked, kept and there after a restart; a file without any does not speak of them', async () => {
    const imr = {
      ...{ url: 'https://fhir.larkspur.example/r4/', token: 'hush', patientSystem: 'urn:oid:1.2.3' },
      ...{ accessionSystem: 'https://larkspur.example/accession', images: 'https://pacs.larkspur.example/dicom-web' },
    };
    const book = start();
    await book.keep(book.version(), 'larkspur', 'hl7', ris);
    expect(await written()).not.toHaveProperty('imr');
    for (const [wrong, words] of [
      [{ ...imr, url: 'http://fhir.larkspur.example/r4' }, /clear text/],
      [{ ...imr, url: 'https://user:word@fhir.larkspur.example' }, /Url is an address such as/],
      [{ ...imr, patientSystem: 'mrn' }, /Does not fit \(at 0\.patientSystem\)/],
    ] as const) {
      const kept = await book.keep(book.version(), 'larkspur', 'imr', wrong);
      expect(kept.ok ? '' : kept.error.message).toMatch(words);
    }
    expect(await book.keep(book.version(), 'larkspur', 'imr', imr)).toEqual({ ok: true, value: undefined });
    const whole = { ...imr, siteId: 'larkspur', url: 'https://fhir.larkspur.example/r4', patients: 'known', pdf: true };
    expect(book.of('larkspur', 'imr')).toEqual(whole);
    expect(start().imr()).toEqual([whole]);
    await book.keep(book.version(), 'larkspur', 'imr', null);
    expect([start().imr(), start().hl7().length]).toEqual([[], 1]);
  });

  it('lie in a file that only this account reads', async () => {
    const book = start();
    await book.keep(book.version(), 'larkspur', 'fax', fax);
    if (process.platform !== 'win32') expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('are changed and taken away one by one', async () => {
    const book = start();
    for (const site of ['larkspur', 'cedar']) await book.keep(book.version(), site, 'hl7', ris);
    await book.keep(book.version(), 'larkspur', 'hl7', { ...ris, port: 2576 });
    await book.keep(book.version(), 'cedar', 'hl7', null);
    expect(start().hl7()).toEqual([{ ...ris, port: 2576, siteId: 'larkspur' }]);
  });

  it('are not changed by somebody who saw others', async () => {
    const book = start();
    const seen = book.version();
    await book.keep(seen, 'larkspur', 'hl7', ris);
    expect(await book.keep(seen, 'larkspur', 'hl7', { ...ris, port: 1 })).toMatchObject({
      ok: false,
      error: { code: 'stale' },
    });
    expect(book.hl7()[0]?.port).toBe(2575);
  });

  it('of two changes that come at once, only one counts', async () => {
    const book = start();
    const seen = book.version();
    const both = await Promise.all([
      book.keep(seen, 'larkspur', 'hl7', ris),
      book.keep(seen, 'larkspur', 'hl7', { ...ris, port: 2576 }),
    ]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(
      start()
        .hl7()
        .map(({ port }) => port),
    ).toEqual([2575]);
  });

  it('are left alone where the file was changed by hand since the start', async () => {
    const book = start();
    await writeFile(file(), JSON.stringify({ hl7: [{ ...ris, siteId: 'cedar' }] }));
    expect(await book.keep(book.version(), 'larkspur', 'hl7', ris)).toMatchObject({
      ok: false,
      error: { code: 'elsewhere' },
    });
    expect(await written()).toEqual({ hl7: [{ ...ris, siteId: 'cedar' }] });
    expect(book.hl7()).toEqual([]);
  });

  it('of the environment are changed there, and a gateway beside them is kept without them', async () => {
    const book = start({ OVERREAD_HL7: JSON.stringify([{ ...ris, siteId: 'larkspur' }]) });
    expect(book.fixed('hl7')).toContain('OVERREAD_HL7');
    expect(await book.keep(book.version(), 'larkspur', 'hl7', null)).toMatchObject({ ok: false });
    expect(await book.keep(book.version(), 'larkspur', 'fax', fax)).toMatchObject({ ok: true });
    expect((await written()).hl7).toBe(undefined);
  });

  it.each<readonly [string, object, string]>([
    ['http to another machine', { ...fax, url: 'http://gateway.example/jobs' }, 'A url with http sends patient data'],
    ['a receiver without number', { ...fax, recipients: [{ name: 'Desk', address: '555' }] }, 'Does not fit'],
  ])('do not take %s, in words that name no file', async (_name, entry, words) => {
    const book = start();
    const kept = await book.keep(book.version(), 'larkspur', 'fax', entry as never);
    expect(kept.ok ? '' : kept.error.message).toContain(words);
    expect(kept.ok ? '' : kept.error.message).not.toContain('settings.json');
    expect(await readFile(file(), 'utf8').catch(() => null)).toBe(null);
  });

  describe('behind a server with a login', () => {
    const sftp = {
      ...{ host: 'gateway.example', port: 2222, user: 'overread', folder: '/fax' },
      hostKey: `SHA256:${'A'.repeat(43)}`,
    };
    const entry = (login: object) => ({ sftp: { ...sftp, ...login }, recipients: fax.recipients }) as never;

    it.each([
      ['password', { password: 'hush-hush' }],
      ['key', { privateKey: '-----BEGIN hush-hush' }],
    ] as const)('lie on disk with the %s sealed, and have it again after a restart', async (kind, login) => {
      const book = start();
      expect(await book.keep(book.version(), 'larkspur', 'fax', entry(login))).toMatchObject({ ok: true });
      const text = await readFile(file(), 'utf8');
      expect(text).not.toContain('hush');
      expect(text).toContain('"sealed"');
      const to = { ...sftp, kind: 'sftp', secret: { kind, ...login } };
      expect([book.gateways()[0]?.to, start().gateways()[0]?.to]).toEqual([to, to]);
      // Another change beside it leaves it as it is.
      const again = start();
      await again.keep(again.version(), 'larkspur', 'hl7', ris);
      expect(start().gateways()[0]?.to).toEqual(to);
    });

    it('are told as they were written by hand, and sealed with the next change', async () => {
      await writeFile(
        file(),
        JSON.stringify({
          gateways: [
            {
              siteId: 'cedar',
              kind: 'fax',
              ...fax,
              url: undefined,
              token: undefined,
              sftp: { ...sftp, password: 'hush-hush' },
            },
          ],
        }),
      );
      const book = start();
      expect(book.gateways()[0]?.to).toMatchObject({ secret: { kind: 'password', password: 'hush-hush' } });
      await book.keep(book.version(), 'larkspur', 'hl7', ris);
      expect(await readFile(file(), 'utf8')).not.toContain('hush');
    });

    it('do not open for another server that somebody writes into the file', async () => {
      const book = start();
      await book.keep(book.version(), 'larkspur', 'fax', entry({ password: 'hush-hush' }));
      const there = await readFile(file(), 'utf8');
      for (const [before, after] of [
        ['gateway.example', 'elsewhere.example'],
        ['2222', '22'],
        ['"overread"', '"other"'],
        ['"larkspur"', '"cedar"'],
      ] as const) {
        await writeFile(file(), there.replace(before, after));
        expect(start().gateways()[0]?.to).toMatchObject({ secret: { kind: 'sealed' } });
      }
    });
  });

  describe('with a token', () => {
    const imr = {
      ...{ url: 'https://fhir.larkspur.example/r4', token: 'hush', patientSystem: 'urn:oid:1.2.3' },
      ...{ accessionSystem: 'https://larkspur.example/accession', images: 'https://pacs.larkspur.example/dicom-web' },
    };
    const byHand = async () =>
      writeFile(
        file(),
        JSON.stringify({
          port: 4999,
          imr: [{ ...imr, siteId: 'larkspur' }],
          gateways: [{ siteId: 'cedar', kind: 'fax', ...fax }],
        }),
      );
    const tokens = (book: ReturnType<typeof start>) => [
      book.of('larkspur', 'imr'),
      book.of('cedar', 'fax') === null ? null : book.gateways()[0]?.to,
    ];
    const asGiven = [{ token: 'hush' }, { token: 'hush' }];

    it('lie on disk with it sealed, and have it again after a restart', async () => {
      const book = start();
      await book.keep(book.version(), 'larkspur', 'imr', imr);
      await book.keep(book.version(), 'cedar', 'fax', fax);
      const text = await readFile(file(), 'utf8');
      expect(text).not.toContain('hush');
      expect(text.match(/"sealedToken"/g)).toHaveLength(2);
      expect(tokens(start())).toMatchObject(asGiven);
    });

    it('that was written by hand are sealed at the start; the rest of the file stays, and a second start changes nothing', async () => {
      await byHand();
      const book = start();
      expect(tokens(book)).toMatchObject(asGiven);
      expect(await book.sealPlain()).toBe(true);
      const text = await readFile(file(), 'utf8');
      expect(text).not.toContain('hush');
      expect(await written()).toMatchObject({ port: 4999, imr: [{ url: imr.url }], gateways: [{ url: fax.url }] });
      const again = start();
      expect(tokens(again)).toMatchObject(asGiven);
      expect(await again.sealPlain()).toBe(true);
      expect(await readFile(file(), 'utf8')).toBe(text);
      // And what the host wrote itself is no change by hand.
      expect(await book.keep(book.version(), 'larkspur', 'hl7', ris)).toMatchObject({ ok: true });
    });

    it('are not sealed where nothing is to be: a file without a secret is left as it is', async () => {
      await writeFile(
        file(),
        JSON.stringify({ gateways: [{ siteId: 'cedar', kind: 'fax', ...fax, token: undefined }] }),
      );
      const before = await readFile(file(), 'utf8');
      expect(await start().sealPlain()).toBe(true);
      expect(await readFile(file(), 'utf8')).toBe(before);
    });

    it('do not open for another address, site or channel that somebody writes into the file, nor under another key', async () => {
      const book = start();
      await book.keep(book.version(), 'larkspur', 'imr', imr);
      await book.keep(book.version(), 'larkspur', 'fax', fax);
      const there = await readFile(file(), 'utf8');
      const unopened = { token: { sealed: expect.stringMatching(/^[A-Za-z0-9+/=]+$/) } };
      for (const [before, after] of [
        ['https://gateway.example', 'https://elsewhere.example'],
        ['"larkspur",\n      "kind"', '"cedar",\n      "kind"'],
      ] as const) {
        await writeFile(file(), there.replace(before, after));
        expect(there.replace(before, after)).not.toBe(there);
        expect(start().gateways()[0]?.to).toMatchObject(unopened);
      }
      await writeFile(file(), there.replace('https://fhir.larkspur', 'https://fhir.elsewhere'));
      expect(start().imr()[0]).toMatchObject(unopened);
      await writeFile(file(), there);
      const other = start({}, new Uint8Array(32).fill(8));
      expect([other.imr()[0], other.gateways()[0]?.to]).toMatchObject([unopened, unopened]);
      // A change beside it leaves it as it is, for the host that can open it.
      await other.keep(other.version(), 'larkspur', 'hl7', ris);
      expect(start().imr()[0]).toMatchObject({ token: 'hush' });
    });
  });

  it('of a gateway that is moved stay known where it was, while jobs are under way there', async () => {
    const book = start();
    const used = new Set<string>();
    const move = (entry: object, now: number) =>
      book.keep(book.version(), 'larkspur', 'fax', { ...entry, recipients: [] } as never, {
        now,
        isUsed: (place) => used.has(place),
      });
    const former = () => start().gateways()[0]?.before;
    await move({ url: fax.url, token: 'hush' }, 1);
    // Another token is no other place.
    await move({ url: fax.url, token: 'other' }, 2);
    expect(former()).toBe(undefined);
    await move({ folder: '/srv/fax' }, 3);
    const first = { to: { kind: 'http', url: fax.url, token: 'other' }, movedAt: 3 };
    expect(former()).toEqual([first]);
    used.add(fax.url);
    const sftp = { host: 'gateway.example', port: 22, user: 'overread', folder: '/fax', password: 'hush-hush' };
    await move({ sftp }, 4);
    const second = { to: { kind: 'folder', folder: '/srv/fax' }, movedAt: 4 };
    expect(former()).toEqual([second, first]);
    used.clear();
    await move({ folder: '/srv/fax2' }, 5);
    expect(former()).toMatchObject([{ to: { secret: { kind: 'password', password: 'hush-hush' } }, movedAt: 5 }]);
    expect(await readFile(file(), 'utf8')).not.toContain('hush-hush');
    // Moved back: it is the gateway's place again, and no former one.
    used.add('/srv/fax2');
    await move({ sftp }, 6);
    expect(former()).toEqual([{ to: { kind: 'folder', folder: '/srv/fax2' }, movedAt: 6 }]);
  });

  it('are as before where the file cannot be written', async () => {
    const book = start();
    await rm(directory, { recursive: true });
    expect(await book.keep(book.version(), 'larkspur', 'hl7', ris)).toMatchObject({
      ok: false,
      error: { code: 'not-saved' },
    });
    expect(book.hl7()).toEqual([]);
  });
});
