import type { InstanceDescription, SeriesDescription, StudyDescription } from './description.ts';
import { traitsOf } from './fits.ts';
import type { DisplaySet, DisplayWindow, Filter, HangingProtocol, ImageSize } from './protocol.ts';
import { emptyDefinition } from './protocol.ts';

/** What a viewport shows, for a rule to be made of it. */
export type ScreenBox = {
  /** 0 for the study that is read, 1 for the most relevant prior on screen, and so on. */
  readonly prior: number;
  readonly series: SeriesDescription;
  /** Where it hangs by itself and not as a stack. */
  readonly instance: InstanceDescription | null;
  readonly plane: DisplaySet['plane'];
  readonly window: DisplayWindow | null;
  readonly invert: boolean;
  readonly size: ImageSize;
  readonly justification: DisplaySet['horizontalJustification'];
};

export type Screen = {
  readonly rows: number;
  readonly columns: number;
  /** By rows; null where nothing hangs. */
  readonly boxes: readonly (ScreenBox | null)[];
};

/**
 * A rule that hangs what is on screen: for studies of the same modalities and place, or for one procedure code alone. What hangs in a box
 * is told by view, side and plane, which must be met, and then by what the series is like, which is preferred.
 */
export function ruleFromScreen(asked: {
  readonly id: string;
  readonly name: string;
  readonly study: StudyDescription;
  readonly screen: Screen;
  /** Null for all procedures of that modality and place. */
  readonly procedureCode: string | null;
}): HangingProtocol {
  const { id, name, study, screen, procedureCode } = asked;
  const traits = traitsOf(study);
  const hung = screen.boxes.flatMap((box, at) => (box === null ? [] : [{ box, at }]));
  const priors = [...new Set(hung.map(({ box }) => box.prior))].toSorted((one, other) => one - other);
  const modalities = [...new Set(hung.filter(({ box }) => box.prior === 0).map(({ box }) => box.series.modality))];
  const regions = [...traits.regions] as HangingProtocol['hangingProtocolDefinition'][number]['bodyPart'];
  return {
    id,
    hangingProtocolName: name,
    hangingProtocolDescription: 'Made from what was on screen.',
    hangingProtocolDefinition: [
      procedureCode === null
        ? {
            ...emptyDefinition,
            modality: modalities.length > 1 ? [] : modalities,
            everyModality: modalities.length > 1 ? modalities : [],
            bodyPart: regions,
          }
        : { ...emptyDefinition, procedureCode: [procedureCode] },
    ],
    numberOfPriorsReferenced: 0,
    numberOfScreens: 1,
    imageSets: priors.map((prior, at) => ({
      imageSetNumber: at + 1,
      label: prior === 0 ? 'Current' : prior === 1 ? 'Comparison' : `Comparison ${prior}`,
      abstractPriorValue: prior,
      selectors: [
        word('modality', [
          ...new Set(hung.filter(({ box }) => box.prior === prior).map(({ box }) => box.series.modality)),
        ]),
      ],
    })),
    presentationGroups: [
      {
        presentationGroupNumber: 1,
        description: name,
        rows: screen.rows,
        columns: screen.columns,
        partialDataDisplayHandling: 'ADAPT_LAYOUT',
      },
    ],
    displaySets: hung.map(({ box, at }, index) => ({
      displaySetNumber: index + 1,
      presentationGroup: 1,
      imageSetNumber: priors.indexOf(box.prior) + 1,
      imageBox: [Math.floor(at / screen.columns) + 1, (at % screen.columns) + 1],
      imageBoxLayoutType: 'STACK',
      tiles: [4, 4],
      filterOperations: mustBe(box),
      preferences: likeIt(box),
      sortingOperations: [],
      shared: hung.some((other) => other.at !== at && nameOf(other.box) === nameOf(box)),
      plane: box.plane,
      window: box.window,
      showGrayscaleInverted: box.invert,
      imageSize: box.size,
      horizontalJustification: box.justification,
      required: false,
    })),
  };
}

const nameOf = ({ series, instance }: ScreenBox): string => `${series.seriesUid}/${instance?.instanceUid ?? ''}`;

const word = (
  attribute:
    | 'modality'
    | 'view'
    | 'imageLaterality'
    | 'plane'
    | 'seriesDescription'
    | 'convolutionKernel'
    | 'contrast'
    | 'cine',
  values: readonly string[],
  usage: Filter['usage'] = 'NO_MATCH',
): Filter => ({
  attribute,
  operator: 'MEMBER_OF',
  values,
  usage,
});

function mustBe({ series, instance }: ScreenBox): readonly Filter[] {
  return [
    ...(instance?.view == null ? [] : [word('view', [instance.view])]),
    // A side is asked for only where both sides are of one exam: a rule made of a left knee is for right ones too.
    ...(series.modality === 'MG' && instance?.laterality != null
      ? [word('imageLaterality', [instance.laterality])]
      : []),
    ...(series.plane === null ? [] : [word('plane', [series.plane], 'MATCH')]),
  ];
}

/** Words of a description that tell series of one exam apart; numbers and sides are of this patient alone. */
function tellingWords(description: string): readonly string[] {
  const found = description.toUpperCase().match(/[\p{L}][\p{L}\p{N}+]*/gu) ?? [];
  return [
    ...new Set(found.filter((one) => one.length > 1 && !['LEFT', 'RIGHT', 'MM', 'SERIES', 'IMAGES'].includes(one))),
  ];
}

function likeIt({ series, instance }: ScreenBox): readonly Filter[] {
  const { description, kernel, thickness } = series;
  return [
    ...(description.trim() === '' ? [] : [word('seriesDescription', [description.slice(0, 100)])]),
    ...tellingWords(description)
      .slice(0, 6)
      .map((one) => word('seriesDescription', [one.slice(0, 100)])),
    ...(kernel.trim() === '' ? [] : [word('convolutionKernel', [kernel.slice(0, 100)])]),
    word('contrast', [series.contrast ? 'yes' : 'no']),
    ...(instance === null ? [] : [word('cine', [instance.frames > 1 ? 'yes' : 'no'])]),
    ...(thickness === null || !(thickness > 0)
      ? []
      : [
          {
            attribute: 'sliceThickness' as const,
            operator: 'RANGE_INCL' as const,
            values: [thickness * 0.7, thickness * 1.3],
            usage: 'NO_MATCH' as const,
          },
        ]),
  ];
}
