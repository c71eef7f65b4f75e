import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { earlyAnswers } from '../host/early-answers.ts';
import { createHostClient, createSessionStore } from '../host/index.ts';
import { App } from './app.tsx';
import { createImagingSlot } from './imaging-slot.ts';
import { createRouter } from './route.ts';
import { imageWindowId, startImageWindow } from './windows/start-image-window.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';
import '../ui/blocks.css';
import '../ui/board.css';
import '../ui/figure-table.css';
import '../ui/palette.css';
import './app.css';

/** Brings the program that draws images without running it: running it would hold up the first questions. */
function bringImagesProgram(): void {
  const files = document.querySelector<HTMLMetaElement>('meta[name="overread-images"]')?.content ?? '';
  for (const file of files.split(' ').filter((one) => one !== '')) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = file;
    document.head.append(link);
  }
}

function start(): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const imageWindow = imageWindowId(location.pathname);
  if (imageWindow !== null) {
    startImageWindow(root, imageWindow);
    return;
  }
  const session = createSessionStore({
    storage: sessionStorage,
    path: location.pathname,
    newId: () => crypto.randomUUID(),
  });
  /** The app listens to what any call learned about the session. */
  const refused = new EventTarget();
  const host = createHostClient({
    origin: location.origin,
    session,
    fetch: earlyAnswers.fetch,
    onRefused: (code) => refused.dispatchEvent(new Event(code)),
  });
  const router = createRouter(window);
  if (router.route.getState().kind === 'case') bringImagesProgram();
  createRoot(root).render(createElement(App, { host, refused, router, imaging: createImagingSlot(host) }));
}

start();
