import type { MarksChange } from '../domain/measurement/index.ts';
import type { Silent } from '../domain/reading/index.ts';
import { caseCoverageSchema, studyToReadSchema } from './coverage-schemas.ts';
import { z } from './jitless-zod.ts';
import { marksSchema } from './measurement-schemas.ts';
import { measurementSchema } from './report-schemas.ts';
import { caseDetailSchema, worklistRowSchema } from './schemas.ts';
import { caseContextSchema, instantSchema, list, uid } from './trade-schemas.ts';

/** What windows of one page say to each other, on ports of its own origin. Whatever has another form is not heard. */

const windowId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
const count = z.number().int().nonnegative();
const epoch = z.number().int().positive();

/** In CSS pixels of the desktop; negative to the left of the first screen and above it. */
const side = z.number().min(-100_000).max(100_000);
export const windowPlaceSchema = z.object({
  left: side,
  top: side,
  width: z.number().min(100).max(100_000),
  height: z.number().min(100).max(100_000),
});
export type WindowPlace = z.output<typeof windowPlaceSchema>;

/** By `postMessage` to the window that opened it, with the port that everything else goes by. */
export const helloSchema = z.object({ overread: z.literal('image-window'), window: windowId });

const marksChangeSchema = z.object({
  measurements: marksSchema.shape.measurements,
  keyImages: marksSchema.shape.keyImages,
  gone: list(z.string().max(200), 1_000),
}) satisfies z.ZodType<MarksChange>;

/** What the report, which stands in the reading window, asks of images that stand elsewhere. */
export const sentCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('insert-measurement') }),
  z.object({ type: z.literal('hang-prior'), studyUid: uid }),
  z.object({ type: z.literal('show-measurement'), measurement: measurementSchema }),
]);
export type SentCommand = z.output<typeof sentCommandSchema>;

export const fromImageWindowSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ask'),
    question: count,
    /** Names this loading of the image window; its steps of marks are counted from 1 for each case. */
    load: windowId,
    /** Versions that it holds; 0 for none. */
    detail: count,
    marks: count,
    /** The case that these are about; null while it has none. */
    epoch: epoch.nullable(),
    steps: list(z.object({ step: count, change: marksChangeSchema }), 1_000),
    /** Priors that were painted. */
    compared: list(uid, 500),
    /** A hand was on it since the last question. */
    active: z.boolean(),
    place: windowPlaceSchema,
  }),
  z.object({ type: z.literal('run'), command: z.string().regex(/^[a-z0-9.-]{1,80}$/) }),
  z.object({ type: z.literal('insert'), epoch, measurement: measurementSchema }),
  /** What was painted here of the case, all of it each time, and what of it there is to read. */
  z.object({ type: z.literal('seen'), epoch, coverage: caseCoverageSchema, studies: list(studyToReadSchema, 20) }),
  z.object({ type: z.literal('gone') }),
]);
export type FromImageWindow = z.output<typeof fromImageWindowSchema>;

const main = z.uuid();

const saysSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('case'),
    context: caseContextSchema,
    detail: z.object({ version: count, whole: caseDetailSchema, live: worklistRowSchema }).nullable(),
    marks: z
      .object({ version: count, all: marksSchema, keeping: z.enum(['draft', 'window']), taken: count })
      .nullable(),
  }),
  z.object({ kind: z.literal('locked'), epoch: epoch.nullable() }),
  z.object({ kind: z.literal('opening') }),
  z.object({ kind: z.literal('no-case') }),
]);

export const fromReadingWindowSchema = z.discriminatedUnion('type', [
  /** The session, in memory alone: it goes to the one window at the other end of the port. */
  z.object({
    type: z.literal('welcome'),
    main,
    token: z.string().min(20).max(400),
    window: windowId,
    reader: z.string().max(400),
  }),
  z.object({
    type: z.literal('telling'),
    main,
    turn: count,
    answers: count.nullable(),
    says: saysSchema,
    /** Screens on which images hang, and which of them this window is, from 0. */
    screens: z.number().int().min(1).max(16),
    number: z.number().int().min(0).max(16),
    silent: z.enum(['host', 'group', 'record']).nullable() satisfies z.ZodType<Silent>,
    asOf: instantSchema.nullable(),
  }),
  z.object({ type: z.literal('command'), main, epoch, command: sentCommandSchema }),
  /** What was painted of the case in any window, and what this computer had kept of it. */
  z.object({ type: z.literal('seen'), main, epoch, coverage: caseCoverageSchema }),
  z.object({ type: z.literal('run'), main, epoch, command: z.string().regex(/^images\.[a-z0-9.-]{1,80}$/) }),
  z.object({ type: z.literal('words'), main, words: z.string().max(400) }),
  /** This loading of the reading window ends; `close`: the session does, and its windows with it. */
  z.object({ type: z.literal('end'), main, close: z.boolean() }),
]);
export type FromReadingWindow = z.output<typeof fromReadingWindowSchema>;
export type ReadingWindowTelling = Extract<FromReadingWindow, { type: 'telling' }>;
