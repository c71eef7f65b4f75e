import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { signIn as signInToHost } from '../servers/overread-host/start-host.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { goToRow, launch, newPage, signIn } from './overread.ts';
import { writeTemplateByKeys } from './template-writing.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;
let heads: readonly WorklistRow[];
/** A study that the other tests of this day leave alone. */
let other: WorklistRow | undefined;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  day = await startDay();
  browser = await launch();
  const rows = await rowsOf(day);
  heads = rows.filter(
    (row) =>
      /^CT head/.test(row.procedure) &&
      row.state === 'queued' &&
      row.desk?.pending === undefined &&
      row.mayRead.allowed &&
      row.images.present > 0 &&
      row.accession !== null,
  );
  other = rows.find(
    (row) =>
      !/head/i.test(row.procedure) &&
      row.desk?.pending === undefined &&
      row.state === 'queued' &&
      row.mayRead.allowed &&
      row.images.present > 0 &&
      row.accession !== null,
  );
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

async function read(page: Page, row: WorklistRow | undefined): Promise<void> {
  if (row === undefined) throw new Error('no CT head is left to read');
  await goToRow(page, row.accession ?? '');
  await page.keyboard.press('Enter');
  await expect(report(page).getByRole('textbox', { name: 'Findings' })).toBeVisible({ timeout: 60_000 });
}

const report = (page: Page) => page.getByRole('region', { name: 'Report' });
const list = (page: Page) => page.getByRole('listbox', { name: 'Templates' });
/** The words of a section as they stand on screen, whatever holds them. */
const words = (page: Page, name: string): Promise<string> =>
  report(page)
    .getByRole('textbox', { name, exact: true })
    .evaluate((one) => (one instanceof HTMLTextAreaElement ? one.value : (one.textContent ?? '')));

/** The draft as this page saved it last. */
function savedDraft(page: Page): () => Draft | null {
  let last: Draft | null = null;
  page.on('request', (request) => {
    if (request.method() !== 'PUT' || !/\/api\/cases\/[^/]+\/draft$/.test(request.url())) return;
    last = (request.postDataJSON() as { readonly draft: Draft }).draft;
  });
  return () => last;
}

/** Serious and critical findings of axe, each with the first element that it names. */
async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${shots}/templates-${name}-1280.png` });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: `${shots}/templates-${name}-2560.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForTimeout(600);
}

test('a CT head is reported from a template by keys: seen before it is taken, its fields in the draft, undone by one press, and signed without a blank', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  const draft = savedDraft(page);
  await signIn(page, day);
  await read(page, heads[0]);
  // It is offered and not put in.
  await expect(report(page).getByRole('button', { name: 'Use it: CT head without contrast' })).toBeVisible();
  expect(await words(page, 'Findings')).toBe('');
  await shot(page, 'offered');

  await page.keyboard.press('Alt+y');
  await expect(list(page).getByRole('option').first()).toContainText('fits: CT, head');
  await expect(list(page).getByRole('option', { selected: true })).toContainText('CT head without contrast');
  await expect(page.getByRole('region', { name: 'What it puts in' })).toContainText(
    'No acute intracranial hemorrhage.',
  );
  expect(await barriers(page)).toEqual([]);
  await shot(page, 'list');
  await page.keyboard.type('mr knee');
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await expect(list(page).getByRole('option')).toContainText('MR knee');
  await page.keyboard.type(' nothing like it');
  await expect(page.getByText('No template has these words.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Find a template' }).fill('head without');
  await page.keyboard.press('Enter');
  await expect(list(page)).toBeHidden();
  await expect.poll(() => words(page, 'Findings')).toContain('Hemorrhage: No acute intracranial hemorrhage.');
  await expect
    .poll(() => draft()?.templates)
    .toEqual([{ id: 'ct-head', version: 1, title: 'CT head without contrast', level: 'shipped' }]);
  const fields = draft()?.fields ?? [];
  expect(fields.find((one) => one.field.id === 'impression')).toMatchObject({
    state: 'empty',
    field: { required: true },
  });
  const findings = draft()?.sections['59776-5'] ?? '';
  const mass = fields.find((one) => one.field.id === 'mass-effect');
  expect(findings.slice(mass?.from, mass?.to)).toBe(
    'No mass, midline shift or herniation. The basal cisterns are open.',
  );
  await shot(page, 'applied');

  await report(page).getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => words(page, 'Findings')).toBe('');

  // Normal except: her words in place of that one normal sentence.
  await page.keyboard.press('Alt+y');
  await page.getByRole('textbox', { name: 'Normal except' }).fill('unicorn: sighted');
  await expect(page.getByText(/names no part of this template. It knows: Hemorrhage/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Normal except' }).fill('scalp: left frontal hematoma, 4 mm thick');
  await shot(page, 'except');
  await page.keyboard.press('Enter');
  await expect.poll(() => words(page, 'Findings')).toContain('Skull and scalp: Left frontal hematoma, 4 mm thick.');
  expect(await words(page, 'Findings')).not.toContain('Scalp soft tissues are unremarkable');
  // A place that is open shows its name and holds no word.
  expect(draft()?.sections['19005-8']).toBe('');

  const impression = report(page).getByRole('textbox', { name: 'Impression', exact: true });
  await impression.click();
  await page.keyboard.type('Scalp hematoma without fracture or intracranial injury.');
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });
  await page.keyboard.press('F12');
  const sign = page.getByRole('dialog', { name: 'Sign report' });
  const password = sign.getByLabel('Password');
  await expect(sign).toBeVisible();
  if (await password.isVisible()) await password.fill('demo');
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 60_000 });
  const signed = await report(page).innerText();
  expect(signed).toContain('Skull and scalp: Left frontal hematoma, 4 mm thick.');
  expect(signed).not.toMatch(/undefined|\[ *\]|_{2,}|: *\.$/m);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('words that were typed are never the price of a template, and a stranger’s file is read as words alone', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page, heads[1]);
  const findings = report(page).getByRole('textbox', { name: 'Findings', exact: true });
  await findings.click();
  await page.keyboard.type('Subdural hematoma on the left.');
  await page.keyboard.press('Alt+y');
  await expect(list(page).getByRole('option', { selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  const ask = page.getByRole('dialog', { name: 'Replace your words?' });
  await expect(ask).toContainText('Subdural hematoma on the left.');
  await shot(page, 'ask');
  await ask.getByRole('button', { name: 'Keep my words, fill the rest' }).click();
  await expect(ask).toHaveCount(0);
  expect(await words(page, 'Findings')).toBe('Subdural hematoma on the left.');

  await page.keyboard.press('Alt+u');
  await page.keyboard.type('unicorn');
  await expect(page.getByText('No macro for this patient and exam has these words.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Find a macro' }).fill('no pneumo');
  expect(await barriers(page)).toEqual([]);
  await shot(page, 'macros');
  await page.keyboard.press('Enter');
  await expect.poll(() => words(page, 'Findings')).toBe('Subdural hematoma on the left. No pneumothorax.');
  await report(page).getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => words(page, 'Findings')).toBe('Subdural hematoma on the left.');

  await page.keyboard.press('Alt+y');
  const file = page.getByLabel('Template file');
  const html = (body: string): string =>
    `<!DOCTYPE html><html><head><title>CT Test</title><meta charset="UTF-8"><meta name="dcterms.title" content="CT head of Test Hospital">` +
    `<script type="text/xml"><template_attributes></template_attributes></script></head><body onload="alert(1)">${body}</body></html>`;
  await file.setInputFiles({
    name: 'broken.html',
    mimeType: 'text/html',
    buffer: Buffer.from('<html><body>hello</body></html>'),
  });
  await expect(page.getByRole('alert').filter({ hasText: 'broken.html was not taken in.' })).toContainText('MRRT');
  await shot(page, 'refused');
  const hostile =
    '<section data-section-name="Findings"><p onclick="alert(2)">Brain: <input type="text" id="b" value="Normal."></p><img src="//evil.test/x.png" onerror="alert(3)">' +
    '<p>Skull: &lt;img src=x onerror=alert(4)&gt;</p><script>alert(5)</script></section>';
  await file.setInputFiles({ name: 'hostile.html', mimeType: 'text/html', buffer: Buffer.from(html(hostile)) });
  const understood = page.getByRole('status').filter({ hasText: 'hostile.html' });
  await expect(understood).toContainText('Findings 2 lines; 1 field');
  await expect(understood).toContainText('Its scripts are left out');
  await shot(page, 'understood');
  await understood.getByRole('button', { name: 'Keep as my own' }).click();
  await expect(list(page).getByRole('option', { selected: true })).toContainText('CT head of Test Hospital');
  await expect(page.getByRole('region', { name: 'What it puts in' })).toContainText(
    'Skull: <img src=x onerror=alert(4)>',
  );
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('misspelt words are marked and never changed by themselves; keys go to them, mend them, undo it and add a word for good', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  const draft = savedDraft(page);
  await signIn(page, day);
  await read(page, heads[2]);
  const findings = report(page).getByRole('textbox', { name: 'Findings', exact: true });
  const marked = findings.locator('.words-misspelt');
  const meant = report(page).getByRole('listbox');
  await findings.click();
  await page.keyboard.type('Thier is no hemorrhage. A Zephyrix stent in the basilar artery. No midlne shift. ');
  await expect(marked).toHaveText(['Thier', 'Zephyrix', 'midlne']);
  expect(await words(page, 'Findings')).toBe(
    'Thier is no hemorrhage. A Zephyrix stent in the basilar artery. No midlne shift. ',
  );
  // From the end of the words it goes round to the first.
  await page.keyboard.press('F7');
  await expect(meant.getByRole('option', { name: 'Their', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(meant).toHaveCount(0);
  await page.keyboard.press('Shift+F7');
  await expect(meant.getByRole('option', { selected: true })).toHaveText('midline');
  expect(await barriers(page)).toEqual([]);
  await shot(page, 'spelling');
  await page.keyboard.press('Enter');
  await expect.poll(() => words(page, 'Findings')).toContain('No midline shift. ');
  await page.keyboard.press('Control+z');
  await expect.poll(() => words(page, 'Findings')).toContain('No midlne shift. ');
  await page.keyboard.press('Control+y');
  await expect(marked).toHaveText(['Thier', 'Zephyrix']);
  await expect.poll(() => draft()?.sections['59776-5']).toContain('No midline shift.');

  // A word that is right is hers from now on, and can be taken back at once.
  await page.keyboard.press('Shift+F7');
  await expect(report(page).getByText('Zephyrix is in no word list')).toBeVisible();
  await expect(meant.getByRole('option', { name: 'Add to my words' })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await expect(meant.getByRole('option', { selected: true })).toHaveText('Add to my words');
  await expect(meant.getByRole('option', { name: 'Add to the group’s words' })).toHaveCount(0);
  await page.keyboard.press('Enter');
  const note = report(page).getByRole('status', { name: 'Spelling' });
  await expect(note).toContainText('“Zephyrix” is among your words.');
  await expect(marked).toHaveText(['Thier']);
  await note.getByRole('button', { name: 'Undo' }).click();
  await expect(note).toContainText('“Zephyrix” is out of your words.');
  await expect(marked).toHaveText(['Thier', 'Zephyrix']);
  await note.getByRole('button', { name: 'Undo' }).click();
  await expect(marked).toHaveText(['Thier']);
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('words added');
  await page.keyboard.press('Enter');
  const added = page.getByRole('dialog', { name: 'Words added to the spelling check' });
  await expect(added.getByRole('region', { name: 'Your words' })).toContainText('Zephyrix');
  await expect(added.getByRole('region', { name: 'The group’s words' })).toContainText('None was added.');
  expect(await barriers(page)).toEqual([]);
  await shot(page, 'own-words');
  await added.getByRole('button', { name: 'Take out Zephyrix' }).click();
  await expect(added.getByRole('region', { name: 'Your words' })).toContainText('None was added.');
  await page.keyboard.press('Escape');
  await expect(marked).toHaveText(['Thier', 'Zephyrix']);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('a lead turns a template off for the group; a reader is offered it no more, sees it among those that are off, and cannot turn it on', async () => {
  test.setTimeout(180_000);
  const lead = await newPage(browser);
  const { name: leadName } = await signInToHost(day.url, 'lead', 'demo');
  await signIn(lead.page, day, 'lead');
  await read(lead.page, heads[3]);
  await expect(report(lead.page).getByRole('button', { name: /^Templates/ })).toBeEnabled();
  await lead.page.keyboard.press('Alt+y');
  await expect(list(lead.page)).toBeVisible();
  await lead.page.keyboard.type('facial');
  await lead.page.getByRole('button', { name: 'Turn off for the group' }).click();
  await expect(lead.page.getByText(/“CT facial bones” is turned off for the group/)).toBeVisible();
  await lead.page.getByRole('button', { name: '1 turned off' }).click();
  await expect(lead.page.getByRole('button', { name: 'Turn on for the group' })).toBeVisible();
  expect(await barriers(lead.page)).toEqual([]);
  await shot(lead.page, 'turned-off-by-lead');
  // A macro the same way, where macros are written.
  await lead.page.keyboard.press('Escape');
  await lead.page.keyboard.press('Alt+d');
  const writing = (page: Page) => page.getByRole('listbox', { name: 'Templates and macros' }).getByRole('option');
  await expect(writing(lead.page).first()).toBeVisible();
  await lead.page.keyboard.type('motion artifact macro');
  await lead.page.getByRole('button', { name: 'Turn off for the group' }).press('Enter');
  await expect(lead.page.getByText('“motion artifact” is turned off for the group.')).toBeVisible();
  await expect(writing(lead.page)).toContainText('turned off by the group');
  expect(await barriers(lead.page)).toEqual([]);
  await shot(lead.page, 'macro-turned-off-by-lead');
  await lead.context.close();
  const { context, page, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page, heads[2]);
  await expect(report(page).getByRole('button', { name: /^Templates/ })).toBeEnabled();
  await page.keyboard.press('Alt+y');
  await expect(list(page)).toBeVisible();
  await page.keyboard.type('facial');
  await expect(page.getByText('No template has these words.')).toBeVisible();
  await page.getByRole('button', { name: '1 turned off' }).click();
  await expect(list(page).getByRole('option')).toContainText('CT facial bones');
  await expect(page.getByRole('button', { name: /^Turn (?:on|off) for the group$/ })).toHaveCount(0);
  await expect(page.getByText('The group turned it off.')).toBeVisible();
  await shot(page, 'turned-off');
  // Her own is hers: off and on again, with an undo.
  await page.getByRole('button', { name: 'All templates' }).click();
  await page.getByRole('combobox', { name: 'Find a template' }).fill('mr knee');
  await page.getByRole('button', { name: 'Turn off', exact: true }).click();
  await expect(page.getByText(/MR knee” is turned off for you/)).toBeVisible();
  await expect(page.getByRole('button', { name: '2 turned off' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect(page.getByText('“MR knee” is offered again to you.')).toBeVisible();
  await expect(list(page).getByRole('option')).toContainText('MR knee');
  await page.keyboard.press('Escape');
  // What an earlier reading of this exam has left there.
  const before = await words(page, 'Findings');
  await page.keyboard.press('Alt+u');
  await page.keyboard.type('motion artifact');
  // It stands there grey, with who turned it off; neither Enter nor a press puts it in.
  const macro = page.getByRole('listbox', { name: 'Macros' }).getByRole('option');
  await expect(macro).toContainText(`turned off for the group by ${leadName}`);
  await expect(macro).toBeDisabled();
  await shot(page, 'macro-off');
  expect(await barriers(page)).toEqual([]);
  const why = new RegExp(
    `The macro “motion artifact” is turned off for the group by ${leadName}, .+, and was not put in\\. A lead can turn it on again\\.`,
  );
  for (const tried of ['Enter', 'press'] as const) {
    if (tried === 'Enter') await page.keyboard.press('Enter');
    else await macro.click({ force: true });
    await expect(page.getByRole('dialog', { name: 'Insert a macro' }).getByRole('alert')).toContainText(why);
  }
  await shot(page, 'macro-off-asked');
  await page.keyboard.press('Escape');
  expect(await words(page, 'Findings')).toBe(before);
  await page.keyboard.press('Alt+d');
  await expect(writing(page).first()).toBeVisible();
  await page.keyboard.type('motion artifact macro');
  await expect(writing(page)).toContainText('turned off by the group');
  await expect(page.getByRole('button', { name: 'Turn off', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Turn (?:on|off) for the group$/ })).toHaveCount(0);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('an order that is changed while its report is written says so beside the words that came from it, and changes none of them', async () => {
  test.setTimeout(180_000);
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day);
  // Hers already: the last one may be in the lead's hands.
  const row = heads[2];
  await read(page, row);
  await expect.poll(() => words(page, 'Clinical information')).not.toBe('');
  const before = await words(page, 'Clinical information');
  await expect(report(page).getByText('The order now says')).toHaveCount(0);
  // The site corrects the order; any word of the host about this case makes the page ask what its sources say.
  await page.route('**/api/cases/*/sources*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { readonly prefill: { readonly clinicalInformation: string } };
    const prefill = { ...body.prefill, clinicalInformation: `${body.prefill.clinicalInformation} Fever since today.` };
    await route.fulfill({ response: answer, json: { prefill } });
  });
  const lead = await signInToHost(day.url, 'lead', 'demo');
  const sent = await lead.call('sendMessage', {
    params: { taskId: row?.taskId ?? ('' as TaskId) },
    input: { commandId: crypto.randomUUID(), to: 'reader', words: 'The site has corrected the order.' },
  });
  expect(sent.ok).toBe(true);
  const news = report(page).getByText('The order now says');
  await expect(news).toBeVisible({ timeout: 20_000 });
  await expect(report(page)).toContainText('Fever since today.');
  expect(await words(page, 'Clinical information')).toBe(before);
  await shot(page, 'source-changed');
  await page.keyboard.press('Alt+Shift+Y');
  await expect(news).toHaveCount(0);
  await expect.poll(() => words(page, 'Clinical information')).toBe(`${before} Fever since today.`);
  await page.context().close();
});

test('a reader writes a template by keys alone, tries it, uses it, changes it, and brings its first version back; nothing is lost on a reload or overwritten unseen', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  const draft = savedDraft(page);
  await signIn(page, day);
  await read(page, other);
  await writeTemplateByKeys({
    ...{ page, day, shot: (name) => shot(page, name) },
    barriers: () => barriers(page),
    findings: () => words(page, 'Findings'),
    draft,
  });
  expect(complaints.all).toEqual([]);
  await context.close();
});
