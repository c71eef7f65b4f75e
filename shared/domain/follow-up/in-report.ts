import type { ReportVersion } from '../report/index.ts';
import type { FollowUp, FollowUpOfReport } from './follow-up.ts';

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

/** Whether a section says the words; spacing and capitals apart. */
export function saysQuote(sections: readonly { readonly text: string }[], quote: string): boolean {
  const words = plain(quote);
  return words !== '' && sections.some(({ text }) => plain(text).includes(words));
}

/** The version that holds its words: a final or a correction stands for the whole report, addenda stand beside it. */
export function toldByReport(
  followUp: Pick<FollowUp, 'quote' | 'readings'>,
  versions: readonly ReportVersion[],
): FollowUpOfReport | null {
  const out = versions
    .filter((one) => one.returned === null && one.state !== 'signed-not-released')
    .sort((one, other) => one.version - other.version);
  const last = out.at(-1);
  if (last === undefined) return null;
  if (last.kind === 'withdrawal') return { kind: 'withdrawn', version: last.version };
  const whole = out.findLastIndex((one) => one.kind !== 'addendum');
  const standing = out.slice(Math.max(0, whole));
  const saying = standing.findLast(({ content }) => saysQuote(content.sections, followUp.quote));
  if (saying === undefined) return { kind: 'not-said', version: last.version };
  const { version, digest, content } = saying;
  const { reportId, signedAt, signer } = content;
  const own = followUp.readings.some(({ by }) => by.id === signer.id);
  const by = own ? {} : { signer: { id: signer.id, name: signer.name } };
  return { kind: 'said', basis: { reportId, version, digest, signedAt, ...by } };
}
