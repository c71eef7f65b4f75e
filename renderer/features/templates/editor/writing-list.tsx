import { type KeyboardEvent, useMemo } from 'react';
import type { TemplateSetView, TemplateWorkView } from '../../../../shared/api/index.ts';
import type { ReportMacro, ReportTemplate, TemplateItem } from '../../../../shared/domain/template/index.ts';
import { Button, Dialog, FindList, hasWords, KeyPlate, Message, twoLines, useFind } from '../../../ui/index.ts';
import type { TemplateKeeper } from '../template-keeper.ts';
import { countingAt, ToldLine, TurnButtons, turnedOffBy, useTurning } from '../turning.tsx';
import { savedAt } from './saved-at.ts';
import { forWhom, itemId, itemTitle, itemVersion, type WritingStart } from './start.ts';

type Row =
  | { readonly kind: 'work'; readonly work: TemplateWorkView }
  | { readonly kind: 'item'; readonly set: TemplateSetView | null; readonly item: TemplateItem };

const titleOf = (row: Row): string =>
  row.kind === 'work' ? row.work.written.title || '(no name yet)' : itemTitle(row.item);

function noteOf(row: Row): string {
  if (row.kind === 'work') return `not saved, kept ${savedAt(row.work.at)}`;
  return row.item.kind === 'template' ? row.item.template.description : row.item.macro.also.join(', ');
}

/** All templates and macros that can be written or begun from: what is not saved first, then her own, sites', the group's, and the program's. */
export function WritingList(props: {
  readonly keeper: TemplateKeeper;
  readonly sets: readonly TemplateSetView[];
  readonly works: readonly TemplateWorkView[];
  readonly shipped: { readonly templates: readonly ReportTemplate[]; readonly macros: readonly ReportMacro[] };
  readonly trouble: string | null;
  readonly onStart: (start: WritingStart) => void;
  readonly onClose: () => void;
}) {
  const { keeper, sets, works, shipped, onStart } = props;
  const { told, turn } = useTurning(keeper);
  const all = useMemo((): readonly Row[] => {
    const items = (
      set: TemplateSetView | null,
      from: { readonly templates: readonly ReportTemplate[]; readonly macros: readonly ReportMacro[] },
    ): readonly Row[] => [
      ...from.templates.map((template): Row => ({ kind: 'item', set, item: { kind: 'template', template } })),
      ...from.macros.map((macro): Row => ({ kind: 'item', set, item: { kind: 'macro', macro } })),
    ];
    return [
      ...works.map((work): Row => ({ kind: 'work', work })),
      ...sets.flatMap((set) => items(set, set.shelf)),
      ...items(null, shipped),
    ];
  }, [sets, works, shipped]);
  const find = useFind((text) =>
    all.filter((row) =>
      hasWords(`${titleOf(row)} ${row.kind === 'work' ? row.work.written.kind : row.item.kind}`, text),
    ),
  );
  const { rows, row } = find;
  const macro = row?.kind === 'item' && row.item.kind === 'macro' ? row.item.macro : null;
  /** Whose word counts on one: of sites that whose own it is. */
  const countingFor = (one: Row): readonly TemplateSetView[] =>
    countingAt(sets, one.kind === 'item' && one.set?.owner.kind === 'site' ? one.set.owner.id : null);
  const offBy = (one: Row): string => (one.kind === 'work' ? '' : turnedOffBy(countingFor(one), itemId(one.item)));

  function whatOf(one: Row): string {
    if (one.kind === 'work') return one.work.written.kind;
    const { set, item } = one;
    const by = offBy(one);
    const off = by === '' ? '' : `, turned off by ${by}`;
    if (set === null) return `${item.kind}${off}`;
    const whose = set.owner.kind === 'user' ? 'yours' : forWhom(sets, set.owner);
    return `${item.kind}, ${whose}, version ${itemVersion(item)}${off}`;
  }
  function take(copy: boolean): void {
    if (row === undefined) return;
    if (row.kind === 'work') onStart({ kind: 'go-on', work: row.work });
    else if (row.set?.mayChange === true && !copy) onStart({ kind: 'change', owner: row.set.owner, item: row.item });
    else onStart({ kind: 'copy', item: row.item });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'n' && key !== 'm') return;
    event.preventDefault();
    onStart({ kind: 'new', of: key === 'n' ? 'template' : 'macro' });
  }

  return (
    <Dialog title="Write templates and macros" bare className="palette tpe-list" onClose={props.onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of everything inside it. */}
      <div onKeyDown={onKeyDown}>
        <FindList
          find={find}
          label="Find a template or macro"
          placeholder="Name of a template or macro"
          listName="Templates and macros"
          id="tpe"
          press="marks"
          maxLength={100}
          onTake={(_, shift) => take(shift)}
          line={(one) => ({
            key: one.kind === 'work' ? one.work.key : `${one.set?.name ?? ''} ${one.item.kind} ${itemId(one.item)}`,
            grey: offBy(one) !== '',
            shown: twoLines(titleOf(one), noteOf(one), whatOf(one)),
          })}
          told={
            rows.length === 0
              ? 'None has these words. Fewer letters find more; Alt N begins a new template.'
              : `${rows.length} in all`
          }
        />
        {props.trouble === null ? null : (
          <Message
            tone="ask"
            title="Your own templates, the sites’ and the group’s are not here."
            action={<Button onClick={() => void keeper.load()}>Try again</Button>}
          >
            {props.trouble}
          </Message>
        )}
        <ToldLine told={told} />
        <div className="palette-foot mute small">
          <span>
            <KeyPlate keys="Enter" />{' '}
            {row?.kind === 'work'
              ? 'go on'
              : row?.kind === 'item' && row.set?.mayChange === true
                ? 'change it'
                : 'copy it'}{' '}
            <KeyPlate keys="Shift+Enter" /> copy it as your own <KeyPlate keys="Esc" /> close
          </span>
          <span className="grow" />
          {row === undefined || macro === null ? null : (
            <TurnButtons sets={countingFor(row)} one={{ id: macro.id, title: macro.name }} turn={turn} />
          )}
          <Button kind="quiet" keys="Alt+M" onClick={() => onStart({ kind: 'new', of: 'macro' })}>
            New macro
          </Button>
          <Button kind="quiet" keys="Alt+N" onClick={() => onStart({ kind: 'new', of: 'template' })}>
            New template
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
