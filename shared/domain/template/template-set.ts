import { canonicalJson } from '../../lib/canonical-json.ts';
import type { ReportMacro } from './macro.ts';
import type { LevelledTemplate, ReportTemplate } from './template.ts';

/** Whose templates: a reader's own, those of a site, those of the whole group. */
export type TemplateOwner =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'site'; readonly id: string }
  | { readonly kind: 'group' };

/** What an owner has, and what she does not want to be offered (ids, of whoever's templates). */
export type TemplateShelf = {
  /** Words that the spelling check takes as right; absent where whoever changes the shelf knows nothing of them: they stay. */
  readonly words?: readonly string[] | undefined;
  readonly templates: readonly ReportTemplate[];
  readonly macros: readonly ReportMacro[];
  readonly disabled: readonly string[];
};

export type TemplateSet = {
  readonly owner: TemplateOwner;
  readonly shelf: TemplateShelf;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The highest version that each id ever had here, so that a number never means two texts. */
  readonly numbers: Readonly<Record<string, number>>;
};

export const emptyShelf: TemplateShelf = { templates: [], macros: [], disabled: [], words: [] };

/** The shelf with its versions counted: what changed, or is new, has the next number of its id; what did not keeps its own. */
export function changedSet(
  before: TemplateSet | null,
  owner: TemplateOwner,
  shelf: TemplateShelf,
  stamp: { readonly by: string; readonly at: number },
): TemplateSet {
  const numbers: Record<string, number> = { ...before?.numbers };
  const counted = <One extends { readonly id: string; readonly version: number }>(
    now: readonly One[],
    old: readonly One[],
    kind: string,
  ): readonly One[] =>
    now.map((one) => {
      const same = old.find((each) => each.id === one.id);
      if (same !== undefined && sameWords(same, one)) return same;
      const key = `${kind} ${one.id}`;
      const version = (numbers[key] ?? same?.version ?? 0) + 1;
      numbers[key] = version;
      return { ...one, version };
    });
  return {
    owner,
    shelf: {
      templates: counted(shelf.templates, before?.shelf.templates ?? [], 'template'),
      macros: counted(shelf.macros, before?.shelf.macros ?? [], 'macro'),
      disabled: [...new Set(shelf.disabled)],
      words: [...new Set(shelf.words ?? before?.shelf.words ?? [])],
    },
    ...stamp,
    numbers,
  };
}

/** Whether two are the same but for their version. */
function sameWords(left: { readonly version: number }, right: { readonly version: number }): boolean {
  return canonicalJson({ ...left, version: 0 } as never) === canonicalJson({ ...right, version: 0 } as never);
}

/** One among others: in place of the one with its id, else at the end. */
export function withOne<One extends { readonly id: string }>(all: readonly One[], one: One): readonly One[] {
  const at = all.findIndex((each) => each.id === one.id);
  return at === -1 ? [...all, one] : all.with(at, one);
}

type Sets = readonly Pick<TemplateSet, 'owner' | 'shelf'>[];

/** Of other sites nothing counts. */
const ofCase = (sets: Sets, siteId: string | null): Sets =>
  sets.filter(({ owner }) => owner.kind !== 'site' || owner.id === siteId);

/** Ids that any of a case's owners turned off. */
export function turnedOff(sets: Sets, siteId: string | null): ReadonlySet<string> {
  return new Set(ofCase(sets, siteId).flatMap(({ shelf }) => shelf.disabled));
}

/** All templates for a case: the reader's, those of the site where it was made, the group's, those that came with the program; less what any of them turned off. */
export function templatesFor(
  sets: Sets,
  siteId: string | null,
  shipped: readonly ReportTemplate[],
): readonly LevelledTemplate[] {
  const own = ofCase(sets, siteId);
  const off = turnedOff(sets, siteId);
  return [
    ...own.flatMap(({ owner, shelf }) =>
      shelf.templates.map((template): LevelledTemplate => ({ level: owner.kind, template })),
    ),
    ...shipped.map((template): LevelledTemplate => ({ level: 'shipped', template })),
  ].filter(({ template }) => !off.has(template.id));
}

/** All macros for a case; of two with one name the nearer owner's counts. */
export function macrosOf(sets: Sets, siteId: string | null, shipped: readonly ReportMacro[]): readonly ReportMacro[] {
  const own = ofCase(sets, siteId);
  const off = turnedOff(sets, siteId);
  return [...own.flatMap(({ shelf }) => shelf.macros), ...shipped].filter(({ id }) => !off.has(id));
}
