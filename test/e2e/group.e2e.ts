import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, chromium, expect, type Locator, type Page, test } from '@playwright/test';
import type { Order } from '../../shared/domain/order/index.ts';
import { credentials, type GroupRig, noOpenssl, startGroupRig } from '../faults/group-rig.ts';
import { searchBytes, searchFolder } from '../faults/marker-search.ts';
import { delivered, outside } from '../faults/outside.ts';
import { type OtherSite, startOtherSite } from '../faults/site.ts';
import { testPassword } from '../host/people.ts';
import { controlIdOf } from '../servers/hl7-receiver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { openDeliveryBySite, writeFaxGateway } from './delivery-by-site.ts';
import { browserOptions, type Complaints, expectWords, listenForComplaints, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
let site: OtherSite;
let rig: GroupRig;
let profile: string;
let context: BrowserContext;
let page: Page;
let complaints: Complaints;
/** Every byte that the desktop answered to the page: calls, images, and what came over the stream of events. */
const answers: Buffer[] = [];
const reading: Promise<unknown>[] = [];

test.describe.configure({ mode: 'serial' });
test.skip(orthancMissing !== null || noOpenssl, 'Orthanc or OpenSSL is not on this machine');

/** The stream of events never ends, so the page itself keeps a copy of what comes over it. */
const copyEvents = (): void => {
  const real = window.fetch.bind(window);
  const kept: string[] = [];
  Object.assign(window, { eventsKept: kept });
  window.fetch = async (...asked) => {
    const answer = await real(...asked);
    const [address] = asked;
    const url = typeof address === 'string' ? address : address instanceof Request ? address.url : String(address);
    if (!url.includes('/events') || answer.body === null) return answer;
    const [mine, theirs] = answer.body.tee();
    void (async () => {
      const reader = mine.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        kept.push(value);
      }
    })().catch(() => undefined);
    return new Response(theirs, { status: answer.status, headers: answer.headers });
  };
};

test.beforeAll(async () => {
  test.setTimeout(300_000);
  mkdirSync(screens, { recursive: true });
  site = await startOtherSite(2);
  rig = await startGroupRig(site);
  profile = await mkdtemp(join(tmpdir(), 'overread-group-profile-'));
  context = await chromium.launchPersistentContext(profile, {
    ...browserOptions,
    viewport: { width: 1280, height: 800 },
  });
  await context.addInitScript(copyEvents);
  // A whole series is read as it comes, by a worker: the browser does not always keep it for whoever asks afterwards.
  await context.route(/\/dicomweb\/.*\/series\/[0-9.]+$/, async (route) => {
    try {
      const answer = await route.fetch();
      const body = await answer.body();
      answers.push(body);
      await route.fulfill({ response: answer, body });
    } catch {
      // Given up by the page, or its line is cut.
      await route.abort().catch(() => undefined);
    }
  });
  page = context.pages()[0] ?? (await context.newPage());
  complaints = listenForComplaints(page);
  page.on('response', (answer) => {
    // The built page is the same for everybody; the stream of events copies itself.
    if (!/^\/(api|dicomweb)\//.test(new URL(answer.url()).pathname)) return;
    answers.push(Buffer.from(JSON.stringify(answer.headers())));
    reading.push(
      answer.body().then(
        (bytes) => answers.push(bytes),
        // Given up by the page, or redirected: it has no body.
        () => undefined,
      ),
    );
  });
});
test.afterAll(async () => {
  await context?.close().catch(() => undefined);
  await rig?.stop();
  await site?.stop();
  if (profile !== undefined) await rm(profile, { recursive: true, force: true });
});

const order = (at: number): Order => {
  const found = site.orders[at];
  if (found === undefined) throw new Error('the site has too few orders');
  return found;
};
const patient = (): Locator => page.getByRole('region', { name: 'Patient' });
const report = (): Locator => page.getByRole('region', { name: 'Report' });
const status = (): Locator => page.getByRole('status', { name: 'Report status' });
const rowOf = (of: Order): Locator =>
  page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: of.accession ?? 'none' });

async function serious(): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Both sizes, and nothing that a screen reader or a keyboard would stumble over. */
async function look(name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `${name}-1280.png`) });
  expect(await serious()).toEqual([]);
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, `${name}-2560.png`) });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Opens a study by the keyboard and answers its names. */
async function open(of: Order): Promise<{ taskId: string; studyUid: string; accession: string }> {
  const accession = of.accession ?? '';
  await expect(rowOf(of)).toBeVisible({ timeout: 90_000 });
  const opening = page.waitForResponse((answer) => /\/api\/cases\/[^/]+\/open$/.test(new URL(answer.url()).pathname));
  await page.keyboard.press('/');
  const filter = page.getByRole('searchbox', { name: 'Filter the list' });
  await filter.fill(accession);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const { context: names } = (await (await opening).json()) as { context: { taskId: string; studyUid: string } };
  await expect(patient()).toContainText(accession);
  return { taskId: names.taskId, studyUid: names.studyUid, accession };
}

async function write(findings: string, impression: string): Promise<void> {
  await report().getByRole('textbox', { name: 'Findings' }).fill(findings);
  await report().getByRole('textbox', { name: 'Impression' }).fill(impression);
  await expect(status()).toContainText('Saved', { timeout: 30_000 });
}

async function signFinal(): Promise<void> {
  await page.keyboard.press('F12');
  const dialog = page.getByRole('dialog', { name: 'Sign report' });
  await expect(dialog).toBeVisible();
  // Asked once for a while, whether or not the group answers.
  const password = dialog.getByRole('textbox', { name: 'Password' });
  if (await password.isVisible()) await password.fill(testPassword);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(dialog).toBeHidden({ timeout: 60_000 });
}

/** Outside of every host of ours there is each exactly once: a final, a signature, an SR, a message. */
async function exactlyOnce(study: { taskId: string; studyUid: string; accession: string }): Promise<void> {
  const found = await delivered(site, study);
  expect(found.released).toMatchObject({ version: 1, kind: 'final' });
  expect([found.reports, found.signatures, found.srs.length]).toEqual([1, 1, 1]);
  expect(new Set(found.messages.map(controlIdOf)).size).toBe(1);
  // A repeated message is the same to the byte.
  expect(new Set(found.messages).size).toBe(1);
}

test('a reader signs in at her desktop with the group’s account; the host behind it is killed while she reads, and she signs over the other', async () => {
  test.setTimeout(300_000);
  await page.goto(`${rig.desk.address}/`);
  await expect(page.getByText(/Group host: https:\/\/127\.0\.0\.1:/)).toBeVisible();
  await signIn(page, { url: rig.desk.address }, 'ann', testPassword);
  const study = await open(order(0));
  await expect(patient()).toContainText(/Yours until \d\d:\d\d [A-Z]/);
  await write('Findings that two hosts know.', 'Nothing lost.');

  await rig.north.kill();
  // Words go on, and what is asked goes to the other host: no sign-in, no second claim.
  await report().getByRole('textbox', { name: 'Findings' }).fill('Findings that the second host releases.');
  await expect(status()).toContainText('Saved', { timeout: 30_000 });
  await expect(page.getByText(/Your claim lapsed/)).toHaveCount(0);
  await signFinal();
  await expect(status()).toContainText('Final', { timeout: 90_000 });
  await exactlyOnce(study);
  await expect(page.getByRole('button', { name: 'Sign in' })).toHaveCount(0);
  await page.keyboard.press('Alt+Home');
  await expect(rowOf(order(0))).toContainText('Final', { timeout: 60_000 });
});

test('her line is cut: list and claim say when they were last confirmed, a signature is signed, not released, and is released once when the line is back', async () => {
  test.setTimeout(400_000);
  const study = await open(order(1));
  await expect(patient()).toContainText(/Yours until/);
  await write('Findings of a reader without a line.', 'Released later.');
  // The desktop asks by itself which instances a signature would cover.
  await page.waitForTimeout(2_000);

  for (const line of rig.lines) line.cut();
  await expect(page.getByText('No group host answers').first()).toBeVisible({ timeout: 60_000 });
  await expect(patient()).toContainText(/last confirmed \d\d:\d\d [A-Z]/);
  await look('group-cut-reading');
  await page.keyboard.press('Alt+Home');
  await expect(page.getByRole('status', { name: 'State of the list' })).toHaveText(/Last confirmed \d\d:\d\d [A-Z]/);
  await expect(rowOf(order(1))).toBeVisible();
  await look('group-cut-list');

  // The case comes back as the group last told it, with her words; they go on being kept here.
  await rowOf(order(1)).dblclick();
  await expect(patient()).toContainText(study.accession);
  const findings = report().getByRole('textbox', { name: 'Findings' });
  await expectWords(findings, 'Findings of a reader without a line.');
  await findings.fill('Findings of a reader without a line. And more.');
  await expect(status()).toContainText('Saved', { timeout: 30_000 });
  await signFinal();
  await expect(report()).toContainText('Signed, not released');
  await expect(report()).toContainText('Not released: phone what cannot wait.');
  const phone = order(1).site?.phone ?? null;
  expect(phone).not.toBeNull();
  await expect(report()).toContainText(phone ?? 'no number');
  await expect(status()).not.toContainText('Final');
  await expect(page.getByText('1 report waits')).toBeVisible({ timeout: 45_000 });
  await look('group-signed-not-released');
  const before = await outside(site, study);
  expect([before.released, before.messages.length, before.srs.length]).toEqual([null, 0, 0]);
  // A reload loses nothing: the desktop's own host has the signature.
  await page.reload();
  await expect(report()).toContainText('Not released: phone what cannot wait.', { timeout: 60_000 });

  for (const line of rig.lines) line.mend();
  await expect(status()).toContainText('Final', { timeout: 120_000 });
  await expect(page.getByText('No group host answers')).toHaveCount(0, { timeout: 60_000 });
  await expect(page.getByText(/last confirmed/i)).toHaveCount(0, { timeout: 60_000 });
  await exactlyOnce(study);
  await expect(report()).toContainText('Findings of a reader without a line. And more.');
  expect(complaints.all).toEqual([]);
});

test('a lead sets and removes a site’s channel for the whole group, and it is told who did', async () => {
  test.setTimeout(120_000);
  const lead = await context.newPage();
  await lead.setViewportSize({ width: 1280, height: 800 });
  await signIn(lead, { url: rig.desk.address }, 'lea', testPassword);
  const dialog = await openDeliveryBySite(lead);
  await expect(dialog).toContainText('and holds on every host of the group.');
  const { fax, form } = await writeFaxGateway(dialog, 'hush-hush');
  await form.getByRole('button', { name: 'Keep' }).press('Enter');
  await expect(fax).toContainText(/Set by Dr lea, \d{4}-\d\d-\d\d \d\d:\d\d/);
  const { violations } = await new AxeBuilder({ page: lead }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await lead.screenshot({ path: join(screens, 'group-channels-1280.png') });
  await fax.getByRole('button', { name: 'Remove Fax' }).press('Enter');
  await fax.getByRole('alert').getByRole('button', { name: 'Remove Fax' }).press('Enter');
  await expect(fax).toContainText(/Removed by Dr lea, /);
  await lead.setViewportSize({ width: 2560, height: 1440 });
  await lead.screenshot({ path: join(screens, 'group-channels-2560.png') });
  await lead.close();
});

test('no credential of record or archive and no key of the group is in the desktop’s files, in the browser’s or in an answer', async () => {
  test.setTimeout(240_000);
  const kept = await page.evaluate(() => (window as unknown as { eventsKept: string[] }).eventsKept.join(''));
  expect(kept).toContain('"type"');
  answers.push(Buffer.from(kept));
  // What was given up in the middle never ends.
  await Promise.race([Promise.all(reading), page.waitForTimeout(20_000)]);
  await context.close();
  const folder = dirname(rig.deskFolder);
  const groupKey = (await readFile(join(folder, 'group.key'), 'utf8')).trim();
  const tlsKey = (await readFile(join(folder, 'key.pem'), 'utf8')).split('\n')[1] ?? '';
  expect(tlsKey.length).toBeGreaterThan(30);
  const basic = credentials.map((password) => Buffer.from(`overread:${password}`).toString('base64'));
  const secrets = [...credentials, ...basic, groupKey, tlsKey];
  const behind = [new URL(site.recordUrl).host, new URL(rig.archiveProxy.url).host, new URL(site.archiveUrl).host];

  const searched = await searchFolder(rig.deskFolder, [...secrets, ...behind]);
  expect(searched.hits).toEqual([]);
  expect(searched.files).toBeGreaterThan(3);
  for (const place of ['IndexedDB', 'Local Storage', 'Session Storage']) {
    const inBrowser = await searchFolder(join(profile, 'Default', place), [...secrets, ...behind]);
    expect(inBrowser.hits).toEqual([]);
  }
  expect(answers.length).toBeGreaterThan(60);
  expect(answers.some((bytes) => bytes.includes('DICM'))).toBe(true);
  // The search finds what is there: her own words came back in an answer.
  const told = answers.flatMap((bytes) => searchBytes('answer', bytes, ['Findings of a reader without a line']));
  expect(told.length).toBeGreaterThan(0);
  const leaked = answers.flatMap((bytes) => searchBytes('answer', bytes, secrets));
  expect(leaked).toEqual([]);
  for (const secret of secrets) expect(rig.desk.printed()).not.toContain(secret);
});
