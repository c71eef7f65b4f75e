/** One series that a site's protocol makes for an exam. */
export type ExpectedSeries = {
  readonly name: string;
  /** Modality (0008,0060); null where any will do. */
  readonly modality: string | null;
  /** Any of these in the series' description (0008,103E), case aside; empty where any description will do. */
  readonly words: readonly string[];
  /** How many images the series has at least; null where nobody said, and then nobody can tell when it is whole. */
  readonly images: number | null;
};

/** What a site agreed that an exam consists of: the series of a procedure code, or of a modality. */
export type ExamProtocol = {
  readonly name: string;
  /** The site's procedure codes; empty: every exam of the modality that no other protocol names by its code. */
  readonly codes: readonly string[];
  readonly modality: string | null;
  readonly series: readonly ExpectedSeries[];
};

/** A series as the archive lists it (QIDO-RS, PS3.18 10.6). */
export type SeriesSeen = {
  readonly modality: string;
  readonly description: string;
  /** Number of Series Related Instances (0020,1209); null where the server does not count them. */
  readonly images: number | null;
  /** Images among them that rejection notes name (IHE IOCM); absent where none is. */
  readonly rejected?: number | undefined;
};

/** How far the series that are here make up a protocol. */
export type ProtocolStanding = {
  readonly protocol: string;
  /** Expected series of which something is here, and how many are expected. */
  readonly seen: number;
  readonly expected: number;
  /** Names of those of which nothing is here. */
  readonly missing: readonly string[];
  /** All are here, each with the images that it has at least. */
  readonly whole: boolean;
  /** The protocol says of each series how many images it has, so that `whole` can be believed at once. */
  readonly counted: boolean;
};

/** Objects about images, no images: Structured Report, Key Object Selection, Presentation State (PS3.3 C.7.3.1.1.1). */
const documents: ReadonlySet<string> = new Set(['SR', 'KO', 'PR']);

export function isDocument(modality: string): boolean {
  return documents.has(modality);
}

/**
 * A study's modalities without those of objects about its images. An encapsulated PDF (DOC) beside images is a paper about them; alone in
 * its study it is the exam itself, as a scanned tracing is.
 */
export function examModalities(modalities: readonly string[]): readonly string[] {
  const here = [...new Set(modalities)].filter((one) => !isDocument(one));
  const images = here.filter((one) => one !== 'DOC');
  return images.length > 0 ? images : here;
}

/** The protocol of an exam: the one that names its code, else the first without codes for its modality; null where none was agreed. */
export function protocolOf(
  protocols: readonly ExamProtocol[],
  exam: { readonly code: string; readonly modality: string | null },
): ExamProtocol | null {
  const fits = (one: ExamProtocol): boolean => one.modality === null || one.modality === exam.modality;
  const named = protocols.find((one) => exam.code !== '' && one.codes.includes(exam.code) && fits(one));
  return named ?? protocols.find((one) => one.codes.length === 0 && fits(one)) ?? null;
}

/** Which of a protocol's series are here. Each series stands for one expected one, in whatever way most of them find theirs. */
export function protocolStanding(protocol: ExamProtocol, all: readonly SeriesSeen[]): ProtocolStanding {
  const here = all.filter((one) => !isDocument(one.modality) && one.images !== 0);
  const wanted = protocol.series;
  const begun = pair(wanted, here, isOf);
  const whole = pair(wanted, here, (one, series) => isOf(one, series) && (series.images ?? 1) >= (one.images ?? 1));
  return {
    protocol: protocol.name,
    seen: begun.size,
    expected: wanted.length,
    missing: wanted.filter((one) => !begun.has(one)).map((one) => one.name),
    whole: wanted.length > 0 && whole.size === wanted.length,
    counted: wanted.every((one) => one.images !== null) && here.every((one) => one.images !== null),
  };
}

function isOf(wanted: ExpectedSeries, series: SeriesSeen): boolean {
  if (wanted.modality !== null && wanted.modality !== series.modality) return false;
  const described = series.description.toLowerCase();
  return wanted.words.length === 0 || wanted.words.some((word) => described.includes(word.toLowerCase()));
}

/** The most expected series that can each have one of their own (augmenting paths): "any CT" must not take the only "axial" one. */
function pair(
  wanted: readonly ExpectedSeries[],
  here: readonly SeriesSeen[],
  fits: (wanted: ExpectedSeries, series: SeriesSeen) => boolean,
): ReadonlySet<ExpectedSeries> {
  const takenBy = new Map<SeriesSeen, ExpectedSeries>();
  const place = (one: ExpectedSeries, tried: Set<SeriesSeen>): boolean => {
    for (const series of here) {
      if (tried.has(series) || !fits(one, series)) continue;
      tried.add(series);
      const holder = takenBy.get(series);
      if (holder !== undefined && !place(holder, tried)) continue;
      takenBy.set(series, one);
      return true;
    }
    return false;
  };
  for (const one of wanted) place(one, new Set());
  return new Set(takenBy.values());
}
