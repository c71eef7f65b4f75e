import type { Page } from '@playwright/test';

/** A host whose engine hears these words at once, with these confidences: what the page does with them is what is tested. */
export async function hears(
  page: Page,
  words: readonly { readonly word: string; readonly confidence: number }[],
): Promise<void> {
  const answer = (value: unknown) => ({ status: 200, contentType: 'application/json', body: JSON.stringify(value) });
  const stream = '7d5f7a0e-6f0e-4f0e-9a55-0a4b7d1c2e3f';
  let told = false;
  await page.route('**/api/dictation', (route) => route.fulfill(answer({ kind: 'started', stream })));
  await page.route(`**/api/dictation/${stream}/*`, (route) => {
    const events = told
      ? []
      : [
          { type: 'began', utterance: 1 },
          { type: 'final', utterance: 1, words, pauseBefore: 1_000, pauseAfter: 1_000 },
        ];
    told = true;
    return route.fulfill(answer({ events }));
  });
}
