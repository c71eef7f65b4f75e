import type { Instant } from '../../lib/instant.ts';
import type { ImagesAfterReport, TellingRole } from './images-after-report.ts';

/** Somebody of the group, as far as telling goes. */
export type Colleague = {
  readonly id: string;
  readonly name: string;
  readonly role: 'radiologist' | 'lead';
  /** `unsaid`: no shifts are kept for her, so nothing is known either way. */
  readonly shift:
    | { readonly kind: 'on'; readonly until: Instant }
    | { readonly kind: 'off' }
    | { readonly kind: 'unsaid' };
  /** Whether she may read the site's studies. */
  readonly mayRead: boolean;
};

type Telling = { readonly to: { readonly id: string; readonly name: string }; readonly as: TellingRole };

/**
 * Who is to be told now and has not been: the signer, unless she is known to be off; else the reader on shift who may read the site's
 * studies and stays longest; else the leads, and where there is none whoever may read them and is not known to be off. It is passed on when whoever was told goes home. The leads are told when it is overdue,
 * and at once where the site has rejected what the report was signed on.
 */
export function whomToTell(
  item: Pick<ImagesAfterReport, 'signer' | 'told' | 'due' | 'ending'> & {
    readonly difference?: Pick<ImagesAfterReport['difference'], 'notes'>;
  },
  people: readonly Colleague[],
  now: Instant,
): readonly Telling[] {
  if (item.ending !== null) return [];
  const told = new Set(item.told.map((one) => one.to.id));
  const here = (one: Colleague): boolean => one.mayRead && one.shift.kind !== 'off';
  const as = (role: TellingRole, one: Colleague): Telling => ({ to: { id: one.id, name: one.name }, as: role });
  const leads = people.filter((one) => one.role === 'lead').map((one) => as('lead', one));
  const others = leads.length > 0 ? leads : people.filter(here).map((one) => as('reader', one));
  const untold = (found: readonly Telling[]): readonly Telling[] => found.filter((one) => !told.has(one.to.id));

  const signer = people.find((one) => one.id === item.signer.id && here(one));
  const next = signer !== undefined ? [as('signer', signer)] : onShift(people).map((one) => as('reader', one));
  const holds = item.told.some((one) => {
    const colleague = people.find((person) => person.id === one.to.id);
    return one.as !== 'lead' && colleague !== undefined && here(colleague);
  });
  const wanted = holds ? [] : next.length > 0 ? next : others;
  const isForLeads = now >= item.due || (item.difference?.notes ?? []).length > 0;
  return untold(
    isForLeads ? [...wanted, ...leads.filter((one) => !wanted.some((two) => two.to.id === one.to.id))] : wanted,
  );
}

/** The one reader who is asked: a matter that is everybody's is nobody's. */
function onShift(people: readonly Colleague[]): readonly Colleague[] {
  const until = (one: Colleague): number => (one.shift.kind === 'on' ? one.shift.until : 0);
  return people
    .filter((one) => one.shift.kind === 'on' && one.mayRead)
    .sort((one, other) => until(other) - until(one) || (one.id < other.id ? -1 : 1))
    .slice(0, 1);
}
