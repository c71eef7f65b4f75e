import type { Instant } from '../../lib/instant.ts';
import type { Site } from '../order/index.ts';
import { type Contract, defaultContract, type OpenHours } from '../turnaround/index.ts';
import { type ArrivalRules, usualArrival } from './arrival-fields.ts';
import { type DeliveryRules, usualDelivery } from './delivery-fields.ts';

/** What a contact is for. `on-call`: tonight's physician; `covering`: who acts when the ordering physician is away. */
export const contactRoles = ['desk', 'on-call', 'ordering', 'covering', 'lead', 'it'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** Whom to reach at a site, and how. */
export type SiteContact = { readonly role: ContactRole; readonly name: string; readonly phone: string };

/** What a reader outside the United States may issue for a site. */
export const abroadRules = ['final', 'preliminary', 'none'] as const;

/** Which reports the group may issue for this site. */
export type IssueRule = {
  readonly preliminary: boolean;
  readonly final: boolean;
  readonly fromAbroad: (typeof abroadRules)[number];
};

/** `counts`: makes the order unfit; `note`: is told and nothing more; `off`: is not told. */
export const defectWeights = ['counts', 'note', 'off'] as const;
export type DefectWeight = (typeof defectWeights)[number];
/** How much one kind of defect weighs for reading, and for billing. */
export type DefectRule = { readonly read: DefectWeight; readonly bill: DefectWeight };

/** A kind of study that sounds an alarm at this site ("Stroke"), known by any of these words in procedure or reason, case aside. */
export type CodeStudy = { readonly name: string; readonly words: readonly string[] };

/** A contract from the instant on that it was agreed for. Once it has begun it is never changed: disputes are about what was agreed. */
export type DatedContract = Contract & { readonly validFrom: Instant };

/** Shorter than this a host lets nothing go: a sender may repeat a message for weeks, and it is known again by what was kept of it. */
export const leastKeptDays = 30;

/** What a site calls things that every system of it must mean alike. */
export type SiteAliases = {
  /** Names under which its systems issue patient numbers (0010,0021; CX.4): one issuer, so that an equal number is one patient's. */
  readonly issuers: readonly string[];
  /** Its own words for patients whom nobody has identified yet ("FOXTROT"). */
  readonly unidentified: readonly string[];
};

/** All that was agreed with a site where exams are made. The state that counts for a licence is this one, never the patient's home. */
export type SiteProfile = {
  readonly site: Site;
  /** When somebody is at the site's desk; null where nobody said. */
  readonly hours: OpenHours | null;
  /** Oldest first; at most one from any instant. */
  readonly contracts: readonly DatedContract[];
  readonly issue: IssueRule;
  readonly contacts: readonly SiteContact[];
  /** In which forms its reports go; by which channels is set on the host that sends them. */
  readonly delivery: DeliveryRules;
  /** By the defect's code; one that is not named weighs what the group's rules say. */
  readonly defects: { readonly [code: string]: DefectRule };
  readonly codes: readonly CodeStudy[];
  /** When the images of a study count as complete. */
  readonly arrival: ArrivalRules;
  /** Days after which a reader's screen is to be checked again, by modality, `*` for all others; empty where nobody said. */
  readonly displayCheckDays: { readonly [modality: string]: number };
  readonly siteAliases: SiteAliases;
  /** How long studies and reports are kept; null where nobody said, and then nothing is put away. */
  readonly retentionDays: number | null;
  /** How long a host keeps what only it holds (messages as received, drafts of ended cases); null where nobody said, and then for good. */
  readonly keptOnHostDays: number | null;
};

/** What holds for a site of which nothing was agreed. */
export function defaultProfile(site: Site): SiteProfile {
  return {
    site,
    hours: null,
    contracts: [],
    issue: { preliminary: true, final: true, fromAbroad: 'final' },
    contacts: site.phone === null ? [] : [{ role: 'desk', name: site.name, phone: site.phone }],
    delivery: usualDelivery,
    defects: {},
    codes: [],
    arrival: usualArrival,
    displayCheckDays: {},
    siteAliases: { issuers: [], unidentified: [] },
    retentionDays: null,
    keptOnHostDays: null,
  };
}

/** The contract in force at that instant; before the first one, and without any, the group's own times. */
export function contractAt(profile: Pick<SiteProfile, 'contracts'> | null, at: Instant): Contract {
  return profile?.contracts.findLast((one) => one.validFrom <= at) ?? defaultContract;
}
