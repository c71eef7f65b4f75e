/**
 * Refuses requests that name another host or come from another origin: DNS rebinding reaches 127.0.0.1 under a foreign `Host`, and a
 * foreign page reaches it with its own `Origin`. `origins` are the shell's own, such as `http://127.0.0.1:4870` or `overread://app`.
 */
export function originRefusal(request: Request, origins: readonly string[]): string | null {
  const host = request.headers.get('Host');
  const hosts = origins.map((origin) => origin.replace(/^[a-z]+:\/\//, ''));
  if (host !== null && !hosts.includes(host.toLowerCase())) return 'This address is not Overread’s own.';
  const origin = request.headers.get('Origin');
  if (origin !== null && !origins.includes(origin)) return 'Requests from other pages are refused.';
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return 'Requests from other pages are refused.';
  return null;
}
