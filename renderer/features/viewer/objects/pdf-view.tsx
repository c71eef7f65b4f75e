import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type OpenedPdf, openPdf } from '../../../imaging/index.ts';

/** A PDF page by page. Page keys turn it; nothing in it is a link. */
export function PdfView({ bytes }: { readonly bytes: Uint8Array }) {
  const [pdf, setPdf] = useState<OpenedPdf | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let open: OpenedPdf | null = null;
    let gone = false;
    setPdf(null);
    setProblem(null);
    void openPdf(bytes).then((answer) => {
      if (gone) {
        if (answer.ok) answer.value.close();
      } else if (answer.ok) {
        open = answer.value;
        setPdf(open);
      } else setProblem(answer.error);
    });
    return () => {
      gone = true;
      open?.close();
    };
  }, [bytes]);
  if (problem !== null) return <p role="status">{problem}</p>;
  if (pdf === null) return <p className="quiet-words">Opening the document…</p>;
  return <Pages pdf={pdf} />;
}

function Pages({ pdf }: { readonly pdf: OpenedPdf }) {
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [width, setWidth] = useState(0);
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return;
    const controller = new AbortController();
    // A canvas can be drawn once at a time: each page and size has one of its own.
    const fresh = document.createElement('canvas');
    void pdf.draw(page, fresh, width * zoom, controller.signal).then((drawn) => {
      if (controller.signal.aborted) return;
      setProblem(drawn.ok ? null : drawn.error);
      element.width = fresh.width;
      element.height = fresh.height;
      if (drawn.ok && fresh.width > 0) element.getContext('2d')?.drawImage(fresh, 0, 0);
      element.style.width = `${width * zoom}px`;
      element.dataset.page = String(page);
    });
    void pdf.words(page).then((found) => {
      if (!controller.signal.aborted) setWords(found);
    });
    return () => controller.abort();
  }, [pdf, page, width, zoom]);
  function onKey(event: KeyboardEvent): void {
    const last = pdf.pages;
    if (event.key === 'PageDown') setPage((now) => Math.min(last, now + 1));
    else if (event.key === 'PageUp') setPage((now) => Math.max(1, now - 1));
    else if (event.key === 'Home') setPage(1);
    else if (event.key === 'End') setPage(last);
    else if (event.key === '+') setZoom((now) => Math.min(4, now * 1.25));
    else if (event.key === '-') setZoom((now) => Math.max(1, now / 1.25));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <>
      <p className="trace-tools">
        <button type="button" className="tool" disabled={page === 1} onClick={() => setPage(page - 1)}>
          Previous page
        </button>
        <b>
          Page {page} of {pdf.pages}
        </b>
        <button type="button" className="tool" disabled={page === pdf.pages} onClick={() => setPage(page + 1)}>
          Next page
        </button>
        <button type="button" className="tool" onClick={() => setZoom((now) => Math.max(1, now / 1.25))}>
          Smaller
        </button>
        <button type="button" className="tool" onClick={() => setZoom((now) => Math.min(4, now * 1.25))}>
          Larger
        </button>
      </p>
      {problem === null ? null : <p role="status">{problem}</p>}
      <div
        ref={box}
        className="pdf-page"
        role="application"
        aria-label={`Page ${page} of ${pdf.pages}. Page keys turn pages, plus and minus change the size.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: pages are turned and scrolled by keys.
        tabIndex={0}
        onKeyDown={onKey}
      >
        <canvas ref={canvas} role="img" aria-label={words === '' ? `Page ${page}, no words in it` : words} />
      </div>
    </>
  );
}
