import { remoteFetch } from '../../remote-fetch.ts';
import { tokenUnopened } from '../../settings/channel-secret.ts';
import type { ChannelToken } from '../../settings/types.ts';
import { limitedAnswer } from '../limited-answer.ts';
import type { GatewayPort, JobStatus } from './gateway-port.ts';

/** How long a gateway may think, in milliseconds: it takes a job in, it does not send it meanwhile. */
const answerWithin = 15_000;
const largestStatus = 64 * 1024;

/**
 * A gateway's HTTP port: `GET {url}/{job}` tells the status, 404 where it knows no such job; `PUT {url}/{job}` hands it over, documents as
 * base64. Redirects are not followed: a report goes where the settings say and nowhere else.
 */
export function createHttpPort(gateway: { readonly url: string; readonly token: ChannelToken }): GatewayPort {
  const { token } = gateway;
  const ask = async (method: 'GET' | 'PUT', id: string, body: string | null): Promise<JobStatus> => {
    if (typeof token === 'object' && token !== null) return { kind: 'refused', words: tokenUnopened };
    let response: Response;
    let text: string | null;
    try {
      response = await remoteFetch(
        new Request(`${gateway.url}/${encodeURIComponent(id)}`, {
          method,
          redirect: 'manual',
          signal: AbortSignal.timeout(answerWithin),
          headers: {
            Accept: 'application/json',
            ...(body === null ? {} : { 'Content-Type': 'application/json' }),
            ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          },
          ...(body === null ? {} : { body }),
        }),
      );
      text = await limitedAnswer(response, largestStatus);
    } catch (reason) {
      const timeout = reason instanceof Error && reason.name === 'TimeoutError';
      return {
        kind: 'wait',
        words: timeout
          ? `The gateway did not answer within ${answerWithin / 1_000} s.`
          : 'The gateway could not be reached.',
      };
    }
    const { status } = response;
    if (status === 404 && method === 'GET') return { kind: 'unknown' };
    if (status === 401 || status === 403)
      return {
        kind: 'refused',
        words: `The gateway does not know this host (${status}). Correct its token in the settings.`,
      };
    if (status === 408 || status === 425 || status === 429 || status >= 500)
      return { kind: 'wait', words: `The gateway answered ${status}.` };
    if (status < 200 || status >= 300)
      return { kind: 'refused', words: `The gateway refused the job: ${status}${reasonIn(text)}.` };
    if (text === null) return { kind: 'silent', words: 'The gateway’s answer is too large to be a status.' };
    try {
      return { kind: 'status', status: JSON.parse(text) };
    } catch {
      return { kind: 'silent', words: 'The gateway answered, but not with a status.' };
    }
  };
  return {
    status: (id) => ask('GET', id, null),
    hand: (job) =>
      ask(
        'PUT',
        job.id,
        JSON.stringify({
          ...job.file,
          documents: job.documents.map(({ name, sha256, bytes }) => ({
            name,
            sha256,
            contentType: 'application/pdf',
            base64: Buffer.from(bytes).toString('base64'),
          })),
        }),
      ),
  };
}

function reasonIn(text: string | null): string {
  const words = (text ?? '')
    .replace(/<[^>]*>|[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 120);
  return words === '' ? '' : `, ${words}`;
}
