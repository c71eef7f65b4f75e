import type { Site } from '../order/index.ts';
import type { Contract } from '../turnaround/index.ts';

/** 0 is Sunday, as in ECMAScript and FHIR R4 HealthcareService.availableTime order of days. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A span of the day on the site's own wall clock, "HH:MM"; a span whose end is not after its start runs past midnight. */
export type OpenSpan = { readonly days: readonly Weekday[]; readonly from: string; readonly to: string };

/** Whom to reach at a site, and how. */
export type SiteContact = {
  readonly role: 'desk' | 'on-call' | 'ordering' | 'covering' | 'lead' | 'it';
  readonly name: string;
  readonly phone: string;
};

/** Which reports the group may issue for this site, and what a reader outside the United States may. */
export type IssueRule = {
  readonly preliminary: boolean;
  readonly final: boolean;
  readonly fromAbroad: 'final' | 'preliminary' | 'none';
};

/** All that was agreed with a site where exams are made. The state that counts for a licence is this one, never the patient's home. */
export type SiteProfile = {
  readonly site: Site;
  /** When somebody is at the site's desk, in the site's zone; null where nobody said. */
  readonly hours: readonly OpenSpan[] | null;
  readonly contract: Contract;
  readonly issue: IssueRule;
  readonly contacts: readonly SiteContact[];
};
