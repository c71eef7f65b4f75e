import type { Instant } from '../../lib/instant.ts';

/** A day as FHIR and people write it, "2027-03-31". A credential holds through the whole of its last day, in the exam's zone. */
export type CalendarDay = string;

/** What a reader may do at one facility, from least to most; each includes those before it. */
export const privilegeLevels = ['look', 'draft', 'preliminary', 'final'] as const;
export type PrivilegeLevel = (typeof privilegeLevels)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekdayName = (typeof weekdays)[number];

/** Ends are null where the credential has none. */
export type Licence = { readonly state: string; readonly number: string; readonly expires: CalendarDay | null };
export type Privilege = {
  /** Logical id of the site's Organization in the record. */
  readonly site: string;
  readonly level: PrivilegeLevel;
  readonly expires: CalendarDay | null;
};
export type Named = { readonly name: string; readonly expires: CalendarDay | null };
export type MalpracticeCover = {
  readonly carrier: string;
  readonly states: readonly string[] | 'all';
  readonly expires: CalendarDay | null;
};
/** A span of working time on the wall clock of its own zone; one whose end is not after its start runs past midnight. */
export type Shift = {
  readonly days: readonly WeekdayName[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
};

/**
 * All that entitles a reader. A list that is null is not kept by her group, so it is not checked; an empty one is kept and empty.
 * Mammography is a qualification of its own (MQSA, 21 CFR 900.12(a)(1)): whoever has credentials needs it for MG.
 */
export type Credentials = {
  readonly licences: readonly Licence[];
  readonly privileges: readonly Privilege[] | null;
  /** DICOM modalities (PS3.3 C.7.3.1.1.1). */
  readonly modalities: readonly Named[] | null;
  readonly mammography: { readonly expires: CalendarDay | null } | null;
  readonly malpractice: readonly MalpracticeCover[] | null;
  readonly subspecialties: readonly string[];
  readonly boards: readonly Named[];
  /** Warns billing only; it never keeps anybody from reading. */
  readonly payers: readonly Named[];
  readonly shifts: readonly Shift[];
  /** The number that sites may call while she is on shift; absent where she gave none. */
  readonly phone?: string | undefined;
};

/** What an account is held to: `unrestricted` may read all. */
export type Entitlement = Credentials | 'unrestricted';

/** An entitlement with the moment at which it was set: of two copies the newer counts. */
export type EntitlementSet = { readonly setAt: Instant; readonly entitlement: Entitlement };

/** An account that names only states is held to these states and to nothing else. */
export function entitlementOfStates(states: readonly string[] | 'all'): Entitlement {
  if (states === 'all') return 'unrestricted';
  return {
    licences: states.map((state) => ({ state: state.trim().toUpperCase(), number: '', expires: null })),
    privileges: null,
    modalities: null,
    mammography: { expires: null },
    malpractice: null,
    subspecialties: [],
    boards: [],
    payers: [],
    shifts: [],
  };
}

export function statesOfEntitlement(entitlement: Entitlement): readonly string[] | 'all' {
  if (entitlement === 'unrestricted') return 'all';
  return [...new Set(entitlement.licences.map((one) => one.state))].sort();
}
