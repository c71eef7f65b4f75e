import { collectGarbage, heldBy, screen } from './browser.ts';
import { backToOwnList, chooseOwn, type OwnApp, openFromOwnList, openOwn } from './own-app.ts';
import { firstIn, mustBe, readyIn } from './probe.ts';
import { type BenchStudy, instancesOf } from './studies.ts';

export type Fifty = {
  /** Proportional set size of the browser's tree, in megabytes, with no study open. */
  readonly afterOne: number;
  readonly afterAll: number;
  readonly listeners: readonly [afterOne: number, afterAll: number];
  readonly workers: readonly [afterOne: number, afterAll: number];
  readonly opened: number;
};

/** Studies one after another in one window, each read back from the screen; what is left of them when the list stands again. */
export async function openOneAfterAnother(app: OwnApp, studies: readonly BenchStudy[]): Promise<Fifty> {
  const { measured, page, url } = await openOwn(app);
  try {
    await page.goto(url);
    const stand = async () => {
      await page.mouse.move(screen.width - 2, screen.height - 2);
      await collectGarbage(page);
      return { memory: measured.memory(), ...(await heldBy(page)) };
    };
    let one: Awaited<ReturnType<typeof stand>> | null = null;
    for (const study of studies) {
      await chooseOwn(page, study);
      await page.evaluate(() => window.viewerProbe.arm('keydown'));
      const instances = instancesOf(study);
      const first = firstIn(page, { mark: study.mark ?? 0 });
      const ready = readyIn(page, instances);
      // Nobody listens to a second failure while the first is told.
      for (const one of [first, ready]) one.catch(() => undefined);
      await openFromOwnList(page);
      const wanted = { mark: study.mark, studyUid: study.studyUid, instances };
      const sight = await first;
      if (sight.others.length > 0)
        throw new Error(`${study.name}: the image of case ${sight.others.join(', ')} stood on the screen`);
      mustBe(study.name, sight, wanted);
      await ready;
      await page.keyboard.press('End');
      await page.waitForFunction(
        (last) => window.viewerProbe.read().named?.instanceUid === last,
        instances.at(-1) ?? '',
      );
      mustBe(study.name, await page.evaluate(() => window.viewerProbe.read()), wanted);
      await backToOwnList(page);
      one ??= await stand();
    }
    const all = await stand();
    if (one === null) throw new Error('no study was opened');
    return {
      afterOne: one.memory,
      afterAll: all.memory,
      listeners: [one.listeners, all.listeners],
      workers: [one.workers, all.workers],
      opened: studies.length,
    };
  } finally {
    await measured.close();
  }
}
