import type { Page } from 'playwright-core';
import { launchMeasured, type MeasuredBrowser } from './browser.ts';
import { installIn, type Named, type PageHooks } from './probe.ts';
import type { BenchStudy } from './studies.ts';

/** Its own defaults but for where the archive is and that the processor draws, as ours does on the same machine. */
export const ohifConfiguration = `window.config = {
  routerBasename: '/',
  extensions: [],
  modes: [],
  customizationService: {},
  showStudyList: true,
  maxNumberOfWebWorkers: 3,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  useCPURendering: true,
  investigationalUseDialog: { option: 'never' },
  defaultDataSourceName: 'dicomweb',
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
    sourceName: 'dicomweb',
    configuration: {
      friendlyName: 'Orthanc', name: 'orthanc',
      wadoUriRoot: window.location.origin + '/wado',
      qidoRoot: window.location.origin + '/dicom-web',
      wadoRoot: window.location.origin + '/dicom-web',
      qidoSupportsIncludeField: false, imageRendering: 'wadors', thumbnailRendering: 'wadors',
      enableStudyLazyLoad: true, supportsFuzzyMatching: false, supportsWildcard: true,
      bulkDataURI: { enabled: true }, omitQuotationForMultipartRequest: true,
    },
  }],
};`;

type Drawn = { readonly canvas?: HTMLCanvasElement; getCornerstoneImage?(): { readonly imageId: string } | undefined };
type Engines = { getRenderingEngines(): readonly { getViewports(): readonly Drawn[] }[] };
type Cache = { readonly cache: { readonly _imageCache: ReadonlyMap<string, { readonly image?: unknown }> } };

/** Runs in the page: the image that its first viewport holds, as the page's own engine names it. */
function namedByOhif(): Named | null {
  const { cornerstone } = window as unknown as { cornerstone?: Engines };
  for (const engine of cornerstone?.getRenderingEngines() ?? []) {
    for (const viewport of engine.getViewports()) {
      const imageId = viewport.getCornerstoneImage?.()?.imageId;
      if (imageId === undefined || viewport.canvas === undefined || !document.contains(viewport.canvas)) continue;
      const found = /\/studies\/([0-9.]+)\/series\/[0-9.]+\/instances\/([0-9.]+)/.exec(imageId);
      return { studyUid: found?.[1] ?? null, instanceUid: found?.[2] ?? null };
    }
  }
  return null;
}

/** Runs in the page: what its engine's cache holds decoded, looked at when asked. */
function decodedByOhif() {
  const times = new Map<string, number>();
  return {
    forget: () => times.clear(),
    times: () => {
      const { cornerstone } = window as unknown as { cornerstone?: Cache };
      for (const [imageId, { image }] of cornerstone?.cache._imageCache ?? []) {
        const instance = /\/instances\/([0-9.]+)/.exec(imageId)?.[1];
        if (image !== undefined && instance !== undefined && !times.has(instance))
          times.set(instance, performance.now());
      }
      return times;
    },
  };
}

const hooks: PageHooks = {
  canvas: '.cornerstone-canvas',
  named: namedByOhif.toString(),
  decoded: `(${decodedByOhif.toString()})()`,
  // Its engine reads the older fields of the event, which a made one has the other way round.
  notch: -100,
};

export async function openOhif(): Promise<{ readonly measured: MeasuredBrowser; readonly page: Page }> {
  const measured = await launchMeasured();
  const page = await measured.open(async (context) => {
    await installIn(context, hooks);
    await context.addInitScript(() => localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour'])));
  });
  return { measured, page };
}

const workflow = (page: Page) => page.getByText('Basic Viewer', { exact: true }).first();

/** Its study list with that study's row chosen: one click from the images. */
export async function unfoldOhif(page: Page, study: BenchStudy): Promise<void> {
  const name = study.mark === null ? study.family : `${study.family}, Case ${study.mark}`;
  const row = page.locator('tr, [role=row]').filter({ hasText: name }).first();
  await row.waitFor();
  for (let tries = 0; tries < 3 && !(await workflow(page).isVisible()); tries += 1) {
    await row.click();
    await workflow(page)
      .waitFor({ timeout: 20_000 })
      .catch(() => undefined);
  }
}

export async function openFromOhifList(page: Page): Promise<void> {
  await workflow(page).click();
}

export async function backToOhifList(page: Page): Promise<void> {
  await page.locator('[data-cy="return-to-work-list"]').first().click();
}
