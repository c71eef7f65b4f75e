import { AnnotationMode, getDocument, type PDFDocumentProxy, PDFWorker, VerbosityLevel } from 'pdfjs-dist';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

/** A document that pages can be drawn of. Nothing in it runs, no link of it can be followed, and it asks nobody for anything. */
export type OpenedPdf = {
  readonly pages: number;
  /** Draws a page (1-based) as wide as `width` CSS pixels; answers why where it cannot. A later page ends the drawing of this one. */
  draw(page: number, canvas: HTMLCanvasElement, width: number, signal: AbortSignal): Promise<Result<void, string>>;
  /** The words of a page, for those who hear it. */
  words(page: number): Promise<string>;
  close(): void;
};

const longest = 20_000;
/** Pixels of one image in a document, and of one drawn page. */
const mostImagePixels = 100_000_000;
const mostPagePixels = 24_000_000;
const mostPages = 2_000;

/** Fonts, character maps and decoders of pdf.js as files of our own page: it fetches nothing by itself. */
const files: Readonly<Record<string, string>> = import.meta.glob<string>(
  [
    '../../../node_modules/pdfjs-dist/cmaps/*.bcmap',
    '../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
    '../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm',
  ],
  { query: '?url', import: 'default', eager: true },
);

class OwnFiles {
  async fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
    const found = Object.entries(files).find(([path]) => path.endsWith(`/${filename}`));
    if (found === undefined) throw new Error('the document asks for a file that is not here');
    const response = await fetch(found[1]);
    if (!response.ok) throw new Error('a font or decoder of the page could not be read');
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** Opens a PDF in a worker of its own, which ends with it. */
export async function readPdf(bytes: Uint8Array): Promise<Result<OpenedPdf, string>> {
  if (!new TextDecoder('latin1').decode(bytes.subarray(0, 1_024)).includes('%PDF-'))
    return err('The document is said to be a PDF and is none: not shown.');
  const port = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });
  // The worker is given by port; types of pdf.js say that it has none.
  const worker = new PDFWorker({ port } as unknown as ConstructorParameters<typeof PDFWorker>[0]);
  const task = getDocument({
    // A copy: the bytes go to the worker, and the document may be opened again.
    data: bytes.slice(),
    worker,
    useWorkerFetch: false,
    BinaryDataFactory: OwnFiles,
    enableXfa: false,
    disableWorkerRendering: true,
    useSystemFonts: false,
    maxImageSize: mostImagePixels,
    verbosity: VerbosityLevel.ERRORS,
  });
  const close = (): void => {
    void task.destroy().catch(() => undefined);
    worker.destroy();
    port.terminate();
  };
  let asked = false;
  task.onPassword = () => {
    asked = true;
    close();
  };
  try {
    const document = await within(task.promise, port);
    if (document.numPages > mostPages) {
      close();
      return err(`The document has ${document.numPages} pages: more than are opened.`);
    }
    return ok(opened(document, close));
  } catch (error) {
    close();
    return err(
      asked
        ? 'The document is locked by a password: not shown. Ask its site.'
        : `The document could not be read: ${reasonOf(error)}`,
    );
  }
}

function opened(document: PDFDocumentProxy, close: () => void): OpenedPdf {
  return {
    pages: document.numPages,
    async draw(number, canvas, width, signal) {
      try {
        const page = await document.getPage(number);
        if (signal.aborted) return ok(undefined);
        const base = page.getViewport({ scale: 1 });
        if (!(base.width > 0) || !(base.height > 0)) return err('This page says that it has no size.');
        const wanted = (width / base.width) * (window.devicePixelRatio || 1);
        const most = Math.sqrt(mostPagePixels / (base.width * base.height));
        const viewport = page.getViewport({ scale: Math.min(wanted, most) });
        canvas.width = Math.max(1, Math.floor(viewport.width));
        canvas.height = Math.max(1, Math.floor(viewport.height));
        const rendering = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
        const stop = (): void => rendering.cancel();
        signal.addEventListener('abort', stop, { once: true });
        const timer = setTimeout(stop, longest);
        try {
          await rendering.promise;
        } finally {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          page.cleanup();
        }
        return ok(undefined);
      } catch (error) {
        return signal.aborted ? ok(undefined) : err(`This page could not be drawn: ${reasonOf(error)}`);
      }
    },
    async words(number) {
      try {
        const content = await (await document.getPage(number)).getTextContent();
        return content.items
          .map((item) => ('str' in item ? item.str : ''))
          .join(' ')
          .slice(0, 20_000);
      } catch {
        return '';
      }
    },
    close,
  };
}

function within<Value>(promise: Promise<Value>, worker: Worker): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('reading it took longer than is allowed')), longest);
    worker.addEventListener('error', () => reject(new Error('its reader stopped')));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : 'unreadable';
  return `${words
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/\.$/, '')
    .slice(0, 160)}.`;
}
