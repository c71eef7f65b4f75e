import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { type Hl7Receiver, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { startSshd } from '../servers/sshd.ts';
import { openDeliveryBySite, writeFaxGateway } from './delivery-by-site.ts';
import { type DayShell, startDay } from './demo-day.ts';
import { newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');

test.describe('where a site’s reports go', () => {
  let shell: DayShell;
  let receiver: Hl7Receiver;
  test.beforeAll(async () => {
    test.setTimeout(600_000);
    shell = await startDay();
    receiver = await startHl7Receiver();
  });
  test.afterAll(async () => {
    await receiver?.stop();
    await shell?.stop();
  });

  test('a lead sets up HL7 for a site by keyboard, is told what is wrong, tests it and takes it away', async ({
    browser,
  }) => {
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell, 'lead');
    const dialog = await openDeliveryBySite(page);
    await dialog.getByRole('button', { name: /^Larkspur/ }).press('Enter');
    const hl7 = dialog.getByRole('region', { name: 'HL7 results' });
    await expect(hl7).toContainText('not set');
    await page.screenshot({ path: join(screens, 'site-channels-1280.png') });
    await hl7.getByRole('button', { name: 'Set up HL7 results' }).press('Enter');
    const form = dialog.getByRole('form', { name: 'HL7 results' });
    await expect(form.getByRole('textbox', { name: 'Host' })).toBeFocused();
    await page.keyboard.type('127.0.0.1');
    await page.keyboard.press('Enter');
    await expect(form.getByRole('alert')).toHaveText('Not kept: correct what is marked.');
    await expect(form.getByRole('textbox', { name: 'Port' })).toHaveAccessibleDescription(
      'Give a whole number from 1 to 65535.',
    );
    await page.screenshot({ path: join(screens, 'site-channels-faults-1280.png') });
    await form.getByRole('textbox', { name: 'Port' }).fill(String(receiver.port));
    await form.getByRole('textbox', { name: 'Receiving application' }).fill('RIS');
    await form.getByRole('textbox', { name: 'Receiving facility' }).fill('LARKSPUR');
    // Esc does not throw away what was typed.
    await page.keyboard.press('Escape');
    await expect(dialog.getByRole('alert')).toContainText('What you typed is not kept.');
    await form.getByRole('button', { name: 'Test this channel' }).press('Enter');
    await expect(form.getByRole('status')).toContainText(`127.0.0.1:${receiver.port} takes the connection.`);
    expect(receiver.messages).toEqual([]);
    await form.getByRole('textbox', { name: 'Receiving facility' }).press('Enter');
    await expect(hl7).toContainText('RIS');
    await expect(hl7.getByRole('button', { name: 'Change HL7 results' })).toBeVisible();
    await page.screenshot({ path: join(screens, 'site-channels-set-1280.png') });
    await hl7.getByRole('button', { name: 'Remove HL7 results' }).press('Enter');
    await hl7.getByRole('alert').getByRole('button', { name: 'Remove HL7 results' }).press('Enter');
    await expect(hl7).toContainText('not set');
    expect(complaints.all).toEqual([]);
    await page.context().close();
  });

  test('what a site’s HL7 answers mean, and how a report is taken back there, is agreed in words', async ({
    browser,
  }) => {
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell, 'lead');
    const dialog = await openDeliveryBySite(page);
    await dialog.getByRole('button', { name: /^Larkspur/ }).press('Enter');
    const agreed = dialog.getByRole('region', { name: 'Agreed with the site' });
    await expect(agreed).toContainText('AA: accepted by the hop that answered');
    await agreed.getByRole('button', { name: 'Change Agreed with the site' }).press('Enter');
    const form = dialog.getByRole('form', { name: 'Agreed with the site' });
    await form.getByRole('combobox', { name: 'HL7 acknowledgement' }).selectOption('enhanced');
    await form.getByRole('combobox', { name: 'HL7, a report taken back' }).selectOption('D');
    await form.getByRole('combobox', { name: 'HL7, a critical result' }).selectOption('yes');
    await page.screenshot({ path: join(screens, 'site-channels-agreed-form-1280.png') });
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(agreed).toContainText('CA, then the application’s own AA: filed (enhanced)');
    await expect(agreed).toContainText('has its results deleted (D), a notice stays');
    await expect(agreed).toContainText('is flagged critically abnormal (AA)');
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.screenshot({ path: join(screens, 'site-channels-agreed-2560.png') });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: join(screens, 'site-channels-agreed-1280.png') });
    expect(complaints.all).toEqual([]);
    await page.context().close();
  });

  test('a contract whose clock waits for a channel that is not set is told to the lead, until it is set, and again when it is taken away', async ({
    browser,
  }) => {
    const file = join(shell.directory, 'juniper.json');
    const due = { stat: 30, asap: 60, urgent: 120, unknown: 120, routine: 1440 };
    await writeFile(
      file,
      JSON.stringify({
        site: { id: 'site-juniper', name: 'Juniper Ridge', state: 'AZ', zone: 'America/Phoenix' },
        contracts: [
          {
            ...{ validFrom: '2199-01-01T00:00:00-07:00', name: 'Juniper faxes', start: ['images.complete'] },
            ...{ stop: 'filed', by: 'fax', due },
          },
        ],
      }),
    );
    // Whoever sets the contract is told at once, and it is kept all the same.
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'sites.ts');
    const set = await promisify(execFile)(process.execPath, [script, 'set', file, '--data', shell.directory]);
    const never =
      '“Juniper faxes” (from 2199-01-01) stops the clock when the first report is filed at the fax gateway, but no channel to the fax gateway is set: its clock will never stop.';
    expect(set.stdout).toContain('site-juniper (Juniper Ridge) is new.');
    expect(set.stderr).toContain(`site-juniper: ${never} Set up “Fax” under Delivery by site.`);

    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell, 'lead');
    const foot = page.getByRole('button', { name: 'Clock never stops: Juniper Ridge' });
    await expect(async () => {
      await page.reload();
      await expect(foot).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await page.screenshot({ path: join(screens, 'clock-never-stops-foot-1280.png') });
    await foot.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delivery by site' });
    const channels = dialog.getByRole('region', { name: 'Channels of Juniper Ridge' });
    await expect(channels.getByRole('alert')).toContainText(never);
    await page.screenshot({ path: join(screens, 'clock-never-stops-1280.png') });
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.screenshot({ path: join(screens, 'clock-never-stops-2560.png') });

    const { fax, form } = await writeFaxGateway(dialog);
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(channels.getByRole('alert')).toContainText('the fax gateway has no receiver to send to');
    await fax.getByRole('button', { name: 'Change Fax' }).press('Enter');
    await form.getByRole('button', { name: 'Add a receiver' }).press('Enter');
    await page.keyboard.type('Reports desk');
    await form.getByRole('textbox', { name: 'Fax number of Reports desk' }).fill('+12065550100');
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(fax).toContainText('goes to Reports desk');
    await expect(channels.getByRole('alert')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(foot).toHaveCount(0);

    const again = await openDeliveryBySite(page);
    await again.getByRole('button', { name: /^Juniper Ridge/ }).press('Enter');
    await fax.getByRole('button', { name: 'Remove Fax' }).press('Enter');
    await expect(fax.getByRole('alert')).toContainText(
      'The clock of “Juniper faxes” runs until its receiver answers: without it, that clock never stops.',
    );
    await page.screenshot({ path: join(screens, 'clock-never-stops-remove-2560.png') });
    await fax.getByRole('alert').getByRole('button', { name: 'Remove Fax' }).press('Enter');
    await expect(channels.getByRole('alert')).toContainText(never);
    await page.keyboard.press('Escape');
    await expect(foot).toBeVisible();
    expect(complaints.all).toEqual([]);
    await page.context().close();
  });

  test('a fax gateway’s token is written and never shown again, and its receivers are a list', async ({ browser }) => {
    const { page, complaints } = await newPage(browser, { width: 2560, height: 1440 });
    await signIn(page, shell, 'lead');
    const dialog = await openDeliveryBySite(page);
    const { fax, form } = await writeFaxGateway(dialog, 'hush-hush');
    await form.getByRole('button', { name: 'Add a receiver' }).press('Enter');
    await page.keyboard.type('Reports desk');
    await page.keyboard.press('Tab');
    await page.keyboard.type('555 0100');
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(form).toContainText('A fax number is written as +12065550142');
    await form.getByRole('textbox', { name: 'Fax number of Reports desk' }).fill('+12065550100');
    await page.screenshot({ path: join(screens, 'site-channels-fax-2560.png') });
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(fax).toContainText('a report whose physician is not among them goes to Reports desk');
    await page.screenshot({ path: join(screens, 'site-channels-fax-set-2560.png') });
    await fax.getByRole('button', { name: 'Change Fax' }).press('Enter');
    await expect(form.getByRole('combobox', { name: 'Token' })).toHaveValue('kept');
    expect(await page.content()).not.toContain('hush-hush');
    await form.getByRole('textbox', { name: 'Address' }).fill('https://elsewhere.example/jobs');
    await form.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect(form.getByRole('alert')).toHaveText(
      'Not kept. The address is another one: give its token again, or choose none.',
    );
    expect(complaints.all).toEqual([]);
    await page.context().close();
  });

  test('a lead sets up a site’s FHIR server by keyboard, is told what is wrong, and tests it', async ({ browser }) => {
    const server = await startFhirRouter();
    try {
      const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
      await signIn(page, shell, 'lead');
      const dialog = await openDeliveryBySite(page);
      await dialog.getByRole('button', { name: /^Larkspur/ }).press('Enter');
      const fhir = dialog.getByRole('region', { name: 'FHIR results (IMR)' });
      await fhir.getByRole('button', { name: 'Set up FHIR results (IMR)' }).press('Enter');
      const form = dialog.getByRole('form', { name: 'FHIR results (IMR)' });
      await expect(form.getByRole('textbox', { name: 'FHIR address' })).toBeFocused();
      await page.keyboard.type('fhir.larkspur.example');
      await page.keyboard.press('Enter');
      await expect(form.getByRole('alert')).toHaveText('Not kept: correct what is marked.');
      await expect(form.getByRole('textbox', { name: 'FHIR address' })).toHaveAccessibleDescription(
        /Give an address such as https:\/\/fhir\.example\/r4/,
      );
      await expect(form.getByRole('textbox', { name: 'Patient number system' })).toHaveAccessibleDescription(
        /Give a URI such as urn:oid:1\.2\.3/,
      );
      await page.screenshot({ path: join(screens, 'site-channels-imr-faults-1280.png') });
      // The hands are at the first fault.
      await page.keyboard.press('Control+a');
      await page.keyboard.type(server.url.replace('/R4', '/R5'));
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      for (const words of ['hush-hush', 'urn:oid:2.16.840.1.113883.3.9999.1', 'https://larkspur.example/accession']) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(words);
      }
      await page.keyboard.press('Tab');
      await expect(form.getByRole('combobox', { name: 'Unknown patients' })).toBeFocused();
      await page.keyboard.press('Tab');
      await page.keyboard.type('https://pacs.larkspur.example/dicom-web');
      const tryIt = form.getByRole('button', { name: 'Test this channel' });
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText('Is this the base address of a FHIR server?');
      await form.getByRole('textbox', { name: 'FHIR address' }).fill(server.url);
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText('speaks FHIR 4.0.1, and lets this host look for reports.');
      await page.screenshot({ path: join(screens, 'site-channels-imr-form-1280.png') });
      await form.getByRole('textbox', { name: 'FHIR address' }).press('Enter');
      await expect(fhir).toContainText('urn:oid:2.16.840.1.113883.3.9999.1');
      await expect(fhir).toContainText('stop the delivery; a person looks');
      expect(await page.content()).not.toContain('hush-hush');
      await page.screenshot({ path: join(screens, 'site-channels-imr-set-1280.png') });
      await page.setViewportSize({ width: 2560, height: 1440 });
      await page.screenshot({ path: join(screens, 'site-channels-imr-set-2560.png') });
      await fhir.getByRole('button', { name: 'Change FHIR results (IMR)' }).press('Enter');
      await expect(form.getByRole('combobox', { name: 'Token' })).toHaveValue('kept');
      await page.screenshot({ path: join(screens, 'site-channels-imr-form-2560.png') });
      await form.getByRole('textbox', { name: 'FHIR address' }).fill('https://elsewhere.example/r4');
      await form.getByRole('button', { name: 'Keep' }).press('Enter');
      await expect(form.getByRole('alert')).toHaveText(
        'Not kept. The address is another one: give its token again, or choose none.',
      );
      expect(complaints.all).toEqual([]);
      await page.context().close();
    } finally {
      await server.close();
    }
  });

  test('a gateway’s server (SFTP) shows its key, which a lead confirms, and another key is refused in words', async ({
    browser,
  }) => {
    let gateway = await startSshd();
    try {
      const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
      await signIn(page, shell, 'lead');
      const dialog = await openDeliveryBySite(page);
      const direct = dialog.getByRole('region', { name: 'Direct secure mail' });
      const form = dialog.getByRole('form', { name: 'Direct secure mail' });
      await direct.getByRole('button', { name: 'Set up Direct secure mail' }).press('Enter');
      await expect(form.getByRole('combobox', { name: 'The gateway takes jobs' })).toBeFocused();
      await page.keyboard.press('ArrowDown');
      await expect(form.getByRole('textbox', { name: 'Port' })).toHaveValue('22');
      for (const words of ['127.0.0.1', String(gateway.port), gateway.user, gateway.folder]) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(words);
      }
      await page.keyboard.press('Tab');
      await expect(form.getByRole('combobox', { name: 'Login' })).toBeFocused();
      await page.keyboard.press('Tab');
      await page.keyboard.type('not the password');
      await page.keyboard.press('Enter');
      await expect(form.getByRole('alert')).toHaveText('Not kept: correct what is marked.');
      await expect(form.getByRole('textbox', { name: /key \(SHA256\)/ })).toHaveAccessibleDescription(
        /Test this channel: it shows the server’s key/,
      );
      const tryIt = form.getByRole('button', { name: 'Test this channel' });
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText(
        `shows the key ${gateway.hostKey}. Nobody has confirmed yet`,
      );
      const confirm = form.getByRole('button', { name: 'This is the gateway’s key' });
      await expect(form.getByRole('status')).toBeInViewport({ ratio: 0.99 });
      await expect(confirm).toBeInViewport({ ratio: 0.99 });
      await page.screenshot({ path: join(screens, 'site-channels-sftp-key-1280.png') });
      await confirm.press('Enter');
      await expect(form.getByRole('textbox', { name: /key \(SHA256\)/ })).toHaveValue(gateway.hostKey);
      await expect(form.getByRole('textbox', { name: /key \(SHA256\)/ })).toBeFocused();
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText(`does not let ${gateway.user} in with what is set here`);
      await page.screenshot({ path: join(screens, 'site-channels-sftp-password-1280.png') });
      await form.getByRole('combobox', { name: 'Login' }).selectOption('key');
      await form.getByRole('textbox', { name: 'New private key' }).fill(gateway.privateKey);
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText('shows the confirmed key');
      expect(await readdir(gateway.folder)).toEqual([]);
      await form.getByRole('button', { name: 'Keep' }).press('Enter');
      await expect(direct).toContainText(gateway.hostKey);
      expect(await page.content()).not.toContain('PRIVATE KEY');
      gateway = await gateway.restart({ newHostKey: true });
      await page.setViewportSize({ width: 2560, height: 1440 });
      await direct.getByRole('button', { name: 'Test this channel: Direct secure mail' }).press('Enter');
      await expect(direct.getByRole('status')).toContainText(
        `shows another key than was confirmed: ${gateway.hostKey}`,
      );
      await page.screenshot({ path: join(screens, 'site-channels-sftp-other-key-2560.png') });
      await direct.getByRole('button', { name: 'Change Direct secure mail' }).press('Enter');
      await expect(form.getByRole('combobox', { name: 'Login' })).toHaveValue('kept');
      await tryIt.press('Enter');
      await expect(confirm).toBeInViewport({ ratio: 0.99 });
      await page.screenshot({ path: join(screens, 'site-channels-sftp-key-2560.png') });
      await confirm.press('Enter');
      await tryIt.press('Enter');
      await expect(form.getByRole('status')).toContainText('shows the confirmed key');
      await page.screenshot({ path: join(screens, 'site-channels-sftp-2560.png') });
      await form.getByRole('button', { name: 'Keep' }).press('Enter');
      await expect(direct).toContainText(gateway.hostKey);
      expect(complaints.all).toEqual([]);
      await page.context().close();
    } finally {
      await gateway.stop();
    }
  });
});
