import { useCallback, useEffect } from 'react';
import type { WrittenKind } from '../../../shared/domain/report/index.ts';
import type { ImagesOfOthers } from './images-at-signing.ts';
import { givesToSign, type ImagesNow, type Issue, type Rival } from './may-issue.ts';
import { type SignFacts, signBlock } from './sign-blocks.ts';

export type SigningOpen = {
  readonly kind: WrittenKind;
  /** It is given to somebody who may sign it. */
  readonly give: boolean;
  readonly passwordNeeded: boolean;
  /** As it was told at this press. */
  readonly issue: Issue;
  readonly rival: Rival;
  readonly images: ImagesNow;
  readonly imagesOfOthers: ImagesOfOthers;
};

type Requirements = {
  readonly passwordNeeded: boolean;
  readonly issue: Issue;
  readonly rival: Rival;
  readonly images: ImagesNow;
};

/** The dialog of a signature, from the press to its end. */
export function useSigning(options: {
  readonly signing: SigningOpen | null;
  readonly setSigning: (next: SigningOpen | null) => void;
  readonly facts: SignFacts;
  /** Whether this window writes. */
  readonly writes: boolean;
  readonly flush: () => Promise<boolean>;
  readonly askRequirements: () => Promise<Requirements | null>;
  readonly askOthers: () => Promise<ImagesOfOthers>;
  readonly tell: (note: string | null) => void;
}): { readonly trySign: (kind: WrittenKind) => void } {
  const { signing, setSigning, facts, writes, flush, askRequirements, askOthers, tell } = options;
  const open = useCallback(
    async (kind: WrittenKind): Promise<void> => {
      tell(null);
      const [saved, asked, imagesOfOthers] = await Promise.all([flush(), askRequirements(), askOthers()]);
      if (!saved) return tell('Not signed: your words are not in both places yet.');
      // Without an answer the password is offered: giving one that is not needed does no harm.
      setSigning({
        kind,
        give: kind === 'final' && givesToSign(asked?.issue ?? null),
        passwordNeeded: asked?.passwordNeeded ?? true,
        issue: asked?.issue ?? null,
        rival: asked?.rival ?? null,
        images: asked?.images ?? null,
        imagesOfOthers,
      });
    },
    [flush, askRequirements, askOthers, tell, setSigning],
  );
  // Another window took over under the dialog: what was pressed is answered all the same, but nothing more is signed from here.
  useEffect(() => {
    if (signing === null || writes) return;
    setSigning(null);
    tell('Signing was given up here: another window writes this report now.');
  }, [signing, writes, setSigning, tell]);
  const trySign = useCallback(
    (kind: WrittenKind): void => {
      if (signing !== null) return;
      const block = signBlock(kind, facts);
      if (block === null) void open(kind);
      else tell(block);
    },
    [facts, signing, open, tell],
  );
  return { trySign };
}
