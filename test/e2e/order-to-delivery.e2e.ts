import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { ArchiveClient } from '../../electron/host/archive/index.ts';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import type { RecordClient } from '../../electron/host/record/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { AccessionNumber, Study } from '../../shared/domain/study/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { readablePdf } from '../golden/readable.ts';
import { type FhirRouterServer, startFhirRouter } from '../servers/fhir-router/server.ts';
import { type Hl7Receiver, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { type OrthancServer, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { hasSharedData, part10FilesOf, sharedData } from '../servers/shared-data.ts';
import { expectWords, launch, newPage, type Shell, startShell, wordsIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const password = 'long enough 1';
const enhancedSrClass = '1.2.840.10008.5.1.4.1.1.88.22';
const comprehensiveSrClass = '1.2.840.10008.5.1.4.1.1.88.33';
const findings = 'Spiculated nodule in the right upper lobe. Größe 14 mm — kein Erguss.';
const impression = 'Suspicious nodule, right upper lobe.';

/** Real chest CT where it is to be had, else a generated one. */
async function storeStudy(archive: ArchiveClient): Promise<Study> {
  if (hasSharedData) {
    for await (const bytes of part10FilesOf(join(sharedData, 'dicom', 'studies', 'ct-chest-lungdx-A0001'))) {
      const stored = await archive.store(bytes);
      if (!stored.ok) throw new Error(stored.error.message);
    }
  } else {
    const day = generateDemoDay({ now: instant(Date.now()), seed: 3 });
    const ct = day.studies.find((one) => one.modality === 'CT' && one.role === 'current');
    if (ct === undefined) throw new Error('the demo day has no CT');
    for await (const bytes of demoInstances(ct)) await archive.store(bytes);
  }
  const found = await archive.searchStudies({});
  if (!found.ok || found.value[0] === undefined) throw new Error('nothing was stored');
  return found.value[0];
}

test.describe('one study, from order to delivered report, against Orthanc and a third-party FHIR router', () => {
  let router: FhirRouterServer;
  let orthanc: OrthancServer;
  let receiver: Hl7Receiver;
  let record: RecordClient;
  let archive: ArchiveClient;
  let shell: Shell;
  let browser: Browser;
  let study: Study;
  const accession = 'ACC-2026-0001';

  test.beforeAll(async () => {
    test.setTimeout(240_000);
    router = await startFhirRouter();
    orthanc = await startOrthanc();
    receiver = await startHl7Receiver();
    const ports = testPorts();
    const remote = (request: Request): Promise<Response> => fetch(request);
    record = createRecordClient({
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
    study = await storeStudy(archive);
    const order: Order = {
      id: 'order-1' as OrderId,
      status: 'active',
      patient: { ...study.patient, birthDate: null },
      patientReference: 'patient-1',
      accession: (study.accession ?? accession) as AccessionNumber,
      placerNumber: 'PL-77',
      procedure: { system: 'urn:local', code: 'CTCHEST', display: 'CT chest with contrast' },
      modality: 'CT',
      bodyPart: 'CHEST',
      laterality: null,
      reason: 'Cough for six weeks, weight loss. Nodule?',
      reasonCodes: [],
      priority: 'stat',
      site: {
        id: 'larkspur',
        name: 'Larkspur General',
        state: 'WA',
        zone: 'America/Los_Angeles',
        phone: '+1-206-555-0100',
      },
      orderedBy: { name: 'Dr Y. Brackenridge', npi: null },
      authoredOn: instant(Date.now() - 600_000),
      expectedInstances: study.instanceCount,
      requestedReport: 'final',
    };
    const { organization, patient, serviceRequest } = orderToResources(
      study.accession === null ? { ...order, accession: null } : order,
    );
    for (const resource of [organization, patient, serviceRequest]) {
      const written = resource === null ? null : await record.put(resource);
      if (written?.ok === false) throw new Error(written.error.message);
    }
    shell = await startShell({
      args: ['--empty', '--key-file', '--archive', orthanc.url, '--record', router.url],
      env: {
        OVERREAD_HL7: JSON.stringify([
          {
            siteId: 'larkspur',
            host: '127.0.0.1',
            port: receiver.port,
            receivingApplication: 'RIS',
            receivingFacility: 'LARKSPUR',
          },
        ]),
      },
    });
    browser = await launch();
  });

  test.afterAll(async () => {
    await browser?.close();
    await shell?.stop();
    await archive?.close();
    await receiver?.stop();
    await orthanc?.stop();
    await router?.close();
  });

  const painted = (page: Page) =>
    page.getByRole('region', { name: 'Images' }).getByRole('group', { name: 'Viewport 1' });

  test('a reader makes the first account, reads, measures, dictates by hand, signs, and everybody has it', async () => {
    test.setTimeout(300_000);
    const { page, complaints } = await newPage(browser, { width: 1600, height: 1000 });
    await page.goto(`${shell.url}/`);
    await page.getByRole('textbox', { name: 'User name' }).fill('tandewright');
    await page.getByRole('textbox', { name: /^(Full name|Your name|Name)/ }).fill('Dr M. Tandewright');
    for (const box of await page.getByRole('textbox', { name: /password/i }).all()) await box.fill(password);
    await page.getByRole('button', { name: /first account|make|create/i }).click();
    const signInButton = page.getByRole('button', { name: 'Sign in' });
    const acknowledge = page.getByRole('button', { name: 'I understand' });
    await expect(signInButton.or(acknowledge).first()).toBeVisible();
    if (await signInButton.isVisible()) {
      await page.getByRole('textbox', { name: 'User name' }).fill('tandewright');
      await page.getByRole('textbox', { name: 'Password' }).fill(password);
      await signInButton.click();
    }
    await expect(acknowledge).toBeVisible();
    await acknowledge.click();

    const grid = page.getByRole('grid', { name: 'Worklist' });
    await expect(grid).toBeVisible();
    const row = grid.getByRole('row').filter({ hasText: /chest with contrast/i });
    await expect(row).toBeVisible({ timeout: 60_000 });
    // An order opened before its images says so, and shows them when it is opened anew: here they are waited for.
    await expect(row).not.toContainText('No images yet', { timeout: 60_000 });
    await row.dblclick();

    const viewport = painted(page);
    await expect(viewport).toHaveAttribute('data-painted', 'true', { timeout: 90_000 });
    await expect(viewport).toHaveAttribute('data-study-uid', study.studyUid);
    const first = await viewport.getAttribute('data-slice');
    await viewport.hover();
    await page.mouse.wheel(0, 200);
    await expect(viewport).not.toHaveAttribute('data-slice', first ?? '');
    await expect(viewport).toHaveAttribute('data-painted', 'true', { timeout: 30_000 });

    // A measurement by hand, into Findings with one key.
    await page.keyboard.press('d');
    const box = await viewport.boundingBox();
    if (box === null) throw new Error('the viewport has no place');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5, { steps: 8 });
    await page.mouse.up();
    const report = page.getByRole('region', { name: 'Report' });
    const findingsBox = report.getByRole('textbox', { name: 'Findings' });
    await findingsBox.fill(findings);
    await viewport.hover();
    await page.keyboard.press('Escape');
    await viewport.click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('m');
    // Her own 14 mm stand there already.
    await expect.poll(async () => (await wordsIn(findingsBox)).match(/\d mm/g)?.length).toBe(2);
    // The image that was measured is a key image, with the window that it has now.
    await viewport.click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('3');
    await expect(viewport.getByText('KEY IMAGE')).toBeVisible();
    await report.getByRole('textbox', { name: 'Impression' }).fill(impression);
    const status = page.getByRole('status', { name: 'Report status' });
    await expect(status).toContainText('Saved', { timeout: 15_000 });

    // A reload brings back every acknowledged word.
    await page.reload();
    await expectWords(report.getByRole('textbox', { name: 'Impression' }), impression, { timeout: 60_000 });
    await expectWords(report.getByRole('textbox', { name: 'Findings' }), /Spiculated nodule/);
    await expect(viewport).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
    mkdirSync(screens, { recursive: true });
    await page.screenshot({ path: join(screens, 'reading-1600.png') });

    const sign = async (button: string, withPassword: boolean): Promise<void> => {
      await report.getByRole('button', { name: button }).click();
      const dialog = page.getByRole('dialog', { name: 'Sign report' });
      await expect(dialog).toBeVisible();
      await expect(dialog).toContainText(/chest with contrast/i);
      if (withPassword) await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
      await page.screenshot({ path: join(screens, `sign-${button.replaceAll(' ', '-').toLowerCase()}.png`) });
      await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
      await expect(dialog).toBeHidden({ timeout: 30_000 });
    };
    await sign('Sign preliminary', true);
    await expect(status).toContainText('Preliminary', { timeout: 30_000 });
    await sign('Sign final', false);
    await expect(status).toContainText('Final', { timeout: 30_000 });

    const delivery = page.getByRole('list', { name: 'Delivery' });
    await expect(delivery.getByRole('listitem').filter({ hasText: /filed/i })).toHaveCount(4, { timeout: 60_000 });
    await expect(delivery.getByRole('listitem').filter({ hasText: /accepted/i })).toHaveCount(2);
    const timeline = page.getByRole('list', { name: 'Timeline' });
    await expect(timeline).toContainText(/P[SD]T/);
    expect(await timeline.getByRole('listitem').count()).toBeGreaterThan(12);
    await page.screenshot({ path: join(screens, 'final-1600.png') });
    if (process.env.UPDATE_SCREENS === '1') {
      mkdirSync(join(import.meta.dirname, '..', '..', 'docs', 'screens'), { recursive: true });
    }
    expect(complaints.all).toEqual([]);
  });

  test('the result is read with other people’s tools', async () => {
    const reports = await fetch(`${router.url}/DiagnosticReport?based-on=ServiceRequest/order-1`).then(
      (answer) => answer.json() as Promise<{ entry?: { resource: DiagnosticReport }[] }>,
    );
    expect(reports.entry?.map((one) => [one.resource.status, one.resource.conclusion])).toEqual([
      ['final', impression],
    ]);
    // The PDF shows the key image as she saw it, and says which it is.
    const [form] = (reports.entry?.[0]?.resource.presentedForm ?? []).filter(
      (one) => one.contentType === 'application/pdf',
    );
    const pdf = Buffer.from(form?.data ?? '', 'base64');
    mkdirSync(screens, { recursive: true });
    writeFileSync(join(screens, 'key-images.pdf'), pdf);
    const [, , sheet = ''] = (await readablePdf(pdf)).split('--- page');
    expect(sheet).toMatch(/1\. Series \d+.* · image \d+ · window C -?\d+ W \d+/);
    expect(sheet).not.toContain('This image is not shown.');
    expect(pdf.includes('/DCTDecode')).toBe(true);

    const instances = await archive.instances(study.studyUid);
    const documents = instances.ok ? instances.value.filter((one) => one.modality === 'SR') : [];
    const ofReport = documents.filter((one) => one.sopClassUid === enhancedSrClass);
    expect(ofReport.length).toBe(2);
    // What was measured is a document of its own (TID 1500), and no part of what was signed.
    expect(documents.filter((one) => one.sopClassUid === comprehensiveSrClass).length).toBe(1);
    expect(documents.length).toBe(3);
    for (const [index, document] of ofReport.entries()) {
      const id = await fetch(`${orthanc.restUrl}/tools/lookup`, { method: 'POST', body: document.instanceUid }).then(
        (answer) => answer.json() as Promise<{ ID: string }[]>,
      );
      const stored = await fetch(`${orthanc.restUrl}/instances/${id[0]?.ID}/file`);
      const bytes = new Uint8Array(await stored.arrayBuffer());
      const file = join(test.info().outputPath(), `sr-${index}.dcm`);
      mkdirSync(test.info().outputPath(), { recursive: true });
      writeFileSync(file, bytes);
      if (existsSync('/usr/bin/dsrdump')) {
        const tree = execFileSync('dsrdump', ['-Ec', '+Pl', '+U8', file], { encoding: 'utf8' });
        expect(tree).toContain('Spiculated nodule in the right upper lobe.');
        expect(tree).toContain('Größe 14 mm');
        expect(tree).toContain(impression);
      }
      if (existsSync('/usr/bin/dciodvfy')) {
        const verdict = execFileSync('sh', ['-c', `dciodvfy "${file}" 2>&1 || true`], { encoding: 'utf8' });
        expect(verdict.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
      }
    }

    expect(receiver.messages.length).toBe(2);
    const texts = receiver.messages.map((message) =>
      message
        .split('\r')
        .filter((segment) => segment.startsWith('OBX') && segment.includes('59776-5'))
        .map((segment) => segment.split('|')[5]),
    );
    expect(texts[1]?.join(' ')).toContain('Größe 14 mm — kein Erguss.');
    expect(receiver.messages.map((message) => /\rOBR\|(?:[^|\r]*\|){24}([A-Z])/.exec(message)?.[1])).toEqual([
      'P',
      'F',
    ]);
  });
});
