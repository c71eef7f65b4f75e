import { expect, type Page } from '@playwright/test';
import type { Draft } from '../../shared/domain/report/index.ts';
import { signIn as signInToHost } from '../servers/overread-host/start-host.ts';
import type { DayShell } from './demo-day.ts';
import { putCaretAt } from './section-words.ts';

/** By keys alone: a template with a choice and a number is written, tried, saved, used in a report, changed, compared and restored. */
export async function writeTemplateByKeys(parts: {
  readonly page: Page;
  readonly day: DayShell;
  readonly shot: (name: string) => Promise<void>;
  readonly barriers: () => Promise<readonly string[]>;
  /** The words of Findings on screen. */
  readonly findings: () => Promise<string>;
  /** As it was saved last. */
  readonly draft: () => Draft | null;
}): Promise<void> {
  const { page, day, shot, barriers, findings, draft } = parts;
  const editor = page.getByRole('dialog');
  const keeping = editor.getByRole('status', { name: 'Keeping' });
  const line = (at: number) => editor.getByRole('textbox', { name: `Findings, line ${at}`, exact: true });
  const preview = editor
    .getByRole('region', { name: 'Preview' })
    .getByRole('textbox', { name: 'Findings', exact: true });
  const list = page.getByRole('listbox', { name: 'Templates and macros' });

  await page.keyboard.press('Alt+d');
  await expect(list).toBeVisible();
  expect(await barriers()).toEqual([]);
  await shot('writing-list');
  await page.keyboard.press('Alt+n');
  await expect(page.getByRole('dialog', { name: 'New template' })).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(editor.getByText('Not saved: the template has to be mended first.')).toBeVisible();
  await expect(editor.getByRole('list', { name: 'To mend' })).toContainText('Give the template a name');

  await page.keyboard.type('Nodule follow-up');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Nodule: ');
  await page.keyboard.press('Alt+1');
  await page.keyboard.type('Density');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Solid\nGround-glass');
  await page.keyboard.press('F2');
  await page.keyboard.type(', ');
  await page.keyboard.press('Alt+2');
  await page.keyboard.type('Size');
  for (const words of ['', 'mm', '1', '80']) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(words);
  }
  await page.keyboard.press('Enter');
  await page.keyboard.type('.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('No <img src=x onerror=alert(9)> effusion.');
  await expect(line(1)).toHaveValue('Nodule: {density}, {size}.');
  await expect(preview).toContainText('Density');
  await expect(preview).toContainText('No <img src=x onerror=alert(9)> effusion.');
  await expect(keeping).toHaveText('Kept, not saved');
  expect(await barriers()).toEqual([]);
  await shot('writing');

  // What is begun is there after the page was loaded anew.
  await page.reload();
  const section = page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings', exact: true });
  await expect(section).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Alt+d');
  await expect(list.getByRole('option').first()).toContainText('Nodule follow-up');
  await expect(list.getByRole('option').first()).toContainText('not saved, kept');
  await page.keyboard.press('Enter');
  await expect(line(1)).toHaveValue('Nodule: {density}, {size}.');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('No effusion.');
  await expect(line(2)).toHaveValue('No effusion.');
  await page.keyboard.press('Control+z');
  await expect(line(2)).toHaveValue('No <img src=x onerror=alert(9)> effusion.');
  await page.keyboard.press('Control+y');
  await expect(line(2)).toHaveValue('No effusion.');
  await page.keyboard.press('Control+s');
  await expect(editor.getByText('Saved as version 1.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list.getByRole('option').first()).not.toContainText('not saved');
  await page.keyboard.press('Escape');

  // In a report: found by name, its blanks filled by their keys.
  await page.keyboard.press('Alt+y');
  await page.keyboard.type('nodule follow');
  await expect(page.getByRole('listbox', { name: 'Templates', exact: true }).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect.poll(() => findings()).toContain('No effusion.');
  await section.press('Control+Home');
  await page.keyboard.press('Tab');
  await page.keyboard.type('g');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12');
  await page.keyboard.press('Tab');
  await expect.poll(() => draft()?.sections['59776-5']).toBe('Nodule: Ground-glass, 12 mm.\nNo effusion.');
  expect(draft()?.templates).toMatchObject([{ title: 'Nodule follow-up', version: 1, level: 'user' }]);

  // The next version; the report keeps its words and the number of the one that it was made from.
  await page.keyboard.press('Alt+d');
  await expect(list).toBeVisible();
  await page.keyboard.type('nodule follow');
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Template of your own, version 1' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' No adenopathy.');
  await page.keyboard.press('Control+s');
  await expect(editor.getByText('Saved as version 2.')).toBeVisible();
  await page.keyboard.press('Alt+v');
  const versions = editor.getByRole('list', { name: 'Versions' });
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await expect(versions.getByRole('listitem').first()).toContainText('stands now');
  await expect(editor.locator('ins')).toHaveText('No adenopathy.');
  expect(await barriers()).toEqual([]);
  await shot('versions');
  await editor.getByRole('button', { name: 'Restore version 1 as a new version' }).press('Enter');
  await expect(editor.getByText('Saved as version 3.')).toBeVisible();
  await expect(line(2)).toHaveValue('No effusion.');

  // Another window of hers saves while this one is open: this one is told, and nothing of that is lost.
  const mine = await signInToHost(day.url, 'reader', 'demo');
  const sets = await mine.call('reportTemplates');
  const own = sets.ok ? sets.value.sets.find(({ owner }) => owner.kind === 'user') : undefined;
  const template = own?.shelf.templates.find((one) => one.title === 'Nodule follow-up');
  expect(template?.version).toBe(3);
  if (template === undefined) return;
  const elsewhere = await mine.call('saveReportTemplate', {
    input: {
      owner: { kind: 'own' },
      replaces: 3,
      item: { kind: 'template', template: { ...template, description: 'From elsewhere.' } },
    },
  });
  expect(elsewhere.ok).toBe(true);
  await line(2).press('Control+End');
  await page.keyboard.type(' Mine.');
  await page.keyboard.press('Control+s');
  await expect(editor.getByText(/saved version 4 of this template since you opened it/)).toBeVisible();
  await shot('writing-two');
  await editor.getByRole('button', { name: 'Save mine as version 5 all the same' }).press('Enter');
  await expect(editor.getByText('Saved as version 5.')).toBeVisible();
  await page.keyboard.press('Alt+v');
  await expect(versions.getByRole('listitem')).toHaveCount(5);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect.poll(() => findings()).toBe('Nodule: Ground-glass, 12 mm.\nNo effusion.');

  // A macro the same way, put in by its name, and turned off.
  await page.keyboard.press('Alt+d');
  await expect(list).toBeVisible();
  await page.keyboard.press('Alt+m');
  await expect(page.getByRole('dialog', { name: 'New macro' })).toBeVisible();
  await page.keyboard.type('no adenopathy of mine');
  await page.keyboard.press('Enter');
  await page.keyboard.type('No enlarged lymph node.');
  await page.keyboard.press('Alt+e');
  await expect(editor.getByRole('textbox', { name: 'Also called' }).last()).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(editor.getByText('Saved as version 1.')).toBeVisible();
  await shot('writing-macro');
  await page.keyboard.press('Escape');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await putCaretAt(section, (draft()?.sections['59776-5'] ?? '').length);
  await page.keyboard.press('Alt+u');
  await page.keyboard.type('adenopathy of mine');
  await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect.poll(findings).toBe('Nodule: Ground-glass, 12 mm.\nNo effusion. No enlarged lymph node.');
  await page.keyboard.press('Alt+d');
  await expect(list).toBeVisible();
  await page.keyboard.type('adenopathy of mine');
  await editor.getByRole('button', { name: 'Turn off' }).press('Enter');
  await expect(editor.getByText('“no adenopathy of mine” is turned off for you.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+u');
  await page.keyboard.type('adenopathy of mine');
  await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toContainText('turned off for you');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Insert a macro' }).getByRole('alert')).toContainText(
    'is turned off for you, and was not put in. Turn it on under',
  );
  await page.keyboard.press('Escape');
}
