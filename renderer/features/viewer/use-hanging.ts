import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Hanging, type HangingRule, hang } from '../../../shared/domain/hanging/index.ts';
import type { ViewerLayout } from '../../case/index.ts';
import { hangingCase, hangsAlready, hungOfSlot, type ShownBefore } from './hang-slots.ts';
import { mostSlots } from './hung.ts';
import type { Slots } from './use-slots.ts';
import type { PriorSource, StudiesState } from './use-studies.ts';

/** What one of several windows shows of a rule: the reader's own choice in it, else its turn among the windows. */
export type StagesOfWindow = {
  /** 0-based; one that a rule has not is its last. */
  first(rule: string | null): number;
  keep(rule: string | null, stage: number): void;
};

export type HangingNow = {
  /** Null until the study's series are known. */
  readonly hanging: Hanging | null;
  /** 0-based; of the stages of `hanging`. */
  readonly stage: number;
  /** The reader has hung something herself: no rule hangs over it unless she asks. */
  readonly byHand: boolean;
  /** A rule would hang more, or otherwise, since more has come; it waits to be asked. */
  readonly waits: boolean;
  touch(): void;
  step(by: 1 | -1): void;
  again(): void;
  /** What an empty box of the stage was meant for; null where the rule says nothing of it. */
  emptyWords(slot: number): string | null;
};

/** Hangs a case by its rules: at once when its series are known, anew as priors come, and never over what was changed by hand. */
export function useHanging(parts: {
  readonly rules: readonly HangingRule[];
  readonly studies: Pick<StudiesState, 'images' | 'current' | 'priors'>;
  /** False while the study is known by one image of each stack alone: what a key does then is not the reader's own hanging. */
  readonly isDescribed: boolean;
  readonly sources: readonly PriorSource[];
  readonly screens: number;
  /** A view that was suspended comes back as it was; no rule hangs over it. */
  readonly kept: boolean;
  readonly slots: Slots;
  readonly before: ShownBefore;
  /** At which stage of a rule this window begins, and where it keeps the one that the reader chose in it. */
  readonly stages: StagesOfWindow | null;
}): HangingNow {
  const { rules, sources, screens, kept, isDescribed } = parts;
  const { images, current, priors } = parts.studies;
  const [stage, setStage] = useState(0);
  /** Where the reader stands, or this window begins; a rule that has fewer stages yet (a prior comes) shows its last meanwhile. */
  const [wished, setWished] = useState<number | null>(null);
  const [byHand, setByHand] = useState(kept);
  const [applied, setApplied] = useState<string | null>(null);
  const latest = useRef(parts);
  latest.current = parts;
  const wanted = JSON.stringify(sources);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the sources.
  const hanging = useMemo(
    () => (current === null ? null : hang(rules, hangingCase(current, priors, sources, screens))),
    [rules, current, priors, wanted, screens],
  );
  const known = useMemo(() => (hanging === null ? null : JSON.stringify(hanging.stages)), [hanging]);

  // A study that was read anew (a rejection note came) has other series under the same names.
  const reading = useRef(current);
  useEffect(() => {
    if (reading.current !== null && reading.current !== current) setApplied(null);
    reading.current = current;
  }, [current]);

  const apply = useCallback(
    (index: number): void => {
      const { slots, before, studies } = latest.current;
      const shown = hanging?.stages[index];
      if (studies.images === null || studies.current === null || shown === undefined) return;
      const own = studies.images;
      const all = [studies.current, ...studies.priors];
      const next = Array.from({ length: mostSlots }, (_, at) => {
        const slot = shown.slots[at];
        return slot === undefined || slot.of === 'nobody' ? null : hungOfSlot(slot, own, all, before);
      });
      for (const one of new Set(next.flatMap((each) => each?.series ?? []).toReversed())) own.stream(one, 'front');
      slots.setHung((there) =>
        next.map((one, at) => (hangsAlready(there[at] ?? null, one) ? (there[at] ?? null) : one)),
      );
      slots.setLayout(`${shown.rows}x${shown.columns}` as ViewerLayout);
      setStage(index);
      setApplied(known);
    },
    [hanging, known],
  );

  // Before the screen is drawn: what is here already hangs with its first frame.
  useLayoutEffect(() => {
    if (hanging === null || images === null || byHand || applied === known) return;
    const { slots } = latest.current;
    const from = wished ?? latest.current.stages?.first(ruleOf(hanging)) ?? 0;
    apply(Math.min(from, Math.max(0, hanging.stages.length - 1)));
    if (applied === null) slots.activate(0);
  }, [hanging, images, byHand, applied, known, wished, apply]);

  // A key before anything hangs changes nothing that hangs: the study still hangs by its rule.
  const hasHung = useRef(kept);
  if (applied !== null && isDescribed) hasHung.current = true;
  const touch = useCallback(() => {
    if (hasHung.current) setByHand(true);
  }, []);
  const go = (index: number): void => {
    setByHand(false);
    setWished(index);
    apply(index);
    latest.current.slots.activate(0);
  };
  const count = hanging?.stages.length ?? 0;
  return {
    hanging,
    stage: Math.min(stage, Math.max(0, count - 1)),
    byHand,
    waits: byHand && applied !== null && applied !== known,
    touch,
    step: (by) => {
      const next = stage + by;
      if (next < 0 || next >= count) return;
      go(next);
      if (hanging !== null) parts.stages?.keep(ruleOf(hanging), next);
    },
    again: () => go(Math.min(stage, Math.max(0, count - 1))),
    emptyWords: (slot) => {
      const box = byHand ? undefined : hanging?.stages[stage]?.slots[slot];
      if (box === undefined || box.of !== 'nobody' || box.because === '') return null;
      if (box.awaited) return `${box.because}: on its way.`;
      return box.because.startsWith('no prior')
        ? `${box.because[0]?.toUpperCase()}${box.because.slice(1)}.`
        : `No image here is “${box.because}”.`;
    },
  };
}

const ruleOf = (hanging: Hanging): string | null => hanging.rule?.protocol.id ?? null;
