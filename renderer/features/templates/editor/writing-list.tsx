import { type KeyboardEvent, useMemo, useState } from 'react';
import type { TemplateSetView, TemplateWorkView } from '../../../../shared/api/index.ts';
import type { ReportMacro, ReportTemplate, TemplateItem } from '../../../../shared/domain/template/index.ts';
import { Button, Dialog, FindList, hasWords, KeyPlate, Message, twoLines, useFind } from '../../../ui/index.ts';
import type { TemplateKeeper } from '../template-keeper.ts';
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
  const [told, setTold] = useState<string | null>(null);
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
  const own = sets.find(({ owner }) => owner.kind === 'user');
  const ownId = row?.kind === 'item' && row.item.kind === 'macro' ? itemId(row.item) : null;
  const off = ownId !== null && own?.shelf.disabled.includes(ownId) === true;

  function take(copy: boolean): void {
    if (row === undefined) return;
    if (row.kind === 'work') onStart({ kind: 'go-on', work: row.work });
    else if (row.set?.mayChange === true && !copy) onStart({ kind: 'change', owner: row.set.owner, item: row.item });
    else onStart({ kind: 'copy', item: row.item });
  }
  async function turn(): Promise<void> {
    if (ownId === null || own === undefined || row === undefined) return;
    const kept = await keeper.change(own.owner, (shelf) => ({
      ...shelf,
      disabled: off ? shelf.disabled.filter((one) => one !== ownId) : [...shelf.disabled, ownId],
    }));
    setTold(
      kept.ok
        ? `“${titleOf(row)}” is ${off ? 'offered to you again' : 'turned off for you'}.`
        : `Not changed. ${kept.error}`,
    );
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
            shown: twoLines(
              titleOf(one),
              noteOf(one),
              one.kind === 'work'
                ? one.work.written.kind
                : `${one.item.kind}${
                    one.set === null
                      ? ''
                      : `, ${one.set.owner.kind === 'user' ? 'yours' : forWhom(sets, one.set.owner)}, version ${itemVersion(one.item)}`
                  }`,
            ),
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
        {told === null ? null : <Message tone="tell" title={told} />}
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
          {ownId === null ? null : (
            <Button kind="quiet" onClick={() => void turn()}>
              {off ? 'Turn on' : 'Turn off'}
            </Button>
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
