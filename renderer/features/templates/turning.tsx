import { useState } from 'react';
import type { TemplateSetView } from '../../../shared/api/index.ts';
import type { ReportMacro } from '../../../shared/domain/template/index.ts';
import { Button, Message } from '../../ui/index.ts';
import { savedAt } from './editor/saved-at.ts';
import type { TemplateKeeper } from './template-keeper.ts';

/** A template or a macro, by what it is turned off and what it is called. */
type Turned = { readonly id: string; readonly title: string };
type Told = { readonly words: string; readonly undo: (() => void) | null };

/** "you", "the group", "Cedar Hollow Imaging". */
function forWhom(set: TemplateSetView): string {
  if (set.owner.kind === 'user') return 'you';
  return set.owner.kind === 'group' ? 'the group' : set.name;
}

/** Those whose word counts where an exam was made: her own, the group's and that site's. */
export function countingAt(sets: readonly TemplateSetView[], siteId: string | null): readonly TemplateSetView[] {
  return sets.filter(({ owner }) => owner.kind !== 'site' || owner.id === siteId);
}

/** "you and the group": who turned it off; empty where nobody did. */
export function turnedOffBy(sets: readonly TemplateSetView[], id: string): string {
  const who = sets.filter(({ shelf }) => shelf.disabled.includes(id)).map(forWhom);
  return who.join(' and ');
}

/** "turned off for the group by Leonard Ames, 30 Nov 2026, 08:37 PST": for whom, and by whom where that is known. */
export function turnedOffWords(sets: readonly TemplateSetView[], id: string): string {
  const each = sets
    .filter(({ shelf }) => shelf.disabled.includes(id))
    .map((set) => {
      const stamp = set.owner.kind === 'user' ? undefined : set.off.find((one) => one.id === id);
      return `for ${forWhom(set)}${stamp === undefined ? '' : ` by ${stamp.by}, ${savedAt(stamp.at)}`}`;
    });
  return `turned off ${each.join(' and ')}`;
}

/** Why a macro is not put in though it is there, whoever asked for it and how. */
export function notInsertedWords(
  sets: readonly TemplateSetView[],
  { id, name }: Pick<ReportMacro, 'id' | 'name'>,
): string {
  const isHers = sets.every(({ shelf, mayChange }) => mayChange || !shelf.disabled.includes(id));
  return `The macro “${name}” is ${turnedOffWords(sets, id)}, and was not put in. ${isHers ? 'Turn it on under Write macros.' : 'A lead can turn it on again.'}`;
}

/** Turns one off, or on again, for herself and for whom she may; what came of it, with its undoing. `after` follows the words. */
export function useTurning(keeper: TemplateKeeper, after = '') {
  const [told, setTold] = useState<Told | null>(null);
  const turn = async (set: TemplateSetView, one: Turned, off: boolean): Promise<void> => {
    const kept = await keeper.change(set.owner, (shelf) => {
      const others = shelf.disabled.filter((each) => each !== one.id);
      return { ...shelf, disabled: off ? [...others, one.id] : others };
    });
    if (!kept.ok) setTold({ words: `Not changed. ${kept.error}`, undo: null });
    else
      setTold({
        words: off
          ? `“${one.title}” is turned off for ${forWhom(set)}${after}.`
          : `“${one.title}” is offered again to ${forWhom(set)}.`,
        undo: () => void turn(set, one, !off),
      });
  };
  return { told, setTold, turn };
}

export function ToldLine({ told }: { readonly told: Told | null }) {
  if (told === null) return null;
  const { words, undo } = told;
  return (
    <Message tone="tell" title={words} action={undo === null ? undefined : <Button onClick={undo}>Undo</Button>} />
  );
}

/** Who may turn it off or on here: she for herself, a lead for site and group. */
export function TurnButtons(props: {
  readonly sets: readonly TemplateSetView[];
  readonly one: Turned;
  readonly turn: (set: TemplateSetView, one: Turned, off: boolean) => Promise<void>;
}) {
  const { sets, one, turn } = props;
  return sets
    .filter(({ mayChange }) => mayChange)
    .map((set) => {
      const isOff = set.shelf.disabled.includes(one.id);
      return (
        <Button key={forWhom(set)} kind="quiet" onClick={() => void turn(set, one, !isOff)}>
          {isOff ? 'Turn on' : 'Turn off'}
          {set.owner.kind === 'user' ? '' : ` for ${forWhom(set)}`}
        </Button>
      );
    });
}
