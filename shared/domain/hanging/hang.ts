import type { PriorDescription, StudyDescription } from './description.ts';
import { bestFit, isComparable, type StudyTraits, traitsOf } from './fits.ts';
import type {
  DisplaySet,
  DisplayWindow,
  HangingProtocol,
  HangingRule,
  ImageSet,
  ImageSize,
  PresentationGroup,
} from './protocol.ts';
import { ruleLevels } from './protocol.ts';
import { compareText, type Item, inOrder, isLocalizer, itemsOf, meets } from './select.ts';

/** What hangs in a box, and how it is shown. */
export type HangingSlot = {
  readonly of: 'current' | 'prior';
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Of an image that hangs by itself; null for a stack. */
  readonly instanceUid: string | null;
  readonly plane: DisplaySet['plane'];
  readonly window: DisplayWindow | null;
  readonly invert: boolean;
  readonly size: ImageSize;
  readonly justification: 'left' | 'center' | 'right';
  /** True where the stored image has its chest wall on the other side than it hangs. */
  readonly flip: boolean;
  /** "1 Current" */
  readonly because: string;
};

/** A box without an image: what was to hang there. `awaited` while the series of a prior are not known yet. */
export type EmptySlot = { readonly of: 'nobody'; readonly awaited: boolean; readonly because: string };

export type HangingStage = {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** By rows; as many as rows times columns. */
  readonly slots: readonly (HangingSlot | EmptySlot)[];
};

export type Hanging = {
  /** Null where no rule fits: the first series hangs alone, and that is said. */
  readonly rule: HangingRule | null;
  readonly because: string;
  /** Empty where the study has nothing that could hang. */
  readonly stages: readonly HangingStage[];
  /** Rules that were meant for such a study and could not hang it, with the reason. */
  readonly passedOver: readonly { readonly name: string; readonly why: string }[];
};

export type HangingCase = {
  readonly current: StudyDescription;
  /** The most relevant first; none of another patient. */
  readonly priors: readonly PriorDescription[];
  /** Screens on which images can hang. */
  readonly screens: number;
};

/**
 * The layout for a study by the best of the rules: the reader's own before her site's and her group's before those that came with the
 * program; within a level the one whose definition says most, then by id. Pure and deterministic.
 */
export function hang(rules: readonly HangingRule[], asked: HangingCase): Hanging {
  const current = traitsOf(asked.current);
  const items = itemsOf(asked.current.studyUid, asked.current.series ?? []);
  if (items.length === 0)
    return { rule: null, because: 'This study has no images that could hang.', stages: [], passedOver: [] };
  const found = rules
    .flatMap((rule) => {
      const fit = bestFit(rule.protocol, current);
      return fit === null ? [] : [{ rule, fit }];
    })
    .sort(
      (one, other) =>
        ruleLevels.indexOf(one.rule.level) - ruleLevels.indexOf(other.rule.level) ||
        other.fit.weight - one.fit.weight ||
        other.rule.protocol.numberOfScreens - one.rule.protocol.numberOfScreens ||
        other.rule.protocol.numberOfPriorsReferenced - one.rule.protocol.numberOfPriorsReferenced ||
        compareText(one.rule.protocol.id, other.rule.protocol.id),
    );
  const passedOver: { readonly name: string; readonly why: string }[] = [];
  for (const { rule, fit } of found) {
    const stages = stagesOf(rule.protocol, asked, current, items);
    if (typeof stages === 'string') passedOver.push({ name: rule.protocol.hangingProtocolName, why: stages });
    else return { rule, because: fit.words, stages, passedOver };
  }
  return { ...inOrderAlone(items), rule: null, because: `Nothing fits ${current.name}; series in order.`, passedOver };
}

/** Where nothing fits: the first series that is no scout, alone. */
function inOrderAlone(items: readonly Item[]): Pick<Hanging, 'stages'> {
  const [first] = inOrder(items, [localizerLast], []);
  const large = items.find((item) => !isLocalizer(item) && item.series.images > 3) ?? first;
  if (large === undefined) return { stages: [] };
  const slot = slotOf(large, { of: 'current', words: 'first series' }, plainSet);
  return { stages: [{ name: 'Series in order', rows: 1, columns: 1, slots: [slot] }] };
}

const localizerLast = { attribute: 'localizer', operator: 'MEMBER_OF', values: ['no'], usage: 'MATCH' } as const;
const plainSet: Pick<
  DisplaySet,
  'plane' | 'window' | 'showGrayscaleInverted' | 'imageSize' | 'horizontalJustification'
> = {
  plane: 'stack',
  window: null,
  showGrayscaleInverted: false,
  imageSize: 'fit',
  horizontalJustification: 'CENTER',
};

type Source = { readonly of: 'current' | 'prior'; readonly words: string };
type Found = { readonly items: readonly Item[]; readonly source: Source; readonly awaited: boolean };

/** All stages of a rule for this case, or why it cannot hang it. */
function stagesOf(
  protocol: HangingProtocol,
  asked: HangingCase,
  current: StudyTraits,
  items: readonly Item[],
): readonly HangingStage[] | string {
  if (protocol.numberOfScreens > asked.screens)
    return `it wants ${protocol.numberOfScreens} screens, here are ${asked.screens}`;
  const priors = asked.priors.filter(
    (prior) => prior.studyUid !== asked.current.studyUid && isComparable(current, traitsOf(prior)),
  );
  const referenced = priors.filter((prior) => priorMayHang(prior, protocol));
  if (referenced.length < protocol.numberOfPriorsReferenced)
    return `it compares with ${protocol.numberOfPriorsReferenced === 1 ? 'a prior' : `${protocol.numberOfPriorsReferenced} priors`}, here ${referenced.length === 0 ? 'is none' : `are ${referenced.length}`}`;
  const sets = new Map(protocol.imageSets.map((set) => [set.imageSetNumber, foundFor(set, items, priors)]));
  const stages: HangingStage[] = [];
  const groups = protocol.presentationGroups.toSorted(
    (one, other) => one.presentationGroupNumber - other.presentationGroupNumber,
  );
  for (const group of groups) {
    const made = stageOf(group, protocol, sets);
    if (typeof made === 'string') return made;
    stages.push(...made.filter((stage) => !stages.some((before) => saysNoMore(stage, before))));
  }
  return stages.some((stage) => stage.slots.some((slot) => slot.of === 'current'))
    ? stages
    : 'none of its boxes takes an image of this study';
}

/** A stage that is one before it again, or one image of that: "with prior" where none is. */
function saysNoMore(stage: HangingStage, before: HangingStage): boolean {
  const shown = (slots: HangingStage['slots']): readonly string[] => slots.map((slot) => JSON.stringify(slot));
  const [mine, theirs] = [shown(stage.slots), shown(before.slots)];
  const alone = stage.slots.length === 1 && theirs.includes(mine[0] ?? '');
  return alone || (stage.rows === before.rows && mine.join() === theirs.join());
}

/** Whether a prior has, or while its series are not known may have, what some image set of the rule asks of priors. */
function priorMayHang(prior: PriorDescription, protocol: HangingProtocol): boolean {
  return protocol.imageSets.some((set) => set.abstractPriorValue > 0 && mayHave(prior, set));
}

function mayHave(prior: PriorDescription, set: ImageSet): boolean {
  if (prior.series !== null) return itemsOf(prior.studyUid, prior.series).some((item) => meetsAll(item, set));
  const wanted = set.selectors.find((one) => one.attribute === 'modality');
  if (wanted === undefined || wanted.operator !== 'MEMBER_OF') return true;
  return prior.modalities.some((one) => wanted.values.includes(one));
}

const meetsAll = (item: Item, { selectors }: Pick<ImageSet, 'selectors'>): boolean =>
  selectors.every((filter) => meets(item, filter));

function foundFor(set: ImageSet, items: readonly Item[], priors: readonly PriorDescription[]): Found {
  if (set.abstractPriorValue === 0)
    return {
      items: items.filter((item) => meetsAll(item, set)),
      source: { of: 'current', words: set.label },
      awaited: false,
    };
  const prior = priors.filter((one) => mayHave(one, set))[set.abstractPriorValue - 1];
  if (prior === undefined)
    return { items: [], source: { of: 'prior', words: `no prior for “${set.label}”` }, awaited: false };
  const own = itemsOf(prior.studyUid, prior.series ?? []).filter((item) => meetsAll(item, set));
  return {
    items: own,
    source: { of: 'prior', words: `${set.label}, prior ${prior.label}` },
    awaited: prior.series === null,
  };
}

type Shown = Pick<DisplaySet, keyof typeof plainSet>;

function slotOf(item: Item, source: Source, set: Shown): HangingSlot {
  const { series, instance } = item;
  const side = instance?.laterality ?? series.laterality;
  // Both chest walls stand in the middle: a right breast hangs left of it with its wall at its right edge.
  const wall = side === 'R' ? 'right' : side === 'L' ? 'left' : null;
  const byWall = set.horizontalJustification === 'CHEST_WALL';
  const stored = instance?.chestWall ?? null;
  return {
    of: source.of,
    studyUid: series.studyUid,
    seriesUid: series.seriesUid,
    instanceUid: instance?.instanceUid ?? null,
    plane: set.plane,
    window: set.window,
    invert: set.showGrayscaleInverted,
    size: set.imageSize,
    justification: byWall
      ? (wall ?? 'center')
      : set.horizontalJustification === 'LEFT'
        ? 'left'
        : set.horizontalJustification === 'RIGHT'
          ? 'right'
          : 'center',
    flip: byWall && wall !== null && stored !== null && stored !== wall,
    because: source.words,
  };
}

/** The pages of one presentation group; words where a display set that it cannot do without is empty. */
function stageOf(
  group: PresentationGroup,
  protocol: HangingProtocol,
  sets: ReadonlyMap<number, Found>,
): readonly HangingStage[] | string {
  const mine = protocol.displaySets
    .filter((set) => set.presentationGroup === group.presentationGroupNumber)
    .toSorted((one, other) => one.displaySetNumber - other.displaySetNumber);
  const used = new Set<string>();
  const slots: (HangingSlot | EmptySlot | null)[] = Array.from({ length: group.rows * group.columns }, () => null);
  for (const set of mine) {
    const found = sets.get(set.imageSetNumber);
    if (found === undefined) return `its display set ${set.displaySetNumber} names an image set that it has not`;
    const fitting = inOrder(
      found.items.filter((item) => set.filterOperations.every((filter) => meets(item, filter))),
      set.preferences,
      set.sortingOperations,
    );
    if (set.required && fitting.length === 0 && !found.awaited)
      return `nothing here is “${found.source.words}” as its display set ${set.displaySetNumber} asks`;
    if (set.imageBoxLayoutType === 'TILED') return pagesOf(group, set, fitting, found.source);
    const at = (set.imageBox[0] - 1) * group.columns + set.imageBox[1] - 1;
    if (at < 0 || at >= slots.length || set.imageBox[1] > group.columns || slots[at] != null) continue;
    const item = set.shared ? fitting[0] : fitting.find((one) => !used.has(nameOf(one)));
    if (item === undefined) {
      slots[at] = { of: 'nobody', awaited: found.awaited, because: found.source.words };
      continue;
    }
    used.add(nameOf(item));
    slots[at] = slotOf(item, found.source, set);
  }
  if (slots.every((slot) => slot === null || (slot.of === 'nobody' && !slot.awaited))) return [];
  const whole: HangingStage = {
    name: group.description,
    rows: group.rows,
    columns: group.columns,
    slots: slots.map((slot) => slot ?? { of: 'nobody', awaited: false, because: '' }),
  };
  return [group.partialDataDisplayHandling === 'ADAPT_LAYOUT' ? adapted(whole) : whole];
}

const nameOf = ({ series, instance }: Item): string => `${series.seriesUid}/${instance?.instanceUid ?? ''}`;

/** Rows and columns without an image, and without one that is on its way, make room for the others. */
function adapted(stage: HangingStage): HangingStage {
  const at = (row: number, column: number): HangingSlot | EmptySlot | undefined =>
    stage.slots[row * stage.columns + column];
  const taken = (slot: HangingSlot | EmptySlot | undefined): boolean =>
    slot !== undefined && (slot.of !== 'nobody' || slot.awaited);
  const all = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
  const rows = all(stage.rows).filter((row) => all(stage.columns).some((column) => taken(at(row, column))));
  const columns = all(stage.columns).filter((column) => all(stage.rows).some((row) => taken(at(row, column))));
  const slots = rows.flatMap((row) => columns.flatMap((column) => at(row, column) ?? []));
  return { name: stage.name, rows: rows.length, columns: columns.length, slots };
}

/** As many pages as the images need; a page is no larger than its images. */
function pagesOf(
  group: PresentationGroup,
  set: DisplaySet,
  items: readonly Item[],
  source: Source,
): readonly HangingStage[] {
  const [mostRows, mostColumns] = set.tiles;
  const size = mostRows * mostColumns;
  const pages = Math.ceil(items.length / size);
  return Array.from({ length: pages }, (_, page): HangingStage => {
    const own = items.slice(page * size, (page + 1) * size).map((item) => slotOf(item, source, set));
    const columns = Math.min(mostColumns, Math.max(Math.ceil(Math.sqrt(own.length)), Math.ceil(own.length / mostRows)));
    const rows = Math.ceil(own.length / columns);
    const empty: EmptySlot = { of: 'nobody', awaited: false, because: '' };
    return {
      name: pages === 1 ? group.description : `${group.description}, ${page + 1} of ${pages}`,
      rows,
      columns,
      slots: Array.from({ length: rows * columns }, (__, at) => own[at] ?? empty),
    };
  });
}
