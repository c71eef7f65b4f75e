import type { Result } from '../../../shared/lib/result.ts';
import type { OpenedPdf } from './pdf-document.ts';

export type { OpenedPdf } from './pdf-document.ts';

/** Opens a PDF in a worker of its own, which ends with it. The library is brought when the first document is opened. */
export async function openPdf(bytes: Uint8Array): Promise<Result<OpenedPdf, string>> {
  const { readPdf } = await import('./pdf-document.ts');
  return readPdf(bytes);
}
