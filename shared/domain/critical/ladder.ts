/** Whom to reach, in this order. `duty`: whoever of the group is on duty then; a person, never an address. */
export const rungRoles = ['ordering', 'covering', 'desk', 'duty'] as const;
export type RungRole = (typeof rungRoles)[number];

export type Rung = {
  readonly role: RungRole;
  /** Empty for `duty`: who that is is asked when it comes to it. */
  readonly name: string;
  /** Null where nobody told us a number. */
  readonly phone: string | null;
};

export const rungWords: Readonly<Record<RungRole, string>> = {
  ordering: 'ordering physician',
  covering: 'covering physician',
  desk: 'site’s desk',
  duty: 'person on duty',
};

/** Whom to reach at a site, as a profile of it says. */
export type LadderContact = { readonly role: string; readonly name: string; readonly phone: string };

const roleOf: { readonly [role: string]: RungRole | undefined } = {
  ordering: 'ordering',
  covering: 'covering',
  'on-call': 'covering',
  desk: 'desk',
};

/**
 * The ladder of one case: the ordering physician as the order names her, who covers for her, the site's desk, and at its end a person on
 * duty. Numbers only from what was agreed with the site. What is not known is left out; the end never is.
 */
export function ladderOf(known: {
  readonly orderedBy: string | null;
  readonly site: { readonly name: string; readonly phone: string | null } | null;
  readonly contacts: readonly LadderContact[];
}): readonly Rung[] {
  const { site, contacts } = known;
  const of = (role: RungRole): readonly Rung[] =>
    contacts.flatMap((one) => (roleOf[one.role] === role ? [{ role, name: one.name, phone: one.phone }] : []));
  const orderedBy = known.orderedBy?.trim() ?? '';
  const atOffice = of('ordering');
  const ordering: readonly Rung[] =
    orderedBy === '' ? atOffice : [{ role: 'ordering', name: orderedBy, phone: atOffice[0]?.phone ?? null }];
  const desks = of('desk');
  const desk: readonly Rung[] =
    desks.length > 0 || site === null || site.phone === null
      ? desks
      : [{ role: 'desk', name: site.name, phone: site.phone }];
  return [...ordering, ...of('covering'), ...desk, { role: 'duty', name: '', phone: null }];
}

/** "covering physician, Dr O. Fenwick, 555-0102". */
export function rungLine({ role, name, phone }: Rung): string {
  return [rungWords[role], name, phone ?? ''].filter((one) => one !== '').join(', ');
}
