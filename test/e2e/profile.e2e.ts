import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { AccessionNumber } from '../../shared/domain/study/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { buildImage } from '../builders/part10.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { browserOptions, firstAccount, signIn, startShell } from './overread.ts';

/**
 * A word that occurs nowhere else in the world; every text of the study is one. No two share a run of letters: the browser's stores are
 * compressed in blocks, where a repeated run is replaced and only what is new stands there in the clear.
 */
const marker = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 16)
    .replace(/./g, (digit) => 'ghjkmnpqrstvwxyz'[Number.parseInt(digit, 16)] ?? 'g')
    .replace(/^./, (first) => first.toUpperCase());
const markers = [
  'Family',
  'Given',
  'PatId',
  'Accn',
  'Reason',
  'Procedure',
  'Orderer',
  'StudyDesc',
  'SeriesDesc',
  'Findings',
  'Impression',
].map(marker);
const m = (name: string): string => {
  const found = marker(name);
  if (!markers.includes(found)) throw new Error(`${name} is not looked for`);
  return found;
};

type Form = readonly [form: string, bytes: Buffer];

/** The forms in which a program can leave a text behind without meaning to hide it. */
function formsOf(text: string): readonly Form[] {
  const upper = text.toUpperCase();
  const plain = [text, upper, text.toLowerCase()].flatMap((one): Form[] => [
    ['UTF-8', Buffer.from(one, 'utf8')],
    ['UTF-16LE', Buffer.from(one, 'utf16le')],
  ]);
  const encoded = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')].flatMap((bytes) =>
    [0, 1, 2].map((shift): Form => {
      // What stands before a text moves its base64 by a third; only the letters that depend on the text alone are looked for.
      const base64 = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      return [`base64, shifted by ${shift}`, Buffer.from(base64.slice(shift === 0 ? 0 : shift + 1, -2), 'latin1')];
    }),
  );
  return [...plain, ...encoded];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isDirectory() ? filesBelow(path) : found.isFile() ? [path] : [];
  });
}

/** Null for a file that a living browser took away between the listing and the look; where nothing lives, nothing may go. */
function bytesOf(file: string, living: boolean): Buffer | null {
  try {
    return readFileSync(file);
  } catch (reason) {
    if (living && reason instanceof Error && 'code' in reason && reason.code === 'ENOENT') return null;
    throw reason;
  }
}

/** Each place under the folder where a marker can be read, file names included. */
function search(
  folder: string,
  words: readonly string[],
  living = false,
): { readonly hits: readonly string[]; readonly files: number } {
  const wanted = words.flatMap((word) => formsOf(word).map(([form, bytes]) => ({ word, form, bytes })));
  const hits: string[] = [];
  const files = filesBelow(folder);
  for (const file of files) {
    const name = file.slice(folder.length);
    const bytes = bytesOf(file, living);
    if (bytes === null) continue;
    for (const { word, form, bytes: looked } of wanted) {
      if (bytes.includes(looked)) hits.push(`${word} as ${form} in ${name}`);
      if (form === 'UTF-8' && name.includes(looked.toString())) hits.push(`${word} in the name ${name}`);
    }
  }
  return { hits, files: files.length };
}

/** The browser process of a profile that this test has made, ended as by a power cut. */
function killBrowserOf(profile: string): number {
  let killed = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      if (!line.includes(`--user-data-dir=${profile}`) || line.some((one) => one.startsWith('--type='))) continue;
      process.kill(Number(entry), 'SIGKILL');
      killed += 1;
    } catch {
      // A process that ended while it was looked at.
    }
  }
  return killed;
}

async function persistent(profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(profile, {
    ...browserOptions,
    viewport: { width: 1280, height: 800 },
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

test('after a study is read and signed and the browser is killed, nothing of it can be read in the browser’s profile or in the data folder', async () => {
  test.skip(orthancMissing !== null, orthancMissing ?? '');
  test.setTimeout(240_000);
  const router = await startFhirRouter();
  const orthanc = await startOrthanc();
  const remote = (request: Request): Promise<Response> => fetch(request);
  const ports = testPorts();
  const record = createRecordClient({
    name: 'router',
    baseUrl: router.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  const archive = createArchiveClient({
    name: 'orthanc',
    baseUrl: orthanc.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  const profile = await mkdtemp(join(tmpdir(), 'overread-profile-'));
  const shell = await startShell({
    args: ['--archive', orthanc.url, '--record', router.url, '--empty'],
    env: { OVERREAD_PASSPHRASE: 'a passphrase of the test' },
  });
  try {
    const name = `${m('Family')}^${m('Given')}`;
    const order: Order = {
      id: 'order-marker' as OrderId,
      status: 'active',
      patient: { id: m('PatId'), issuer: 'SITE', name, birthDate: '19700102', sex: 'F' },
      patientReference: 'patient-marker',
      accession: m('Accn') as AccessionNumber,
      placerNumber: null,
      procedure: { system: 'https://example.org/procedures', code: 'CT', display: m('Procedure') },
      modality: 'CT',
      bodyPart: 'CHEST',
      laterality: null,
      reason: m('Reason'),
      reasonCodes: [],
      priority: 'stat',
      site: { id: 'site-1', name: 'Larkspur General', state: 'WA', zone: 'America/Los_Angeles', phone: null },
      orderedBy: { name: m('Orderer'), npi: null },
      authoredOn: instant(Date.now() - 600_000),
      expectedInstances: 1,
      requestedReport: 'final',
    };
    const { serviceRequest, patient, organization } = orderToResources(order);
    for (const resource of [organization, patient, serviceRequest])
      if (resource !== null) expect((await record.put(resource)).ok).toBe(true);
    const image = buildImage({
      study: '2.25.777',
      series: '2.25.777.1',
      instance: '2.25.777.1.1',
      patientId: m('PatId'),
      patientName: name,
      accession: m('Accn'),
      rows: 128,
      columns: 128,
      more: [
        ['00081030', 'LO', m('StudyDesc')],
        ['0008103E', 'LO', m('SeriesDesc')],
      ],
    });
    expect((await archive.store(image)).ok).toBe(true);
    await firstAccount(shell);

    const { page } = await persistent(profile);
    await signIn(page, shell, 'reader', 'demo-password');
    const grid = page.getByRole('grid', { name: 'Worklist' });
    const row = grid.getByRole('row', { name: new RegExp(m('Accn')) });
    // The order may be listed before its image is seen in the archive; an unread study that is this reader's next one says so instead.
    await expect(row).toContainText(/Unread|Next for you/, { timeout: 60_000 });
    await row.dblclick();
    await expect(page.getByRole('group', { name: 'Viewport 1' })).toHaveAttribute('data-painted', 'true', {
      timeout: 30_000,
    });
    const report = page.getByRole('region', { name: 'Report' });
    await report.getByRole('textbox', { name: 'Findings' }).fill(`${m('Findings')} is here.`);
    await report.getByRole('textbox', { name: 'Impression' }).fill(`1. ${m('Impression')}.`);
    await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
    // Everything of the study was on this screen: a search that finds nothing must not be one of a page that showed nothing.
    const shown = await page.evaluate(
      () =>
        `${document.body.textContent}\n${[...document.querySelectorAll('textarea')].map((field) => field.value).join('\n')}`,
    );
    for (const word of ['Family', 'Given', 'PatId', 'Accn', 'Procedure', 'SeriesDesc', 'Findings', 'Impression'])
      expect(shown.toLowerCase()).toContain(m(word).toLowerCase());
    await report.getByRole('button', { name: 'Sign final' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign report' });
    await dialog.getByRole('textbox', { name: 'Password' }).fill('demo-password');
    await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 30_000 });
    await page.keyboard.press('Alt+Home');
    await grid.waitFor();
    // The mirror writes behind the list.
    await page.waitForTimeout(2_000);
    expect(killBrowserOf(profile)).toBe(1);
    await shell.kill();
    const inProfile = search(profile, markers);
    expect(inProfile.hits).toEqual([]);
    expect(inProfile.files).toBeGreaterThan(20);
    const inData = search(shell.directory, markers);
    expect(inData.hits).toEqual([]);
    expect(inData.files).toBeGreaterThan(5);

    // The same search finds what is left there on purpose, in each of the browser's own stores.
    const planted = ['Planted1', 'Planted2', 'Planted3'].map(marker);
    const again = await persistent(profile);
    const other = await startShell({ args: ['--empty', '--key-file'] });
    try {
      await again.page.goto(other.url);
      await again.page.evaluate(async ([one = '', two = '', three = '']) => {
        localStorage.setItem('planted', one);
        await new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('left', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const writing = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
            writing.objectStore('rows').put({ name: two, bytes: new TextEncoder().encode(btoa(`ab${three}`)) }, 1);
            writing.oncomplete = () => resolve();
          };
        });
      }, planted);
      await expect
        .poll(() => planted.filter((word) => !search(profile, [word], true).hits.length), { timeout: 30_000 })
        .toEqual([]);
    } finally {
      await again.context.close();
      await other.stop();
    }
  } finally {
    killBrowserOf(profile);
    await archive.close();
    await shell.stop();
    await orthanc.stop();
    await router.close();
    await rm(shell.directory, { recursive: true, force: true });
    await rm(profile, { recursive: true, force: true });
  }
});
