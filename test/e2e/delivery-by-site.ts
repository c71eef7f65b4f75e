import { expect, type Locator, type Page } from '@playwright/test';

/** A lead opens the screen by its words. */
export async function openDeliveryBySite(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('delivery by site');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delivery by site' });
  await expect(dialog.getByRole('navigation', { name: 'Sites' }).getByRole('button')).not.toHaveCount(0);
  return dialog;
}

/** Sets up the open site's fax gateway that is asked by URL, as far as its receivers; it is not kept yet. */
export async function writeFaxGateway(
  dialog: Locator,
  token: string | null = null,
): Promise<{ readonly fax: Locator; readonly form: Locator }> {
  const fax = dialog.getByRole('region', { name: 'Fax' });
  await fax.getByRole('button', { name: 'Set up Fax' }).press('Enter');
  const form = dialog.getByRole('form', { name: 'Fax' });
  await form.getByRole('combobox', { name: 'The gateway takes jobs' }).selectOption('http');
  await form.getByRole('textbox', { name: 'Address' }).fill('https://gateway.example/jobs');
  if (token !== null) {
    await form.getByRole('combobox', { name: 'Token' }).selectOption('new');
    await form.getByLabel('New token').fill(token);
  }
  return { fax, form };
}
