import { type LookReason, lookReasons } from '../domain/audit/index.ts';
import type { Action, Role } from '../domain/reader/index.ts';
import { afterReportCalls } from './after-report-calls.ts';
import { billingCalls } from './billing-calls.ts';
import { channelCalls } from './channel-calls.ts';
import { checkCalls } from './check-calls.ts';
import { checkWeightsSchema } from './check-schemas.ts';
import { criticalCalls } from './critical-calls.ts';
import { deliveryCalls } from './delivery-calls.ts';
import { deskCalls } from './desk-calls.ts';
import { desktopCalls } from './desktop-calls.ts';
import { deviceCalls } from './device-calls.ts';
import { dictationCalls } from './dictation-calls.ts';
import { displayCalls } from './display-calls.ts';
import { disputeCalls } from './dispute-calls.ts';
import { downtimeCalls } from './downtime-calls.ts';
import { findCalls } from './find-calls.ts';
import { followUpCalls } from './follow-up-calls.ts';
import { hangingCalls } from './hanging-calls.ts';
import { intakeCalls } from './intake-calls.ts';
import { z } from './jitless-zod.ts';
import { linkedCalls } from './linked-calls.ts';
import { marksSavingSchema, marksSchema, marksStoredSchema } from './measurement-schemas.ts';
import { messageCalls } from './message-calls.ts';
import { orderCalls } from './order-calls.ts';
import { overreadCalls } from './overread-calls.ts';
import { pendingCalls } from './pending-calls.ts';
import { physicianCalls } from './physician-calls.ts';
import { prefetchCalls } from './prefetch-calls.ts';
import { priorCalls } from './prior-calls.ts';
import { readingCalls } from './reading-calls.ts';
import { deliverySchema, draftSchema, eventSchema, reportViewSchema } from './report-schemas.ts';
import { capabilitiesSchema, caseDetailSchema, sessionSchema, statusSchema, worklistRowSchema } from './schemas.ts';
import { signInput } from './sign-input.ts';
import { siteCalls } from './site-calls.ts';
import { sourceCalls } from './source-calls.ts';
import { templateCalls } from './template-calls.ts';
import { caseContextSchema, claimSchema, list, mayReadSchema, readerSchema, taskIdSchema } from './trade-schemas.ts';
import { upkeepCalls } from './upkeep-calls.ts';
import { withdrawalCalls } from './withdrawal-calls.ts';

/** public: before sign-in · signed-in: any role, also while locked where said · an action: whom the one table of permissions lets. */
export type Allowed = 'public' | 'signed-in' | Action | readonly Role[];

/**
 * One call of the page to its own origin. `room` says where it is answered: `desk` beside the reader, `group` beside the data
 * (DESIGN 2.6); a desktop of a group forwards group calls. `whileLocked` marks the few calls that a locked session may make.
 */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Hono path; parameters are checked by `params`. */
  readonly path: string;
  readonly params?: z.ZodType;
  /** Query for GET, JSON body for the rest. */
  readonly input?: z.ZodType;
  readonly output: z.ZodType;
  readonly allow: Allowed;
  readonly room: 'desk' | 'group';
  readonly whileLocked?: true;
};

const lookReasonKinds = Object.keys(lookReasons) as readonly LookReason[];
const nothing = z.object({});
const taskParams = z.object({ taskId: taskIdSchema });
const password = z.string().min(1).max(1_000);
/** Rows of one list: far above the hundred thousand that it is made for, since a list that is refused for one row more shows none. */
const mostRows = 1_000_000;

export const calls = {
  ...afterReportCalls,
  ...billingCalls,
  ...criticalCalls,
  ...followUpCalls,
  ...deliveryCalls,
  ...deviceCalls,
  ...displayCalls,
  ...hangingCalls,
  ...sourceCalls,
  ...templateCalls,
  ...checkCalls,
  ...channelCalls,
  ...orderCalls,
  ...upkeepCalls,
  ...downtimeCalls,
  ...dictationCalls,
  capabilities: { method: 'GET', path: '/api/capabilities', output: capabilitiesSchema, allow: 'public', room: 'desk' },
  signIn: {
    method: 'POST',
    path: '/api/session',
    /** `readingFrom` absent: as at the last sign-in of this account. */
    input: z.object({
      userName: z.string().max(200),
      password,
      window: z.string().max(64),
      readingFrom: z.string().max(10).optional(),
    }),
    output: sessionSchema,
    allow: 'public',
    room: 'group',
  },
  firstAccount: {
    method: 'POST',
    path: '/api/accounts/first',
    input: z.object({
      userName: z.string().min(1).max(100),
      name: z.string().min(1).max(200),
      password: z.string().min(8).max(1_000),
      npi: z.string().max(20).nullable(),
    }),
    output: readerSchema,
    allow: 'public',
    room: 'group',
  },
  currentSession: {
    method: 'GET',
    path: '/api/session',
    output: sessionSchema.omit({ token: true }),
    allow: 'signed-in',
    room: 'desk',
  },
  signOut: {
    method: 'DELETE',
    path: '/api/session',
    output: nothing,
    allow: 'signed-in',
    room: 'desk',
    whileLocked: true,
  },
  /** Speech, scrolling and device buttons are activity: the page reports them at most every 20 s. */
  touchSession: { method: 'POST', path: '/api/session/activity', output: nothing, allow: 'signed-in', room: 'desk' },
  lockSession: {
    method: 'POST',
    path: '/api/session/lock',
    output: nothing,
    allow: 'signed-in',
    room: 'desk',
    whileLocked: true,
  },
  unlockSession: {
    method: 'POST',
    path: '/api/session/unlock',
    input: z.object({ password }),
    output: sessionSchema.omit({ token: true }),
    allow: 'signed-in',
    room: 'desk',
    whileLocked: true,
  },
  acknowledge: {
    method: 'POST',
    path: '/api/session/acknowledgement',
    output: nothing,
    allow: 'signed-in',
    room: 'group',
  },
  status: {
    method: 'GET',
    path: '/api/status',
    output: statusSchema,
    allow: ['radiologist', 'lead', 'qa'],
    room: 'desk',
  },
  selfTest: {
    method: 'POST',
    path: '/api/self-test',
    input: z.object({
      results: list(z.object({ name: z.string().max(80), passed: z.boolean(), detail: z.string().max(400) }), 40),
    }),
    output: nothing,
    allow: 'public',
    room: 'desk',
  },
  /** All rows when `since` is absent or too old (`full`), else the changed ones and the keys of the withdrawn. */
  worklist: {
    method: 'GET',
    path: '/api/worklist',
    input: z.object({ since: z.coerce.number().int().optional() }),
    output: z.object({
      version: z.number().int(),
      full: z.boolean(),
      asOf: z.number(),
      rows: list(worklistRowSchema, mostRows),
      removed: list(taskIdSchema, mostRows),
    }),
    allow: 'list',
    room: 'group',
  },
  /** Told by a window whose address names a case, before its program stands: what the opening will need is looked up meanwhile. */
  expectCase: {
    method: 'POST',
    path: '/api/cases/:taskId/expect',
    params: taskParams,
    input: z.object({ mode: z.enum(['look', 'read']) }),
    output: nothing,
    allow: 'look',
    room: 'group',
  },
  /**
   * Told by a window at rest: it takes the description and the first images of a study that was fetched ahead for its reader into its
   * memory. Without `remembered` in the answer there is nothing to take. What is taken is fetched under `/dicomweb` with the purpose `remember`.
   */
  rememberCase: {
    method: 'POST',
    path: '/api/cases/:taskId/remember',
    params: taskParams,
    output: z.object({
      remembered: z.object({ archive: z.string(), studyUid: z.string(), print: z.string() }).optional(),
    }),
    allow: 'look',
    room: 'group',
  },
  /** `read` claims: `held-by-another` when somebody else has it. `look` is read-only and claims nothing. */
  openCase: {
    method: 'POST',
    path: '/api/cases/:taskId/open',
    params: taskParams,
    input: z.object({
      mode: z.enum(['look', 'read']),
      epoch: z.number().int().positive(),
      /** Why somebody looks at what is not hers to read; without it the answer is `reason-needed`. */
      lookReason: z.object({ kind: z.enum(lookReasonKinds), words: z.string().max(400) }).optional(),
      /** The print of what the window remembers of the study (`rememberCase`). */
      remembered: z.string().max(64).optional(),
    }),
    output: caseDetailSchema,
    allow: 'look',
    room: 'group',
  },
  renewClaim: {
    method: 'POST',
    path: '/api/cases/:taskId/renew',
    params: taskParams,
    input: z.object({ fencingToken: z.number().int() }),
    output: claimSchema,
    allow: 'renew-claim',
    room: 'group',
  },
  releaseClaim: {
    method: 'POST',
    path: '/api/cases/:taskId/release',
    params: taskParams,
    input: z.object({ fencingToken: z.number().int(), reason: z.string().max(400) }),
    output: nothing,
    allow: 'release-claim',
    room: 'group',
  },
  /** Ends everything upstream for that epoch. Keeps the claim. */
  closeCase: {
    method: 'POST',
    path: '/api/cases/:taskId/close',
    params: taskParams,
    input: z.object({ epoch: z.number().int() }),
    output: nothing,
    allow: 'close-case',
    room: 'desk',
  },
  resolveIdentity: {
    method: 'POST',
    path: '/api/cases/:taskId/identity',
    params: taskParams,
    input: z.object({ reason: z.string().min(8).max(2_000), differences: list(z.string().max(400)) }),
    output: caseDetailSchema.shape.identityResolution.unwrap(),
    allow: 'resolve-identity',
    room: 'group',
  },
  /** Answers only when the journal is on disk. `stale-draft` when its revision is not above the journal's. */
  saveDraft: {
    method: 'PUT',
    path: '/api/cases/:taskId/draft',
    params: taskParams,
    input: z.object({ context: caseContextSchema, draft: draftSchema }),
    output: z.object({ revision: z.number().int(), savedAt: z.number() }),
    allow: 'draft',
    room: 'desk',
  },
  readDraft: {
    method: 'GET',
    path: '/api/cases/:taskId/draft',
    params: taskParams,
    output: z.object({ draft: draftSchema.nullable() }),
    allow: 'draft',
    room: 'desk',
  },
  /** Measurements as SR and key images as KOS into the archive, beside the report and never part of it. */
  saveMarks: {
    method: 'POST',
    path: '/api/cases/:taskId/marks',
    params: taskParams,
    input: z.object({ context: caseContextSchema, marks: marksSchema }),
    output: marksStoredSchema,
    allow: 'draft',
    room: 'group',
  },
  /** The marks of signed versions on their way into the archive, oldest first. */
  marksSaved: {
    method: 'GET',
    path: '/api/cases/:taskId/marks',
    params: taskParams,
    output: z.object({ savings: list(marksSavingSchema) }),
    allow: 'look',
    room: 'group',
  },
  sign: {
    method: 'POST',
    path: '/api/cases/:taskId/sign',
    params: taskParams,
    input: signInput,
    output: z.object({ report: reportViewSchema, deliveries: list(deliverySchema) }),
    allow: 'sign',
    room: 'desk',
  },
  /**
   * What Sign will ask and allow: whether the password is asked for (first signature of the session, after a lock, every 4 h), and
   * which kinds her credentials, the site's contract and where she sits let her issue now, each with every reason against it.
   */
  signRequirements: {
    method: 'GET',
    path: '/api/cases/:taskId/sign',
    params: taskParams,
    output: z.object({
      passwordNeeded: z.boolean(),
      /** `give`: whether she gives it to be signed instead. Null where it cannot be known: the study left the list, or no group host answers its desktop. */
      issue: z.object({ preliminary: mayReadSchema, final: mayReadSchema, give: mayReadSchema.optional() }).nullable(),
      /** Somebody else's final of this order, against which a first report would be given back; null where there is none, or nobody answers. */
      rival: z.object({ words: z.string().max(1_000) }).nullable(),
      /** The images of the study as they are now; null where none are known. `words` is what is here, by the rule that counts them. */
      images: z
        .object({
          present: z.number().int().nonnegative(),
          expected: z.number().int().nonnegative().nullable(),
          arriving: z.boolean(),
          atMost: z.literal(true).optional(),
          words: z.string().max(500),
        })
        .nullable(),
      /** What the group has turned the checks before signing down to; absent where it has not. */
      checks: checkWeightsSchema.optional(),
    }),
    allow: 'sign',
    room: 'desk',
  },
  report: {
    method: 'GET',
    path: '/api/cases/:taskId/report',
    params: taskParams,
    output: z.object({ report: reportViewSchema }),
    allow: 'see-report',
    room: 'group',
  },
  verifyReport: {
    method: 'GET',
    path: '/api/cases/:taskId/report/verify',
    params: taskParams,
    output: z.object({
      versions: list(
        z.object({
          version: z.number().int(),
          verdict: z.enum(['verified', 'altered', 'unknown-key', 'missing']),
          words: z.string(),
        }),
      ),
    }),
    allow: 'see-report',
    room: 'group',
  },
  deliveries: {
    method: 'GET',
    path: '/api/cases/:taskId/deliveries',
    params: taskParams,
    output: z.object({ deliveries: list(deliverySchema) }),
    allow: 'see-delivery',
    room: 'group',
  },
  /** Puts a refused delivery back in the queue: same ids, same bytes. */
  retryDelivery: {
    method: 'POST',
    path: '/api/deliveries/:deliveryId/retry',
    params: z.object({ deliveryId: z.string().max(120) }),
    output: deliverySchema,
    allow: 'retry-delivery',
    room: 'group',
  },
  timeline: {
    method: 'GET',
    path: '/api/cases/:taskId/timeline',
    params: taskParams,
    output: z.object({
      zone: z.string(),
      /** The host is still reading the record's events: earlier ones may be missing. */
      filling: z.boolean(),
      events: list(eventSchema),
      intervals: list(
        z.object({
          name: z.string(),
          start: z.number(),
          stop: z.number().nullable(),
          milliseconds: z.number().nullable(),
          words: z.string(),
        }),
      ),
    }),
    allow: 'see-timeline',
    room: 'group',
  },
  ...deskCalls,
  ...messageCalls,
  ...siteCalls,
  ...disputeCalls,
  ...findCalls,
  ...desktopCalls,
  ...prefetchCalls,
  ...readingCalls,
  ...intakeCalls,
  ...linkedCalls,
  ...priorCalls,
  ...withdrawalCalls,
  ...overreadCalls,
  ...pendingCalls,
  ...physicianCalls,
} as const satisfies Record<string, Call>;

export type CallName = keyof typeof calls;
export type CallInput<Name extends CallName> = (typeof calls)[Name] extends { input: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;
export type CallOutput<Name extends CallName> = (typeof calls)[Name] extends { output: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;
export type CallParams<Name extends CallName> = (typeof calls)[Name] extends { params: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;

/** Lines of `GET /events` (newline-delimited JSON, read by fetch streaming). A heartbeat comes every 15 s. */
export const hostEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heartbeat'), now: z.number() }),
  z.object({ type: z.literal('worklist-changed'), version: z.number().int() }),
  z.object({ type: z.literal('case-changed'), taskId: z.string() }),
  z.object({ type: z.literal('status-changed') }),
  z.object({ type: z.literal('session-locked') }),
  z.object({ type: z.literal('session-ended'), why: z.string() }),
]);
export type HostEvent = z.output<typeof hostEventSchema>;
