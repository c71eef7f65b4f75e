import type { Laterality, PatientIdentity, Study } from '../study/index.ts';

/** One series as far as it can speak against an order. */
export type SeriesFacts = {
  /** Modality (0008,0060). */
  readonly modality: string;
  /** Series Description (0008,103E), with Protocol Name (0018,1030) where that says more. */
  readonly description: string;
  /** Body Part Examined (0018,0015). */
  readonly bodyPart: string | null;
  /** Laterality (0020,0060), Image Laterality (0020,0062) and the side that the descriptions name. */
  readonly sides: readonly Laterality[];
  /** Contrast/Bolus Agent (0018,0010) of the instances looked at, those given by mouth left out; null where none says anything. */
  readonly contrast: 'given' | 'none' | null;
  readonly agent: string | null;
  readonly instances: number;
  /** Patient's Age (0010,1010), PS3.5 AS. */
  readonly age: string | null;
};

/** What the images of a study say, apart from whose they are. */
export type ImageFacts = {
  readonly series: readonly SeriesFacts[];
  /** False where some series were not looked into: what they hold is then not known, and nothing is missing for it. */
  readonly whole: boolean;
  /** True where not even the series are known: they were made up from the list of studies. */
  readonly listedOnly?: true;
};

/** What an order is compared with: whose the images are by each row of the archive, and what they show. */
export type ImagesOfOrder = {
  readonly study: Study;
  readonly owners: readonly { readonly studyUid: Study['studyUid']; readonly patient: PatientIdentity }[];
  readonly facts: ImageFacts;
};

/** What the archive's list of studies alone tells of the images, until their series have been asked for. */
export function factsOfListing(study: Study): ImageFacts {
  return {
    series: study.modalities.map((modality) => ({
      modality,
      description: '',
      bodyPart: study.bodyPart,
      sides: study.laterality === null ? [] : [study.laterality],
      contrast: null,
      agent: null,
      // How many of them each series has is not in the list of studies, unless there is only one kind.
      instances: study.modalities.length === 1 ? study.instanceCount : 0,
      age: null,
    })),
    whole: false,
    listedOnly: true,
  };
}
