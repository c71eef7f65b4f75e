import { chromium } from 'playwright-core';
import { staticDicomweb } from './test/servers/static-dicomweb/index.ts';
import { buildImagingPage, serveImagingPage } from './test/imaging-page/serve.ts';
const [name = 'ct-chest-lungdx-A0001', ...steps] = process.argv.slice(2);
const out = '/tmp/h/volshot/page';
if (process.env.BUILD !== '0') await buildImagingPage(out);
const studies = await staticDicomweb([`../shared/data/dicom/studies/${name}`]);
const served = await serveImagingPage(out, { static: studies });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: '--no-sandbox --disable-quic --no-first-run --disable-background-networking --enable-unsafe-swiftshader'.split(' ') });
const size = (process.env.SIZE ?? '1280x800').split('x').map(Number);
const page = await browser.newPage({ viewport: { width: size[0]!, height: size[1]! } });
page.on('console', (m) => { if (m.type() === 'error') console.log('console', m.text()); });
page.on('pageerror', (e) => console.log('pageerror', e.message, e.stack));
await page.goto(`${served.origin}/?draw=${process.env.DRAW ?? 'cpu'}`);
const uid = studies.studies[0]!;
await page.evaluate((u) => { window.probe.open(u); }, uid);
await page.waitForFunction(() => document.querySelector<HTMLElement>('[aria-label="Viewport 1"]')?.dataset.painted === 'true', undefined, { timeout: 60000 });
await page.waitForTimeout(1500);
let n = 0;
for (const step of steps) {
  if (step.startsWith('wait')) await page.waitForTimeout(Number(step.slice(4)));
  else if (step.startsWith('series')) await page.locator('.series-panel button').nth(Number(step.slice(6))).click();
  else if (step.startsWith('click')) { const [slot, x, y] = step.slice(5).split(',').map(Number); const box = (await page.locator(`[aria-label="Viewport ${slot}"]`).boundingBox())!; await page.mouse.click(box.x + box.width * x!, box.y + box.height * y!); }
  else if (step.startsWith('wheel')) { await page.mouse.wheel(0, Number(step.slice(5))); }
  else if (step === 'shot') await page.screenshot({ path: `/tmp/h/volshot/${process.env.NAME ?? name}-${size[0]}-${n++}.png` });
  else if (step === 'state') console.log(JSON.stringify(await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.viewport')].map((v) => ({ ...v.dataset, words: v.querySelector('.lower-left')?.textContent, window: v.querySelector('.lower-right')?.textContent, letters: [...v.querySelectorAll('.edge-letter')].map((l) => l.textContent).join(''), problem: v.querySelector('.viewport-words')?.textContent, }))), null, 0).replaceAll('},{', '},\n{'), await page.evaluate(() => [...document.querySelectorAll('.viewer-problems')].map((p) => p.textContent).join('|')), JSON.stringify(await page.evaluate(() => window.probe.errors)));
  else { await page.keyboard.press(step); await page.waitForTimeout(300); }
}
await browser.close();
await served.close();
process.exit(0);
