import { useEffect, useState } from 'react';
import {
  type CaseImages,
  type ComputedVolume,
  type Imaging,
  planeOfFrame,
  type SeriesImages,
} from '../../imaging/index.ts';
import { firstFusionLevel, fusionFor, fusionLevels, fusionOpacities, fusionScale } from './fusion.ts';
import { type CaseStudy, type Hung, seriesName } from './hung.ts';
import { sameSpace } from './shown-frames.ts';
import type { Slots } from './use-slots.ts';
import type { KeptFusion } from './view-memory.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';

/** The PET that lies over the images, and how. */
export type Laid = {
  readonly volume: ComputedVolume;
  readonly study: CaseStudy;
  /** Which of the tops of the colours, and which of the opacities. */
  readonly level: number;
  readonly strength: number;
};

export type Fusion = {
  readonly possible: boolean;
  readonly on: boolean;
  /** What lies over what hangs there; null where nothing does. */
  over(hung: Hung | null): Laid | null;
  /** "over it PET AC, 0 to 10 SUVbw, 60 %" */
  words(hung: Hung | null): string | null;
  /** The series whose volume lies over the images: it has to stay. */
  readonly sources: readonly SeriesImages[];
  /** How it lies, for when this reading is suspended; null where nothing does. */
  kept(): KeptFusion | null;
  /** Lays it over as it lay; false where its series is not among these studies. `inUse`: series whose volumes have to stay. */
  comeBack(images: CaseImages, kept: KeptFusion, inUse: readonly SeriesImages[]): boolean;
  run(command: ViewerKeyCommand): boolean;
};

/** PET in colours over the other images of its study. */
export function useFusion(
  imaging: Imaging,
  epoch: number,
  slots: Slots,
  studies: readonly CaseStudy[],
  say: (words: string | null) => void,
): Fusion {
  const [laid, setLaid] = useState<Laid | null>(null);
  const active = slots.active;

  useEffect(() => {
    if (laid !== null && !laid.study.images.series.includes(laid.volume.source)) setLaid(null);
    else if (laid !== null && !studies.includes(laid.study)) setLaid(null);
  }, [laid, studies]);

  function lay(): void {
    const volumes = imaging.volumes(epoch);
    if (active === null || volumes === null) {
      say('Choose the CT or MR that the PET is to be laid over.');
      return;
    }
    const choice = fusionFor(active.series, active.study.images);
    if (!choice.ok) {
      say(choice.words);
      return;
    }
    const images = imaging.images(epoch);
    if (images === null) return;
    const inUse = slots.hung.flatMap((one) => one?.series.computed?.source ?? []);
    const opened = volumes.open(images, choice.series, inUse);
    say(opened.ok ? null : opened.error.words);
    if (opened.ok) setLaid({ volume: opened.value, study: active.study, level: firstFusionLevel, strength: 3 });
  }

  function over(hung: Hung | null): Laid | null {
    if (laid === null || hung === null || hung.study !== laid.study) return null;
    const base = hung.series.computed?.source ?? hung.series;
    if (base.modality === 'PT' || !sameSpace(base, laid.volume.source)) return null;
    const frame = hung.series.frames[0];
    return frame === undefined || planeOfFrame(frame) === null ? null : laid;
  }

  function comeBack(images: CaseImages, kept: KeptFusion, inUse: readonly SeriesImages[]): boolean {
    const study = studies.find((one) => one.images.studyUid === kept.studyUid);
    const pet = study?.images.series.find((one) => one.seriesUid === kept.seriesUid && one.frames.length > 0);
    const volumes = imaging.volumes(epoch);
    if (study === undefined || pet === undefined || volumes === null) return false;
    const opened = volumes.open(images, pet, inUse);
    if (!opened.ok) say(opened.error.words);
    // What she has laid over them meanwhile stays.
    else setLaid((now) => now ?? { volume: opened.value, study, level: kept.level, strength: kept.strength });
    return true;
  }

  return {
    sources: laid === null ? [] : [laid.volume.source],
    kept: () =>
      laid === null
        ? null
        : {
            ...{ studyUid: laid.volume.source.studyUid, seriesUid: laid.volume.source.seriesUid },
            ...{ level: laid.level, strength: laid.strength },
          },
    comeBack,
    possible: active?.study.images.series.some((one) => one.modality === 'PT' && one.frames.length >= 3) ?? false,
    on: laid !== null,
    over,
    words(hung) {
      const one = over(hung);
      if (one === null) return null;
      const pet = one.volume.source;
      const { top, unit } = fusionScale(pet, one.level, 1);
      const range = unit === 'SUVbw' ? `0 to ${top} SUVbw` : `0 to ${Math.round(top * 100)} % of its highest (no SUV)`;
      const percent = Math.round((fusionOpacities[one.strength] ?? 0.6) * 100);
      return `Over it: ${pet.modality} ${seriesName(pet)}, ${range}, ${percent} %`;
    },
    run(command) {
      switch (command.type) {
        case 'toggle-fusion':
          if (laid === null) lay();
          else setLaid(null);
          return true;
        case 'fusion-opacity':
          if (laid !== null)
            setLaid({
              ...laid,
              strength: Math.min(fusionOpacities.length - 1, Math.max(0, laid.strength + command.by)),
            });
          return true;
        case 'fusion-range':
          if (laid !== null)
            setLaid({ ...laid, level: Math.min(fusionLevels - 1, Math.max(0, laid.level + command.by)) });
          return true;
        default:
          return false;
      }
    },
  };
}
