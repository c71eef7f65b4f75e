import { useCallback, useEffect, useRef } from 'react';
import type { Draft } from '../../../shared/domain/report/index.ts';

/** Why an addendum of these words is written, where nothing was said yet. */
const reasonOfTelling = 'Communication of a critical result';

/**
 * The Communication section writes itself while the report is written: from what was recorded, and never under an open Sign dialog, so that
 * what is signed is what was read. After the signature nothing of it changes; words for an addendum come as a proposal.
 */
export function useCommunication(options: {
  /** What is to be said now; null while nobody knows. */
  readonly communication: string | null;
  readonly draft: Draft | null;
  /** Whether words may be put into the draft now. */
  readonly writes: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly startLater: (kind: 'addendum' | 'correction') => void;
}): (kind: 'addendum' | 'correction', words?: string) => void {
  const { communication, draft, writes, edit, startLater } = options;
  const kind = draft?.kind ?? null;
  const stands = draft?.communication ?? '';
  useEffect(() => {
    if (!writes || communication === null || kind === null || kind === 'addendum' || stands === communication) return;
    edit((before) => ({ ...before, communication }));
  }, [writes, communication, kind, stands, edit]);

  const proposed = useRef<string | null>(null);
  useEffect(() => {
    const words = proposed.current;
    if (words === null || !writes || kind !== 'addendum') return;
    proposed.current = null;
    edit((before) => {
      const there = before.addendum.trimEnd();
      const fresh = words.split('\n').filter((line) => !there.includes(line));
      return {
        ...before,
        addendum: [there, ...fresh].filter((line) => line !== '').join('\n'),
        reason: before.reason.trim() === '' ? reasonOfTelling : before.reason,
      };
    });
  });
  return useCallback(
    (next, words) => {
      proposed.current = next === 'addendum' ? (words ?? null) : null;
      startLater(next);
    },
    [startLater],
  );
}
