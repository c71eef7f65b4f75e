import { setChannels } from '../domain/delivery/index.ts';
import { z } from './jitless-zod.ts';
import { list, text } from './trade-schemas.ts';

const valuesSchema = z.record(z.string().max(40), text);
const recipientsSchema = list(
  z.object({ name: text, address: text, orderer: text.nullable(), usual: z.boolean() }),
  5_000,
);
const versionSchema = z.string().max(200);

const changedSchema = z.object({ by: text, at: z.number() });

const settingsSchema = z.object({
  sites: list(
    z.object({
      id: text,
      name: text,
      /** What is set for it; a channel that is not named is not set. */
      channels: list(
        z.object({
          channel: z.enum(setChannels),
          /** As in the channel's form. A secret that is set is `kept`, and never more than that. */
          values: valuesSchema,
          recipients: recipientsSchema,
          /** Reports that are on their way by it. */
          onTheWay: z.number().int().nonnegative(),
          /** Of these, the ones that are asked for where a gateway was before it was moved. */
          elsewhere: list(z.object({ place: text, reports: z.number().int().positive() }), 60),
          /** Who set it last, where that is kept beside it: in a group. Unix milliseconds. */
          changed: changedSchema.nullable(),
          /** Why this host does not send by it, in words. */
          hindrance: text.nullable(),
          /** The contracts whose clock runs until its receiver speaks. */
          stopsClockOf: list(text, 200),
        }),
        10,
      ),
      /** Channels that somebody took away, in a group. */
      removed: list(changedSchema.extend({ channel: z.enum(setChannels) }), 10),
      /** Contracts whose clock never stops as the channels are set, each with the next step. */
      clockFaults: list(z.object({ contract: text, words: text, next: text }), 200),
    }),
    1_000,
  ),
  /** Where every report goes, in words. */
  always: list(text, 4),
  /** Why a channel is not changed here, in words. */
  fixed: list(z.object({ channel: z.enum(setChannels), why: text }), 10),
  /** In which folders of the host's machine a gateway may be set to lie. */
  gatewayFolders: list(text, 50),
  /** Whether they are those of every host of the group. */
  group: z.boolean(),
  /** What the file of this host says otherwise than the group, and has no say in; in words. */
  overruled: list(text, 5_000),
  /** What a change must name, so that nobody's is lost. */
  version: versionSchema,
});
export type SiteChannels = z.output<typeof settingsSchema>;

const which = { siteId: z.string().min(1).max(64), channel: z.enum(setChannels) };
const asTyped = { ...which, values: valuesSchema, recipients: recipientsSchema };

/** Where each site's reports go beside record and archive: seen, tried and set. */
export const channelCalls = {
  siteChannels: {
    method: 'GET',
    path: '/api/site-channels',
    output: settingsSchema,
    allow: 'set-channels',
    room: 'group',
  },
  keepChannel: {
    method: 'PUT',
    path: '/api/site-channels',
    input: z.object({ version: versionSchema, ...asTyped }),
    output: settingsSchema,
    allow: 'set-channels',
    room: 'group',
  },
  removeChannel: {
    method: 'POST',
    path: '/api/site-channels/remove',
    input: z.object({ version: versionSchema, ...which }),
    output: settingsSchema,
    allow: 'set-channels',
    room: 'group',
  },
  /** Connects as the settings say and sends nothing. */
  testChannel: {
    method: 'POST',
    path: '/api/site-channels/test',
    input: z.object(asTyped),
    output: z.object({ answers: z.boolean(), words: text, hostKey: z.string().max(100).optional() }),
    allow: 'set-channels',
    room: 'group',
  },
} as const;
