import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createHostClient, createSessionStore } from '../host/index.ts';
import { SitePage } from './site-page.tsx';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';
import './site-desk.css';

/** The site's own entry: no images, no mirror, nothing kept in the browser but the session of this window. */
const root = document.getElementById('root');
if (root === null) throw new Error('site.html has no #root');
const session = createSessionStore({
  storage: sessionStorage,
  path: location.pathname,
  newId: () => crypto.randomUUID(),
});
const refused = new EventTarget();
const host = createHostClient({
  origin: location.origin,
  session,
  onRefused: (code) => refused.dispatchEvent(new Event(code)),
});
createRoot(root).render(createElement(SitePage, { host, refused }));
