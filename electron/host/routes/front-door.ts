import type { Hono } from 'hono';
import type { Host, HostConfig } from '../config.ts';
import { secured, siteContentSecurityPolicy } from './headers.ts';
import { failure } from './mount.ts';
import { originRefusal } from './origin-check.ts';
import { servePage } from './page.ts';

/** What every host has at its door: who may ask at all, the calls that there are, the page, and the headers on each answer. */
export function answerOwnPaths(
  app: Hono,
  config: HostConfig,
  /** The record's own door for the programs of a site; null where there is none. */
  fhir: Host['fetch'] | null,
): Host['fetch'] {
  for (const prefix of ['/api/*', '/dicomweb/*', '/events/*']) {
    app.all(prefix, () => Response.json(failure('not-found', 'There is no such call.').error, { status: 404 }));
  }
  return async (request) => {
    const refusal = originRefusal(request, config.origins());
    if (refusal !== null) return secured(Response.json(failure('forbidden', refusal).error, { status: 403 }));
    const { pathname } = new URL(request.url);
    if (fhir !== null && /^\/fhir(?:\/|$)/.test(pathname)) return secured(await fhir(request));
    if (/^\/(?:api|dicomweb|events)(?:\/|$)/.test(pathname)) return secured(await app.fetch(request));
    if (config.pageDirectory === null || (request.method !== 'GET' && request.method !== 'HEAD'))
      return secured(new Response('Not found', { status: 404 }));
    const { response, immutable } = await servePage(config.pageDirectory, request);
    const answer = secured(response, immutable ? 'immutable' : 'no-store');
    // The site's desk shows words only: no WebAssembly, no workers, no pictures but those that came with an answer.
    if (pathname === '/site') answer.headers.set('Content-Security-Policy', siteContentSecurityPolicy);
    return answer;
  };
}
