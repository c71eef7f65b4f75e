import type { TemplateSetView, TemplateWorkView } from '../../../../shared/api/index.ts';
import {
  blankWritten,
  type TemplateItem,
  type TemplateOwner,
  type Written,
  writtenMacro,
  writtenTemplate,
} from '../../../../shared/domain/template/index.ts';

/** From where somebody begins to write. */
export type WritingStart =
  | { readonly kind: 'new'; readonly of: Written['kind'] }
  /** A copy that becomes her own. */
  | { readonly kind: 'copy'; readonly item: TemplateItem }
  /** The next version of one that is there. */
  | { readonly kind: 'change'; readonly owner: TemplateOwner; readonly item: TemplateItem }
  | { readonly kind: 'go-on'; readonly work: TemplateWorkView };

/** What is written, whose it will be, and the name under which the host keeps it until it is saved. */
export type Begun = {
  readonly key: string;
  readonly revision: number;
  readonly written: Written;
  readonly owner: TemplateOwner;
  /** It was there already, begun and not saved. */
  readonly found: boolean;
};

export const itemId = (item: TemplateItem): string => (item.kind === 'template' ? item.template.id : item.macro.id);
export const itemTitle = (item: TemplateItem): string =>
  item.kind === 'template' ? item.template.title : item.macro.name;
export const itemVersion = (item: TemplateItem): number =>
  item.kind === 'template' ? item.template.version : item.macro.version;

export const ownerName = (owner: TemplateOwner): string =>
  owner.kind === 'user' ? 'own' : owner.kind === 'group' ? 'group' : `site ${owner.id}`;

export function writtenOf(item: TemplateItem, replaces: number | null): Written {
  return item.kind === 'template' ? writtenTemplate(item.template, replaces) : writtenMacro(item.macro, replaces);
}

/** The set of an owner's templates that a work's key names; her own where it names none that is there. */
function ownerOf(key: string, own: TemplateOwner, sets: readonly TemplateSetView[]): TemplateOwner {
  return sets.find(({ owner, mayChange }) => mayChange && key.startsWith(`${ownerName(owner)} `))?.owner ?? own;
}

/** Work that was begun on the same thing and not saved is gone on with: nobody types the same words twice. */
export function beginFrom(
  start: WritingStart,
  works: readonly TemplateWorkView[],
  sets: readonly TemplateSetView[],
  newId: () => string,
): Begun {
  const own: TemplateOwner = sets.find(({ owner }) => owner.kind === 'user')?.owner ?? { kind: 'user', id: 'me' };
  if (start.kind === 'go-on') {
    const { key, revision, written } = start.work;
    return { key, revision, written, owner: ownerOf(key, own, sets), found: true };
  }
  const key =
    start.kind === 'change'
      ? `${ownerName(start.owner)} ${start.item.kind} ${itemId(start.item)}`
      : `own new ${newId()}`;
  const owner = start.kind === 'change' ? start.owner : own;
  const work = works.find((one) => one.key === key);
  if (work !== undefined) return { key, revision: work.revision, written: work.written, owner, found: true };
  if (start.kind === 'new') return { key, revision: 0, written: blankWritten(start.of), owner, found: false };
  const written = writtenOf(start.item, start.kind === 'change' ? itemVersion(start.item) : null);
  const title = start.kind === 'copy' ? `${written.title} (copy)` : written.title;
  return { key, revision: 0, written: { ...written, title }, owner, found: false };
}

/** "your own", "the group", "Cedar Hollow Imaging": for whom it is kept. */
export function forWhom(sets: readonly TemplateSetView[], owner: TemplateOwner): string {
  if (owner.kind === 'user') return 'yourself';
  if (owner.kind === 'group') return 'the group';
  return sets.find((set) => set.owner.kind === 'site' && set.owner.id === owner.id)?.name ?? owner.id;
}
