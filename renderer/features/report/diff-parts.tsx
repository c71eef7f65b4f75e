import type { DiffPart } from '../../../shared/lib/word-diff.ts';
import { unbroken } from '../../ui/index.ts';

/** One text with what went and what came, in the order of the words; long words that stayed are shortened. */
export function DiffParts({ parts }: { readonly parts: readonly DiffPart[] }) {
  return parts.map((part, at) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
    if (part.kind === 'new') return <ins key={at}>{unbroken(part.text)}</ins>;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
    if (part.kind === 'gone') return <del key={at}>{unbroken(part.text)}</del>;
    const { text } = part;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
      <span key={at} className="dim">
        {unbroken(text.length > 90 ? `${text.slice(0, 40)} \u2026 ${text.slice(-40)}` : text)}
      </span>
    );
  });
}
