import { useEffect, useMemo, useRef, useState } from 'react';
import type { CaseContext } from '../../../shared/domain/reading/index.ts';
import type { CaseImages, Imaging, SeriesProgress } from '../../imaging/index.ts';
import type { CaseStudy } from './hung.ts';

export type StudySource = { readonly archive: string; readonly studyUid: string };
export type PriorSource = StudySource & {
  readonly label: string;
  readonly linked?: boolean;
  /** As its archive lists it: what a hanging protocol goes by until its series are known. */
  readonly listed?: { readonly modalities: readonly string[]; readonly bodyPart: string; readonly description: string };
};

export type StudiesState = {
  readonly images: CaseImages | null;
  readonly current: CaseStudy | null;
  /**
   * While the study is being described: one image of each of its stacks (`SeriesImages.partOf`), to be looked at and nothing else. Null
   * before and after.
   */
  readonly first: CaseStudy | null;
  readonly priors: readonly CaseStudy[];
  /** What could not be had, in words. */
  readonly problems: readonly string[];
  readonly loading: boolean;
  readonly progress: ReadonlyMap<string, SeriesProgress>;
};

type OwnState = Omit<StudiesState, 'priors'>;

const nothing: OwnState = {
  images: null,
  current: null,
  first: null,
  problems: [],
  loading: true,
  progress: new Map(),
};

/** Milliseconds until a silent archive is asked again by itself, longer each time: nobody has to notice that the line is back. */
function waitAfter(silences: number): number {
  return [2_000, 4_000, 8_000][silences] ?? 15_000;
}
const askedAgain = 'It is asked again by itself until it answers; order and report work meanwhile.';

/** Milliseconds between two tellings of how much is here: each is a frame of the screen, drawn while images are being decoded. */
const progressEvery = 300;

/** Milliseconds between looks for a new rejection note. */
const noteWatch = 60_000;

function isOf(one: CaseStudy, study: StudySource | null): boolean {
  return one.images.archive === study?.archive && one.images.studyUid === study.studyUid;
}

/** Null where the study has to be waited for. */
function knownAtOnce(imaging: Imaging, { epoch }: CaseContext, study: StudySource | null): OwnState | null {
  const known = study === null ? null : imaging.knownStudy(epoch, study.archive, study.studyUid);
  const images = imaging.images(epoch);
  if (known === null || images === null) return null;
  return { ...nothing, images, loading: false, current: { images: known, prior: null }, problems: known.problems };
}

/** The studies of one opening of a case. Whatever belongs to another epoch or was asked for by an unmounted viewer is dropped. */
export function useStudies(
  imaging: Imaging,
  context: CaseContext,
  study: StudySource | null,
  priors: readonly PriorSource[],
): StudiesState & {
  readonly again: () => void;
  readonly withRejected: boolean;
  readonly showRejected: (show: boolean) => void;
} {
  const [attempt, setAttempt] = useState(0);
  /** How often the archive was silent in a row, about the exam itself. */
  const silences = useRef(0);
  const [withRejected, setWithRejected] = useState(false);
  // What is in this window's memory stands with the very first screen.
  const [known] = useState(() => knownAtOnce(imaging, context, study));
  const [state, setState] = useState<{ readonly epoch: number; readonly value: OwnState }>({
    epoch: context.epoch,
    value: known ?? nothing,
  });
  const key = JSON.stringify([context.epoch, attempt, withRejected, study]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the values of epoch and study.
  useEffect(() => {
    const controller = new AbortController();
    const isKnown = known?.current != null && attempt === 0 && !withRejected && isOf(known.current, study);
    let latest: OwnState = isKnown ? known : { ...nothing, loading: study !== null };
    const put = (change: Partial<OwnState>): void => {
      if (controller.signal.aborted) return;
      latest = { ...latest, ...change };
      setState({ epoch: context.epoch, value: latest });
    };
    put({});
    if (study === null) return () => controller.abort();
    const progress = new Map<string, SeriesProgress>();
    let progressTimer: ReturnType<typeof setTimeout> | null = null;
    let againTimer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      const answer = await imaging.loadStudy(context, study.archive, study.studyUid, {
        signal: controller.signal,
        withQualityRejected: withRejected,
        onFirst: (first) => {
          const images = imaging.images(context.epoch);
          if (images !== null && latest.current === null && latest.loading)
            put({ images, first: { images: first, prior: null } });
        },
      });
      const images = imaging.images(context.epoch);
      if (!answer.ok || images === null) {
        const isSilent = !answer.ok && answer.error.code === 'unreachable';
        put({
          loading: false,
          first: null,
          problems: answer.ok ? [] : [answer.error.words, ...(isSilent ? [askedAgain] : [])],
        });
        if (isSilent) againTimer = setTimeout(() => setAttempt((count) => count + 1), waitAfter(silences.current));
        silences.current += 1;
        return;
      }
      silences.current = 0;
      const stop = images.onProgress((one) => {
        progress.set(one.seriesUid, one);
        // Hundreds of images a second would be hundreds of renders a second.
        progressTimer ??= setTimeout(() => {
          progressTimer = null;
          put({ progress: new Map(progress) });
        }, progressEvery);
      });
      controller.signal.addEventListener('abort', stop, { once: true });
      // The very same object where it stands already: nothing hangs anew.
      const current = latest.current?.images === answer.value ? latest.current : { images: answer.value, prior: null };
      put({ images, loading: false, current, first: null, problems: answer.value.problems });
    };
    void load();
    // The notes of a site may come while its images are read.
    const watch = setInterval(() => {
      if (latest.current === null) return;
      void imaging.notesChanged(context, study.archive, study.studyUid, controller.signal).then((changed) => {
        if (changed && !controller.signal.aborted) setAttempt((count) => count + 1);
      });
    }, noteWatch);
    return () => {
      controller.abort();
      clearInterval(watch);
      clearTimeout(againTimer);
      if (progressTimer !== null) clearTimeout(progressTimer);
    };
  }, [imaging, key]);

  const value = state.epoch === context.epoch ? state.value : nothing;
  const shown = usePriorStudies(imaging, context, priors, value.current === null ? null : key);
  return {
    ...value,
    priors: shown.priors,
    problems: shown.problems.length === 0 ? value.problems : [...value.problems, ...shown.problems],
    again: () => setAttempt((count) => count + 1),
    withRejected,
    showRejected: setWithRejected,
  };
}

type LoadedPriors = { readonly studies: ReadonlyMap<string, CaseStudy>; readonly problems: readonly string[] };
const noPriors: LoadedPriors = { studies: new Map(), problems: [] };

/**
 * Priors of the case one after the other, once its own series are known. One that comes later is loaded beside those that are here; one
 * that is no longer among them is gone at once.
 */
function usePriorStudies(
  imaging: Imaging,
  context: CaseContext,
  priors: readonly PriorSource[],
  /** Names the loading of the case's own study; null until that is here. */
  own: string | null,
): { readonly priors: readonly CaseStudy[]; readonly problems: readonly string[] } {
  const [state, setState] = useState<{ readonly own: string | null; readonly loaded: LoadedPriors }>({
    own: null,
    loaded: noPriors,
  });
  const loaded = own !== null && state.own === own ? state.loaded : noPriors;
  const [attempt, setAttempt] = useState(0);
  const silences = useRef(0);
  const here = useRef(loaded);
  here.current = loaded;
  const wanted = JSON.stringify(priors);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the priors.
  useEffect(() => {
    if (own === null) return;
    const controller = new AbortController();
    let latest: LoadedPriors = { studies: here.current.studies, problems: [] };
    let againTimer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      let silent = false;
      for (const prior of priors) {
        if (latest.studies.has(prior.studyUid)) continue;
        const before = await imaging.loadStudy(context, prior.archive, prior.studyUid, { signal: controller.signal });
        if (controller.signal.aborted) return;
        silent ||= !before.ok && before.error.code === 'unreachable';
        latest = before.ok
          ? {
              ...latest,
              studies: new Map(latest.studies).set(prior.studyUid, {
                images: before.value,
                prior: prior.label,
                linked: prior.linked === true,
              }),
            }
          : { ...latest, problems: [...latest.problems, `Prior ${prior.label}: ${before.error.words}`] };
        setState({ own, loaded: latest });
      }
      if (silent) againTimer = setTimeout(() => setAttempt((count) => count + 1), waitAfter(silences.current));
      silences.current = silent ? silences.current + 1 : 0;
    };
    void load();
    return () => {
      controller.abort();
      clearTimeout(againTimer);
    };
  }, [imaging, own, wanted, attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  const shown = useMemo(() => priors.flatMap((prior) => loaded.studies.get(prior.studyUid) ?? []), [loaded, wanted]);
  return { priors: shown, problems: loaded.problems };
}
