import { reportName, searchByName } from '../../../../shared/interop/fhir/index.ts';
import { at, listAt, textAt } from '../../../../shared/interop/fhir/read.ts';
import { remoteFetch } from '../../remote-fetch.ts';
import { tokenUnopened } from '../../settings/channel-secret.ts';
import type { ImrReceiver } from '../../settings/types.ts';
import { limitedAnswer } from '../limited-answer.ts';
import type { ChannelTest } from '../test-channel.ts';

/** How long a server may think over a transaction, in milliseconds: it stores a report with its pictures. */
const answerWithin = 30_000;
/** A report with its PDF and eight pictures is a tenth of it. */
const largestAnswer = 64 * 1024 * 1024;

/** What a server said. `changed`: what was read is no more what stands there (409, 412). */
export type FhirAnswer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'missing'; readonly words: string }
  | { readonly kind: 'changed'; readonly words: string }
  /** Cannot be asked now: costs only time. */
  | { readonly kind: 'wait'; readonly words: string }
  /** Repeating cannot help: a person must look. */
  | { readonly kind: 'refused'; readonly words: string };

export type FhirServer = {
  /** `fhir.example`: the hop that answers, for people. */
  readonly name: string;
  readonly address: string;
  /** `path` below the base address, with its query. */
  read(path: string): Promise<FhirAnswer>;
  /** POST of a resource that is made where none matches the query (R4 http.html#ccreate). */
  create(resource: { readonly resourceType: string }, ifNoneExist: string): Promise<FhirAnswer>;
  /** POST of a transaction to the base address. */
  transact(bundle: unknown): Promise<FhirAnswer>;
};

/** A site's FHIR R4 server. Redirects are not followed: a report goes where the settings say and nowhere else. */
export function createFhirServer({ url, token }: Pick<ImrReceiver, 'url' | 'token'>): FhirServer {
  const name = new URL(url).host;
  const ask = async (
    method: 'GET' | 'POST',
    address: string,
    body: string | null,
    ifNoneExist: string | null = null,
  ): Promise<FhirAnswer> => {
    if (typeof token === 'object' && token !== null) return { kind: 'refused', words: tokenUnopened };
    let response: Response;
    let text: string | null;
    try {
      response = await remoteFetch(
        new Request(address, {
          method,
          redirect: 'manual',
          signal: AbortSignal.timeout(answerWithin),
          headers: {
            Accept: 'application/fhir+json',
            ...(body === null ? {} : { 'Content-Type': 'application/fhir+json' }),
            ...(ifNoneExist === null ? {} : { Prefer: 'return=minimal' }),
            ...(ifNoneExist === null ? {} : { 'If-None-Exist': ifNoneExist }),
            ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          },
          ...(body === null ? {} : { body }),
        }),
      );
      text = await limitedAnswer(response, largestAnswer);
    } catch (reason) {
      const timeout = reason instanceof Error && reason.name === 'TimeoutError';
      return {
        kind: 'wait',
        words: timeout ? `${name} did not answer within ${answerWithin / 1_000} s.` : `${name} could not be reached.`,
      };
    }
    const { status } = response;
    if (status === 401 || status === 403)
      return { kind: 'refused', words: `${name} does not let this host in (${status}). Correct its token.` };
    if (status === 409 || status === 412) return { kind: 'changed', words: `${name} answered ${status}.` };
    if (status === 408 || status === 425 || status === 429 || status >= 500)
      return { kind: 'wait', words: `${name} answered ${status}${reasonIn(text)}.` };
    if (status === 404 || status === 410)
      return { kind: 'missing', words: `${name} answered ${status}${reasonIn(text)}.` };
    if (status >= 300 && status < 400)
      return { kind: 'refused', words: `${name} points elsewhere (${status}). Set the address that it means.` };
    if (status < 200 || status >= 300)
      return { kind: 'refused', words: `${name} refused it: ${status}${reasonIn(text)}.` };
    // A minimal answer to a create has no body (R4 http.html#return).
    if (ifNoneExist !== null) return { kind: 'ok', body: null };
    if (text === null) return { kind: 'refused', words: `${name} answered with more than ${largestAnswer} bytes.` };
    try {
      const parsed: unknown = JSON.parse(text);
      if (textAt(parsed, 'resourceType') !== null) return { kind: 'ok', body: parsed };
    } catch {
      // Said below.
    }
    return { kind: 'wait', words: `${name} answered, but not with FHIR.` };
  };
  return {
    name,
    address: url,
    read: (path) => ask('GET', `${url}/${path}`, null),
    create: (resource, ifNoneExist) =>
      ask('POST', `${url}/${resource.resourceType}`, JSON.stringify(resource), ifNoneExist),
    transact: (bundle) => ask('POST', url, JSON.stringify(bundle)),
  };
}

/** Only asks: no report and nothing of a patient goes out. */
export async function tryFhirServer(setting: ImrReceiver): Promise<ChannelTest> {
  const server = createFhirServer(setting);
  const says = (answers: boolean, words: string): ChannelTest => ({ answers, words });
  const capable = await server.read('metadata');
  if (capable.kind !== 'ok')
    return says(
      false,
      capable.kind === 'missing' || capable.kind === 'wait'
        ? `${capable.words} Is this the base address of a FHIR server?`
        : capable.words,
    );
  const version = textAt(capable.body, 'fhirVersion');
  if (textAt(capable.body, 'resourceType') !== 'CapabilityStatement' || version === null)
    return says(
      false,
      `${server.name} answers, but does not say what it is. Is this the base address of a FHIR server?`,
    );
  if (!/^4\.0\./.test(version)) return says(false, `${server.name} speaks FHIR ${version}. Reports go in R4 (4.0.1).`);
  const interactions = listAt(capable.body, 'rest', 0, 'interaction').map((one) => textAt(one, 'code'));
  if (interactions.length > 0 && !interactions.includes('transaction'))
    return says(false, `${server.name} says that it takes no transactions, and a report goes as one.`);
  const none = await server.read(`DiagnosticReport?${searchByName(reportName('OVERREAD-CONNECTION-TEST'))}`);
  if (none.kind !== 'ok') return says(false, none.words);
  return says(
    true,
    `${server.name} speaks FHIR ${version}${interactions.includes('transaction') ? ' and takes transactions' : ''}, and lets this host look for reports. Nothing was sent, so whether it takes one shows with the first.`,
  );
}

/** What an OperationOutcome says, on one line and short: it is a stranger's text beside a report. */
function reasonIn(text: string | null): string {
  let words = '';
  try {
    const issue = listAt(JSON.parse(text ?? ''), 'issue').find((one) => at(one, 'severity') !== 'information');
    words = textAt(issue, 'diagnostics') ?? textAt(issue, 'details', 'text') ?? textAt(issue, 'code') ?? '';
  } catch {
    // A page of a proxy says nothing of use.
  }
  const plain = words
    .replace(/<[^>]*>|[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 160);
  return plain === '' ? '' : `, ${plain}`;
}
