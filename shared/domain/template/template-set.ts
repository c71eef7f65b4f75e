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
  /**
   * Who saved the version that stands, and when, under the same names; under `off` and the id who turned it off. Absent for what was kept
   * before anybody wrote it down.
   */
  readonly stamps: Readonly<Record<string, VersionStamp>>;
};

/** Who saved a version, and when (milliseconds since 1970). */
export type VersionStamp = { readonly by: string; readonly at: number };

/** A template or a macro, as it is saved by itself. */
export type TemplateItem =
  | { readonly kind: 'template'; readonly template: ReportTemplate }
  | { readonly kind: 'macro'; readonly macro: ReportMacro };

/** A version that another is about to take the place of, or that goes; its stamp where it has one. */
export type OutgoingVersion = { readonly item: TemplateItem; readonly stamp: VersionStamp | null };

/** The name under which numbers and stamps of an item stand. */
export function numberKey(kind: TemplateItem['kind'], id: string): string {
  return `${kind} ${id}`;
}

const offKey = (id: string): string => `off ${id}`;

/** Who turned off what an owner does not want to be offered; one that was turned off before anybody wrote it down is not among them. */
export function turnedOffStamps({
  shelf,
  stamps,
}: Pick<TemplateSet, 'shelf' | 'stamps'>): readonly (VersionStamp & { readonly id: string })[] {
  return shelf.disabled.flatMap((id) => {
    const stamp = stamps[offKey(id)];
    return stamp === undefined ? [] : [{ id, ...stamp }];
  });
}

export const emptyShelf: TemplateShelf = { templates: [], macros: [], disabled: [], words: [] };

/** The shelf with its versions counted: what changed, or is new, has the next number of its id; what did not keeps its own. */
export function changedSet(
  before: TemplateSet | null,
  owner: TemplateOwner,
  shelf: TemplateShelf,
  stamp: { readonly by: string; readonly at: number },
): TemplateSet {
  const numbers: Record<string, number> = { ...before?.numbers };
  const stamps: Record<string, VersionStamp> = { ...before?.stamps };
  const counted = <One extends { readonly id: string; readonly version: number }>(
    now: readonly One[],
    old: readonly One[],
    kind: TemplateItem['kind'],
  ): readonly One[] =>
    now.map((one) => {
      const same = old.find((each) => each.id === one.id);
      if (same !== undefined && sameWords(same, one)) return same;
      const key = numberKey(kind, one.id);
      const version = (numbers[key] ?? same?.version ?? 0) + 1;
      numbers[key] = version;
      stamps[key] = stamp;
      return { ...one, version };
    });
  for (const id of before?.shelf.disabled ?? []) if (!shelf.disabled.includes(id)) delete stamps[offKey(id)];
  for (const id of shelf.disabled) if (before?.shelf.disabled.includes(id) !== true) stamps[offKey(id)] = stamp;
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
    stamps,
  };
}

/** What of a set would be lost with the next one: versions that are replaced or go. They are kept before it takes their place. */
export function outgoingVersions(before: TemplateSet | null, next: TemplateShelf): readonly OutgoingVersion[] {
  if (before === null) return [];
  const stampOf = (kind: TemplateItem['kind'], id: string): VersionStamp | null =>
    before.stamps[numberKey(kind, id)] ?? null;
  const stays = <One extends { readonly id: string; readonly version: number }>(
    one: One,
    now: readonly One[],
  ): boolean => now.some((each) => each.id === one.id && sameWords(each, one));
  return [
    ...before.shelf.templates
      .filter((one) => !stays(one, next.templates))
      .map((template) => ({
        item: { kind: 'template' as const, template },
        stamp: stampOf('template', template.id),
      })),
    ...before.shelf.macros
      .filter((one) => !stays(one, next.macros))
      .map((macro) => ({ item: { kind: 'macro' as const, macro }, stamp: stampOf('macro', macro.id) })),
  ];
}

/** Whether two are the same but for their version. */
export function sameWords(left: { readonly version: number }, right: { readonly version: number }): boolean {
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
  const off = turnedOff(sets, siteId);
  return everyMacro(sets, siteId, shipped).filter(({ id }) => !off.has(id));
}

/** The macros that a case would have, had none of its owners turned them off. */
export function macrosTurnedOff(
  sets: Sets,
  siteId: string | null,
  shipped: readonly ReportMacro[],
): readonly ReportMacro[] {
  const off = turnedOff(sets, siteId);
  return everyMacro(sets, siteId, shipped).filter(({ id }) => off.has(id));
}

function everyMacro(sets: Sets, siteId: string | null, shipped: readonly ReportMacro[]): readonly ReportMacro[] {
  return [...ofCase(sets, siteId).flatMap(({ shelf }) => shelf.macros), ...shipped];
}
