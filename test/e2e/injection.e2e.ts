import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type ArchiveClient, createArchiveClient } from '../../electron/host/archive/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import { type AccessionNumber, displayName } from '../../shared/domain/study/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { buildImage } from '../builders/part10.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { filesBelow, hasSharedData, sharedData } from '../servers/shared-data.ts';
import { expectWords, firstAccount, launch, newPage, type Shell, signIn, startShell } from './overread.ts';
import { anyTexts, nameTexts, type Payload } from './payloads.ts';

/** Hostile text in every field that a stranger fills, under the production policy; and hostile objects beside good ones. */
const password = 'demo-password';
const cases = 16;

type Told = {
  readonly accession: string;
  readonly inList: readonly string[];
  readonly inCase: readonly string[];
  readonly inPrior: readonly string[];
};

let browser: Browser;
let shell: Shell;
let archive: ArchiveClient;
let canaryHits: string[];
let server = '';
const told: Told[] = [];
const closing: (() => Promise<void>)[] = [];
let used = 0;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(240_000);
  test.skip(orthancMissing !== null, orthancMissing ?? '');
  canaryHits = [];
  const canary = createServer((request, response) => {
    canaryHits.push(request.url ?? '');
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' })
      .end('canary(9999)');
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  server = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  closing.push(() => new Promise((resolve) => canary.close(() => resolve())));
  const router = await startFhirRouter();
  closing.push(() => router.close());
  const orthanc = await startOrthanc();
  closing.push(() => orthanc.stop());
  const ports = testPorts();
  const remote = (request: Request): Promise<Response> => fetch(request);
  const record = createRecordClient({
    name: 'router',
    baseUrl: router.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  archive = createArchiveClient({
    name: 'orthanc',
    baseUrl: orthanc.url,
    credentials: { kind: 'none' },
    fetch: remote,
    ports,
  });
  closing.push(() => archive.close());

  const texts = [...anyTexts(server)];
  const names = [...nameTexts(server)];
  const next = (from: Payload[]): string => {
    const one = from.shift();
    if (one === undefined) throw new Error('the corpus is too small');
    used += 1;
    return one.text;
  };
  for (let index = 1; index <= cases; index += 1) {
    const accession = `XSS-${String(index).padStart(4, '0')}`;
    const uid = `2.25.90${index}`;
    const patientName = `${next(names)}^${next(names)}`;
    const inOrder = {
      procedure: next(texts),
      reason: next(texts),
      bodyPart: next(texts),
      orderer: next(texts),
      site: next(texts),
      reasonCode: next(texts),
      phone: next(texts),
    };
    // A backslash parts the values of a DICOM text (PS3.5 6.2), so none of it can come through.
    const inDicom = (): string => next(texts).replaceAll('\\', '/');
    const inImages = { study: inDicom(), series: inDicom(), protocol: inDicom() };
    const inPrior = { narrative: next(texts), conclusion: next(texts) };
    const order: Order = {
      id: `order-${index}` as OrderId,
      status: 'active',
      patient: { id: `MRN-${index}`, issuer: 'STRANGER', name: patientName, birthDate: '19700102', sex: 'F' },
      patientReference: `patient-${index}`,
      accession: accession as AccessionNumber,
      placerNumber: `P-${index}`,
      procedure: { system: 'https://example.org/procedures', code: `PROC${index}`, display: inOrder.procedure },
      modality: 'CT',
      bodyPart: inOrder.bodyPart,
      laterality: null,
      reason: inOrder.reason,
      reasonCodes: [
        {
          system: 'http://hl7.org/fhir/sid/icd-10-cm',
          code: inOrder.reasonCode.slice(0, 80),
          display: inOrder.reasonCode,
        },
      ],
      priority: 'routine',
      site: { id: `site-${index}`, name: inOrder.site, state: 'WA', zone: 'America/Los_Angeles', phone: inOrder.phone },
      orderedBy: { name: inOrder.orderer, npi: null },
      authoredOn: instant(Date.now() - 3_600_000),
      expectedInstances: 1,
      requestedReport: 'final',
    };
    const evil = {
      status: 'generated' as const,
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${next(texts)}</div>`,
    };
    const { serviceRequest, patient, organization } = orderToResources(order);
    for (const resource of [organization, patient, serviceRequest]) {
      if (resource === null) continue;
      const written = await record.put({ ...resource, text: evil });
      if (!written.ok) throw new Error(written.error.message);
    }
    const written = await record.put({
      resourceType: 'DiagnosticReport',
      id: `prior-${index}`,
      status: 'final',
      code: { text: 'Imaging report' },
      text: {
        status: 'generated',
        div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>Before: ${inPrior.narrative.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p></div>`,
      },
      conclusion: inPrior.conclusion,
      issued: '2025-05-01T10:00:00Z',
      imagingStudy: [{ type: 'ImagingStudy', identifier: { system: 'urn:dicom:uid', value: `urn:oid:${uid}.9` } }],
    });
    if (!written.ok) throw new Error(written.error.message);
    const image = (study: string, date: string, withAccession: string): Uint8Array =>
      buildImage({
        study,
        series: `${study}.1`,
        instance: `${study}.1.1`,
        patientId: `MRN-${index}`,
        patientName,
        accession: withAccession,
        date,
        more: [
          ['00081030', 'LO', inImages.study],
          ['0008103E', 'LO', inImages.series],
          ['00181030', 'LO', inImages.protocol],
          ['00080080', 'LO', inOrder.site],
          ['00080090', 'PN', patientName],
          ['00180015', 'CS', 'CHEST'],
        ],
      });
    for (const bytes of [image(uid, '20260301', accession), image(`${uid}.9`, '20250430', `OLD-${index}`)]) {
      const stored = await archive.store(bytes);
      if (!stored.ok) throw new Error(stored.error.message);
    }
    told.push({
      accession,
      inList: [
        displayName(patientName),
        inOrder.procedure,
        inOrder.reason,
        inOrder.orderer,
        inOrder.site,
        inOrder.phone,
      ],
      // The words of a prior come to the page with its case; where they are shown is the report panel's choice.
      inCase: [displayName(patientName), inImages.series],
      inPrior: [inPrior.narrative, inPrior.conclusion],
    });
  }
  shell = await startShell({ args: ['--archive', orthanc.url, '--record', router.url, '--empty', '--key-file'] });
  closing.push(() => shell.stop());
  await firstAccount(shell);
  browser = await launch();
  closing.push(() => browser.close());
});
test.afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

type Watched = {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly foreign: string[];
  executions(): Promise<readonly string[]>;
};

/** A page in which every way out is watched: a call of `canary`, a dialog, a policy violation, a request to anybody but our host. */
async function watched(): Promise<Watched> {
  const { context, page, complaints } = await newPage(browser, { width: 1600, height: 1000 });
  const foreign: string[] = [];
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== shell.url && protocol !== 'blob:' && protocol !== 'data:') foreign.push(request.url());
  });
  const calls: string[] = [];
  await context.exposeFunction('noteCanary', (what: string) => void calls.push(what));
  await context.addInitScript(() => {
    const note = (what: unknown): void =>
      (window as unknown as { noteCanary(text: string): void }).noteCanary(String(what));
    Object.assign(window, { canary: note });
    document.addEventListener('securitypolicyviolation', (event) =>
      note(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await signIn(page, shell, 'reader', password);
  // The recorder must be able to fail: this is what an execution looks like to it.
  await page.evaluate(() => (window as unknown as { canary(what: string): void }).canary('probe'));
  await expect.poll(() => calls).toEqual(['probe']);
  calls.length = 0;
  return { page, complaints: complaints.all, foreign, executions: async () => [...calls] };
}

/** Blanks and capitals are the page's own: the first letter of an exam is written large. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();

/** Texts as they stand in the page, attributes of fields included: what a person could read. */
async function pageTexts(page: Page): Promise<string> {
  return plain(
    await page.evaluate(() => {
      const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].map(
        (field) => field.value,
      );
      const titles = [...document.querySelectorAll('[title], [aria-label]')].map(
        (element) => `${element.getAttribute('title') ?? ''}\n${element.getAttribute('aria-label') ?? ''}`,
      );
      return [document.body.textContent, ...fields, ...titles].join('\n');
    }),
  );
}

async function nothingHappened(at: Watched, where: string): Promise<void> {
  expect(await at.executions(), where).toEqual([]);
  expect(at.foreign, where).toEqual([]);
  expect(at.complaints, where).toEqual([]);
  expect(canaryHits, where).toEqual([]);
  // Nothing of the corpus has become an element either.
  expect(
    await at.page
      .locator(
        'iframe, object, embed, base, meta[http-equiv=refresh], [onerror], [onload], [onfocus], a[href^="javascript"]',
      )
      .count(),
    where,
  ).toBe(0);
}

test('over 200 hostile texts in orders, patients, sites, images, prior and own reports are shown as they are and never obeyed', async () => {
  test.setTimeout(240_000);
  const at = await watched();
  const { page } = at;
  const grid = page.getByRole('grid', { name: 'Worklist' });
  await expect(grid.getByRole('row', { name: /^XSS-/ })).toHaveCount(cases, { timeout: 60_000 });
  const missing: string[] = [];
  const has = (texts: string, wanted: string, where: string): void => {
    if (!texts.includes(plain(wanted).trim())) missing.push(`${where}: ${wanted}`);
  };
  for (const { accession, inList, inCase } of told) {
    const row = grid.getByRole('row', { name: new RegExp(`^${accession} `) });
    await row.click();
    await expect(row).toHaveAttribute('aria-selected', 'true');
    const list = await pageTexts(page);
    for (const wanted of inList) has(list, wanted, `${accession}, list`);
    await page.keyboard.press('l');
    await expect(page.getByRole('group', { name: 'Viewport 1' })).toHaveAttribute('data-painted', 'true', {
      timeout: 30_000,
    });
    await expect(page.getByRole('list', { name: 'Series' }).getByRole('button')).toHaveCount(2);
    const opened = await pageTexts(page);
    for (const wanted of inCase) has(opened, wanted, `${accession}, case`);
    await nothingHappened(at, accession);
    await page.keyboard.press('Escape');
    await grid.waitFor();
  }
  expect(missing).toEqual([]);

  // The reader's own words, typed, saved, brought back and signed, are texts of a stranger to the page that shows them.
  const own = anyTexts(server, 270).slice(216);
  used += own.length;
  await grid.getByRole('row', { name: /^XSS-0001 / }).dblclick();
  const report = page.getByRole('region', { name: 'Report' });
  const words = own.map((one) => one.text);
  await report.getByRole('textbox', { name: 'Findings' }).fill(words.slice(0, 40).join('\n'));
  await report.getByRole('textbox', { name: 'Impression' }).fill(words.slice(40).join('\n'));
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  await page.reload();
  await expectWords(report.getByRole('textbox', { name: 'Findings' }), words.slice(0, 40).join('\n'));
  await report.getByRole('button', { name: 'Sign final' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign report' });
  await nothingHappened(at, 'sign dialog');
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 30_000 });
  const signed = await pageTexts(page);
  for (const wanted of words) has(signed, wanted, 'signed report');
  await nothingHappened(at, 'signed report');
  expect(missing).toEqual([]);
  expect(used).toBeGreaterThanOrEqual(200);
  console.log(`payloads: ${used}`);
  await page.context().close();
});

test('the page is served under the policy that this all stands on', async () => {
  const policy = (await fetch(shell.url)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).toContain("worker-src 'self'");
  expect(policy).not.toMatch(/unsafe-inline[^;]*;|script-src[^;]*(?:blob:|unsafe-eval'(?<!wasm-unsafe-eval'))/);
});

test('bad objects beside good ones: refused with a reason, and the list and the other studies unharmed', async () => {
  test.skip(!hasSharedData, 'the shared malformed objects are not on this machine');
  test.setTimeout(240_000);
  const at = await watched();
  const { page } = at;
  const folder = join(sharedData, 'malformed');
  const refused: string[] = [];
  for (const file of filesBelow(folder)) {
    // Orthanc 1.10 ends on this one (a known fault of it); our own archive is given it in its own tests.
    if (file.includes('Deeply-Nested-Sequence')) continue;
    const stored = await archive.store(new Uint8Array(await readFile(file)));
    if (!stored.ok) {
      expect(stored.error.message.length, relative(folder, file)).toBeGreaterThan(10);
      refused.push(relative(folder, file));
    }
  }
  expect(refused.length).toBeGreaterThan(0);
  const grid = page.getByRole('grid', { name: 'Worklist' });
  const studies = await archive.searchStudies({});
  expect(studies.ok ? '' : studies.error.message).toBe('');
  const bad = studies.ok ? studies.value.filter((study) => !study.studyUid.startsWith('2.25.90')) : [];
  expect(bad.length).toBeGreaterThan(5);
  // Their exams are years old and nobody ordered them, so they are no work for the list; two rounds of the host have met them by now.
  await page.waitForTimeout(12_000);
  await expect(grid.getByRole('row', { name: /^XSS-/ })).toHaveCount(cases);
  await expect(page.getByRole('banner')).toContainText('Live');
  await nothingHappened(at, 'bad objects');
  // A good study opens as before.
  await grid.getByRole('row', { name: /^XSS-0002 / }).click();
  await page.keyboard.press('l');
  await expect(page.getByRole('group', { name: 'Viewport 1' })).toHaveAttribute('data-painted', 'true', {
    timeout: 30_000,
  });
  await page.context().close();
});
