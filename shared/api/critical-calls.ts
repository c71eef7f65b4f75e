import {
  type CriticalResult,
  caregiverRoles,
  contactWays,
  criticalOrigins,
  longestCriticalWords,
  longestFinding,
  longestName,
  mostAttempts,
  rungRoles,
} from '../domain/critical/index.ts';
import { millis } from '../lib/instant.ts';
import { z } from './jitless-zod.ts';
import { examLine, instantSchema, list, taskIdSchema, cutText as text } from './trade-schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const person = z.object({ id: text, name: text });
const duration = z.number().int().nonnegative().transform(millis);
export const criticalLevelSchema = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const rung = z.object({ role: z.enum(rungRoles), name: text, phone: text.nullable() });
const stamp = { id: text, by: person, at: instantSchema, recordedAt: instantSchema };

export const criticalSchema = z.object({
  id,
  taskId: id,
  orderId: text.nullable(),
  siteId: text.nullable(),
  patientReference: text.nullable(),
  level: criticalLevelSchema,
  finding: text,
  origin: z.enum(criticalOrigins),
  identifiedBy: person,
  identifiedAt: instantSchema,
  limit: duration,
  agreedBy: text,
  ladder: list(rung, 100),
  attempts: list(
    z.object({
      ...stamp,
      rung: z.enum(rungRoles).nullable(),
      whom: text,
      way: z.enum(contactWays),
      words: text,
    }),
    mostAttempts * 2,
  ),
  handOvers: list(z.object({ id: text, to: person, by: person, at: instantSchema }), 1_000),
  ending: z
    .discriminatedUnion('kind', [
      z.object({
        ...stamp,
        kind: z.literal('closed'),
        readBack: z.object({
          who: text,
          role: z.enum(caregiverRoles),
          callBack: text,
          way: z.enum(contactWays),
          canAct: z.boolean(),
          words: text,
        }),
      }),
      z.object({
        ...stamp,
        kind: z.literal('delegated'),
        to: z.object({ name: text, role: text, phone: text }),
        words: text,
      }),
      z.object({ ...stamp, kind: z.literal('mistaken'), words: text }),
    ])
    .nullable(),
}) satisfies z.ZodType<CriticalResult>;

/** One that is open, and of which exam. */
const lineSchema = z.object({
  ...examLine,
  result: criticalSchema,
  /** It waits for this person now. */
  yours: z.boolean(),
});
export type CriticalLine = z.output<typeof lineSchema>;

/** The critical results of one case, and whom to call about a new one. */
const caseCriticalSchema = z.object({
  /** Oldest first. */
  results: list(criticalSchema, 500),
  ladder: list(rung, 100),
  /** Milliseconds within which each level has to be read back by the contract, and what that is called. */
  limits: z.object({ 1: duration, 2: duration, 3: duration }),
  agreedBy: text,
  /** Who of the group may take one over. */
  colleagues: list(person, 500),
});
export type CaseCritical = z.output<typeof caseCriticalSchema>;

const params = z.object({ taskId: taskIdSchema });
/** A press that waited offline for longer than a month is typed anew. */
const ago = z
  .number()
  .int()
  .min(0)
  .max(31 * 86_400_000)
  .transform(millis);
const said = { id, ago };
const spoken = z.string().max(longestCriticalWords);
const name = z.string().max(longestName);

export const criticalMoveSchema = z.discriminatedUnion('kind', [
  z.object({
    ...said,
    kind: z.literal('attempt'),
    rung: z.enum(rungRoles).nullable(),
    whom: name,
    way: z.enum(contactWays),
    words: spoken,
  }),
  z.object({
    ...said,
    kind: z.literal('read-back'),
    who: name,
    role: z.enum(caregiverRoles),
    callBack: z.string().max(60),
    /** What was typed on the physician’s page comes from there alone. */
    way: z.enum(contactWays).exclude(['page']),
    canAct: z.boolean(),
    words: spoken,
  }),
  z.object({
    ...said,
    kind: z.literal('delegate'),
    to: z.object({ name, role: name, phone: z.string().max(60) }),
    words: spoken,
  }),
  z.object({ ...said, kind: z.literal('hand-over'), to: z.object({ id: z.string().max(64) }) }),
  z.object({ ...said, kind: z.literal('mistaken'), words: spoken }),
]);

export type CriticalMoveInput = z.output<typeof criticalMoveSchema>;

/** Findings that somebody has to be told of, until a person who can act has read them back. */
export const criticalCalls = {
  /** Open ones that wait for this reader; for a lead all that are open. */
  criticalResults: {
    method: 'GET',
    path: '/api/critical-results',
    output: z.object({ lines: list(lineSchema, 1_000) }),
    allow: 'see-open-criticals',
    room: 'group',
  },
  caseCriticals: {
    method: 'GET',
    path: '/api/cases/:taskId/critical-results',
    params,
    output: caseCriticalSchema,
    allow: 'see-criticals',
    room: 'group',
  },
  /** `id` is made by the page: a repeat is the same one. `ago`: milliseconds since the press, so that the page’s clock does not matter. */
  startCritical: {
    method: 'POST',
    path: '/api/cases/:taskId/critical-results',
    params,
    input: z.object({
      id,
      ago,
      level: criticalLevelSchema,
      finding: z.string().max(longestFinding),
      origin: z.enum(criticalOrigins).exclude(['wrong-patient']),
    }),
    output: caseCriticalSchema,
    allow: 'communicate-critical',
    room: 'group',
  },
  /** What was done to tell somebody, or that she has read it back. */
  moveCritical: {
    method: 'POST',
    path: '/api/cases/:taskId/critical-results/move',
    params,
    input: z.object({ resultId: id, move: criticalMoveSchema }),
    output: caseCriticalSchema,
    allow: 'communicate-critical',
    room: 'group',
  },
} as const;
