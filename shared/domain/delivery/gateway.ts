import { err, ok, type Result } from '../../lib/result.ts';

/** What a site's gateway sends on: paper over the telephone, or Direct secure mail (ONC Applicability Statement for Secure Health Transport). */
export const gatewayKinds = ['fax', 'direct'] as const;
export type GatewayKind = (typeof gatewayKinds)[number];

/** One line of the site's list. Numbers and addresses come from it alone: none is ever typed where a report is sent. */
export type GatewayRecipient = {
  readonly name: string;
  /** E.164 for a fax, a Direct address for mail. */
  readonly address: string;
  /** The ordering physician's NPI, or the number that the site knows the physician by; null where the line is nobody's own. */
  readonly orderer: string | null;
  /** Where reports go whose physician has no line: the site's own reporting desk. At most one of a list. */
  readonly usual: boolean;
};

/** The line for a report: the ordering physician's by number (two people may bear one name), else the site's usual one. */
export function recipientOf(
  list: readonly GatewayRecipient[],
  orderedBy: {
    readonly name: string;
    readonly npi: string | null;
    readonly number?: { readonly value: string };
  } | null,
): Result<GatewayRecipient, string> {
  const number = orderedBy?.npi ?? orderedBy?.number?.value ?? null;
  const own = number === null ? undefined : list.find((one) => one.orderer === number);
  const found = own ?? list.find((one) => one.usual);
  if (found !== undefined) return ok(found);
  const who = orderedBy === null || orderedBy.name === '' ? 'The order names no physician' : orderedBy.name;
  return err(
    orderedBy === null || orderedBy.name === ''
      ? `${who}, and the site’s list has no usual receiver. Add one to the list, then try again.`
      : `${who} is not in the site’s list, and the list has no usual receiver. Add a line to it, then try again.`,
  );
}

/** "the fax ending 0142": enough to tell which, too little to be dialled from a screen. */
export function addressWords(kind: GatewayKind, { name, address }: Pick<GatewayRecipient, 'name' | 'address'>): string {
  return kind === 'fax' ? `${name}, fax ending ${address.slice(-4)}` : `${name}, ${address}`;
}

/** What the gateway said of a job, in our words. `none`: it has not answered yet. */
export type GatewayAnswer =
  | { readonly kind: 'accepted'; readonly words: string }
  | { readonly kind: 'filed'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'none'; readonly words: string };

/** The gateway's own words that count as its acceptance, as the destination's, and as the end without it. */
const meanings: Readonly<Record<GatewayKind, { readonly [status: string]: Exclude<GatewayAnswer['kind'], 'none'> }>> = {
  fax: {
    accepted: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    // Sent is the gateway's word alone: `delivered` is the receiving machine's (ITU-T T.30, message confirmation of the last page).
    sent: 'accepted',
    delivered: 'filed',
    failed: 'failed',
  },
  direct: {
    accepted: 'accepted',
    queued: 'accepted',
    sent: 'accepted',
    // `processed` is the receiving HISP's word; `dispatched` says that the destination has it (Delivery Notification in Direct, 1.3).
    processed: 'accepted',
    dispatched: 'filed',
    delivered: 'filed',
    failed: 'failed',
  },
};

/**
 * Reads a gateway's status of a job. It must name our job; where it names a digest, it must be that of our report. Whatever else it says
 * is no status: nothing is concluded from it.
 */
export function readGatewayStatus(
  kind: GatewayKind,
  status: unknown,
  expected: { readonly job: string; readonly sha256: string },
): GatewayAnswer {
  const found = typeof status === 'object' && status !== null ? (status as Readonly<Record<string, unknown>>) : {};
  if (found.job !== expected.job) return { kind: 'none', words: 'The gateway’s status names no job, or another one.' };
  if (typeof found.sha256 === 'string' && found.sha256.toLowerCase() !== expected.sha256)
    return { kind: 'failed', words: 'The gateway speaks of another document than was handed over.' };
  const word = typeof found.status === 'string' ? found.status.toLowerCase() : '';
  const meaning = Object.hasOwn(meanings[kind], word) ? meanings[kind][word] : undefined;
  if (meaning === undefined) return { kind: 'none', words: 'The gateway’s status is no word that is known.' };
  const detail = typeof found.detail === 'string' ? plain(found.detail) : '';
  return { kind: meaning, words: detail === '' ? word : `${word}: ${detail}` };
}

/** On one line, printable, short: it is a stranger's text beside a report. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 160);
}
