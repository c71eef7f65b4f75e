/** The page's policy (DESIGN 2.1): own origin only, no inline, no `blob:` scripts; WebAssembly for the codecs. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The site's desk has no codecs and no images of studies. */
export const siteContentSecurityPolicy = contentSecurityPolicy
  .replace(" 'wasm-unsafe-eval'", '')
  .replace("worker-src 'self'", "worker-src 'none'")
  .replace("img-src 'self' blob: data:", "img-src 'self' data:");

/** On every answer of the host, whoever asks. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(self), payment=(), usb=()',
};

/** The same answer with the host's headers; patient data is never left to the HTTP cache. */
export function secured(response: Response, cache: 'no-store' | 'immutable' = 'no-store'): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  headers.set('Cache-Control', cache === 'immutable' ? 'public, max-age=31536000, immutable' : 'no-store');
  headers.delete('Set-Cookie');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
