import {
  type HangingProtocol,
  numberAttributes,
  numberOperators,
  sizes,
  windowNames,
  wordAttributes,
  wordOperators,
} from '../domain/hanging/index.ts';
import { bodyRegions } from '../domain/order/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { z } from './jitless-zod.ts';
import { list } from './trade-schemas.ts';

/** Stands first in every file, so that a file of something else is told apart at once. */
export const hangingFileSchema = 'overread-hanging-protocols-1';
/** Characters of a file at most; those that came with the program have some 2,000 each. */
const longestFile = 400_000;
export const mostProtocols = 200;

const words = z.string().max(200);
const numberUpTo = (most: number) => z.number().int().min(1).max(most);
const usage = z.enum(['MATCH', 'NO_MATCH']).default('NO_MATCH');
const filterSchema = z.union([
  z.object({
    attribute: z.enum(wordAttributes),
    operator: z.enum(wordOperators),
    values: list(z.string().min(1).max(100), 50),
    usage,
  }),
  z.object({
    attribute: z.enum(numberAttributes),
    operator: z.enum(numberOperators),
    values: list(z.number(), 2),
    usage,
  }),
]);
const filters = list(filterSchema, 20).default([]);

const definitionSchema = z.object({
  modality: list(z.string().max(16), 20).default([]),
  everyModality: list(z.string().max(16), 5).default([]),
  bodyPart: list(z.enum(bodyRegions), 30).default([]),
  laterality: z.enum(['L', 'R']).nullable().default(null),
  procedureCode: list(z.string().max(64), 100).default([]),
  procedureWords: list(z.string().max(100), 50).default([]),
  notProcedureWords: list(z.string().max(100), 50).default([]),
});

const windowSchema = z.union([
  z.object({ preset: z.enum(windowNames) }),
  z.object({ center: z.number(), width: z.number().min(1) }),
]);

const displaySetSchema = z.object({
  displaySetNumber: numberUpTo(200),
  presentationGroup: numberUpTo(50),
  imageSetNumber: numberUpTo(50),
  imageBox: z
    .tuple([numberUpTo(4), numberUpTo(4)])
    .readonly()
    .default([1, 1]),
  imageBoxLayoutType: z.enum(['STACK', 'TILED']).default('STACK'),
  tiles: z
    .tuple([numberUpTo(4), numberUpTo(4)])
    .readonly()
    .default([4, 4]),
  filterOperations: filters,
  preferences: filters,
  sortingOperations: list(
    z.object({
      attribute: z.enum(numberAttributes),
      direction: z.enum(['INCREASING', 'DECREASING']).default('INCREASING'),
    }),
    5,
  ).default([]),
  shared: z.boolean().default(false),
  plane: z.enum(['stack', 'axial', 'coronal', 'sagittal', 'oblique']).default('stack'),
  window: windowSchema.nullable().default(null),
  showGrayscaleInverted: z.boolean().default(false),
  imageSize: z.enum(sizes).default('fit'),
  horizontalJustification: z.enum(['LEFT', 'CENTER', 'RIGHT', 'CHEST_WALL']).default('CENTER'),
  required: z.boolean().default(false),
});

/** A rule as a file has it. What it does not know of is left out, so that a later version's file still hangs. */
export const hangingProtocolSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, { error: 'small letters, digits and hyphens, 80 at most' }),
  hangingProtocolName: z.string().min(1).max(64),
  hangingProtocolDescription: z.string().max(1_000).default(''),
  hangingProtocolDefinition: list(definitionSchema, 20),
  numberOfPriorsReferenced: z.number().int().min(0).max(4).default(0),
  numberOfScreens: z.number().int().min(1).max(8).default(1),
  imageSets: list(
    z.object({
      imageSetNumber: numberUpTo(50),
      label: words.default(''),
      abstractPriorValue: z.number().int().min(0).max(10).default(0),
      selectors: filters,
    }),
    50,
  ),
  presentationGroups: list(
    z.object({
      presentationGroupNumber: numberUpTo(50),
      description: words,
      rows: numberUpTo(4).default(1),
      columns: numberUpTo(4).default(1),
      partialDataDisplayHandling: z.enum(['MAINTAIN_LAYOUT', 'ADAPT_LAYOUT']).default('ADAPT_LAYOUT'),
    }),
    50,
  ),
  displaySets: list(displaySetSchema, 200),
});

const fileSchema = z.object({
  schema: z.literal(hangingFileSchema),
  hangingProtocols: list(hangingProtocolSchema, mostProtocols),
});

export type BadHangingFile = { readonly code: 'bad-hanging-file'; readonly faults: readonly string[] };

/** Reads a file of rules; every fault is named with its place in the file's own words, so that one round of mending is enough. */
export function readHangingFile(text: string): Result<readonly HangingProtocol[], BadHangingFile> {
  const bad = (...faults: readonly string[]) => err<BadHangingFile>({ code: 'bad-hanging-file', faults });
  if (text.length > longestFile)
    return bad(`The file is longer than the ${longestFile / 1000} kB that rules may take.`);
  let value: unknown;
  try {
    value = JSON.parse(text, (key, found) => (key === '__proto__' || key === 'constructor' ? undefined : found));
  } catch {
    return bad('The file is not JSON: a comma, bracket or quotation mark may be missing.');
  }
  if (typeof value !== 'object' || value === null || !('schema' in value) || value.schema !== hangingFileSchema)
    return bad(`This is no file of hanging protocols: it does not begin with "schema": "${hangingFileSchema}".`);
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success)
    return bad(
      ...parsed.error.issues.slice(0, 20).map((issue) => `${placeWords(value, issue.path)}: ${faultWords(issue)}.`),
    );
  const { hangingProtocols } = parsed.data;
  const faults = hangingProtocols.flatMap(ownFaults);
  const ids = hangingProtocols.map((one) => one.id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) faults.push(`Two rules have the id “${twice}”.`);
  return faults.length === 0 ? ok(hangingProtocols) : bad(...faults);
}

export function writeHangingFile(protocols: readonly HangingProtocol[]): string {
  return `${JSON.stringify({ schema: hangingFileSchema, hangingProtocols: protocols }, null, 2)}\n`;
}

/** What no shape can say: that numbers name each other, and that boxes lie in their grid. */
export function ownFaults(protocol: HangingProtocol): string[] {
  const of = `“${protocol.hangingProtocolName}”`;
  const sets = new Set(protocol.imageSets.map((one) => one.imageSetNumber));
  const groups = new Map(protocol.presentationGroups.map((one) => [one.presentationGroupNumber, one]));
  const faults: string[] = [];
  if (protocol.presentationGroups.length === 0) faults.push(`${of} has no presentation group.`);
  if (protocol.hangingProtocolDefinition.length === 0) faults.push(`${of} does not say for which studies it is.`);
  if (sets.size !== protocol.imageSets.length) faults.push(`${of} numbers two image sets alike.`);
  if (groups.size !== protocol.presentationGroups.length) faults.push(`${of} numbers two presentation groups alike.`);
  for (const set of protocol.displaySets) {
    const at = `${of}, display set ${set.displaySetNumber}`;
    const group = groups.get(set.presentationGroup);
    if (!sets.has(set.imageSetNumber)) faults.push(`${at}: there is no image set ${set.imageSetNumber}.`);
    if (group === undefined) faults.push(`${at}: there is no presentation group ${set.presentationGroup}.`);
    else if (set.imageBoxLayoutType === 'STACK' && (set.imageBox[0] > group.rows || set.imageBox[1] > group.columns))
      faults.push(`${at}: box ${set.imageBox.join(', ')} lies outside its ${group.rows} by ${group.columns} layout.`);
  }
  return faults;
}

function placeWords(value: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = value;
  const parts: string[] = [];
  for (const key of path) {
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
    const name = typeof at === 'object' && at !== null && 'hangingProtocolName' in at ? at.hangingProtocolName : null;
    if (typeof name === 'string') parts.push(`“${name.slice(0, 64)}”`);
    else parts.push(typeof key === 'number' ? `number ${key + 1}` : String(key));
  }
  return parts.filter((part) => part !== 'hangingProtocols').join(', ');
}

function faultWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `must be ${issue.expected === 'array' ? 'a list' : issue.expected}`;
  if (issue.code === 'invalid_union') return 'fits none of the forms that are allowed here';
  if (issue.code === 'too_big') return `is more than ${issue.maximum}`;
  if (issue.code === 'too_small') return `is less than ${issue.minimum}`;
  return issue.message;
}
