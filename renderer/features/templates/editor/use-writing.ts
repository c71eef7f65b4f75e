import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { TemplateSetView } from '../../../../shared/api/index.ts';
import {
  beginWriting,
  freeId,
  macroOf,
  redoWriting,
  slug,
  type TemplateItem,
  type TemplateOwner,
  templateOf,
  undoWriting,
  type WritingHistory,
  type Written,
  withNumber,
  writtenFaults,
  wrote,
} from '../../../../shared/domain/template/index.ts';
import type { HostClient } from '../../../host/index.ts';
import type { TemplateKeeper } from '../template-keeper.ts';
import type { Begun } from './start.ts';
import { createWorkKeeper, pageClock } from './work-keeper.ts';

export type SaveTold =
  | { readonly kind: 'saved'; readonly version: number }
  /** Somebody else's version stands there. */
  | { readonly kind: 'other'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'faults' };

/** What is written as a template or macro, with an id that nothing else has where it is a new one. */
function itemOf(written: Written, taken: (id: string) => boolean): TemplateItem {
  const wanted = slug(written.title, 70);
  const id = written.id === '' ? freeId(wanted === '' ? written.kind : wanted, taken) : written.id;
  return written.kind === 'template'
    ? { kind: 'template', template: templateOf(written, id) }
    : { kind: 'macro', macro: macroOf(written, id) };
}

/** Everything of one template or macro while it is written: the words, the way back, their keeping, and saving. */
export function useWriting(parts: {
  readonly begun: Begun;
  readonly host: Pick<HostClient, 'call'>;
  readonly keeper: TemplateKeeper;
  readonly sets: readonly TemplateSetView[];
  /** Ids of those that came with the program. */
  readonly shippedIds: ReadonlySet<string>;
}) {
  const { begun, host, keeper, sets, shippedIds } = parts;
  const [history, setHistory] = useState<WritingHistory>(() => beginWriting(begun.written));
  const [owner, setOwner] = useState<TemplateOwner>(begun.owner);
  const [work] = useState(() => createWorkKeeper({ host, key: begun.key, revision: begun.revision, clock: pageClock }));
  const keeping = useStore(work.state);
  const [told, setTold] = useState<SaveTold | null>(null);
  const [busy, setBusy] = useState(false);
  const [dirty, setDirty] = useState(begun.found);
  const now = useRef(history);

  const take = (next: WritingHistory): void => {
    if (next === now.current) return;
    now.current = next;
    setHistory(next);
    setDirty(true);
    work.put(next.now);
  };
  const change = (make: (written: Written) => Written, what: string): void => {
    setTold(null);
    take(wrote(now.current, make(now.current.now), what, performance.now()));
  };
  useEffect(() => () => void work.flush(), [work]);

  const taken = (id: string): boolean =>
    shippedIds.has(id) || sets.some(({ shelf }) => [...shelf.templates, ...shelf.macros].some((one) => one.id === id));

  async function save(over?: number): Promise<void> {
    if (busy) return;
    const written = now.current.now;
    if (writtenFaults(written).some(({ stop }) => stop)) {
      setTold({ kind: 'faults' });
      return;
    }
    setBusy(true);
    await work.flush();
    const item = itemOf(written, taken);
    const input = {
      owner: owner.kind === 'user' ? ({ kind: 'own' } as const) : owner,
      replaces: over ?? written.replaces,
      item,
    };
    const answered = await host.call('saveReportTemplate', { input });
    if (answered.ok) {
      const { version } = answered.value;
      await work.end();
      // What was typed while it was on its way is the beginning of the next version.
      const further = now.current.now !== written;
      now.current = withNumber(now.current, item.kind === 'template' ? item.template.id : item.macro.id, version);
      setHistory(now.current);
      setDirty(further);
      setTold({ kind: 'saved', version });
      keeper.state.setState({ sets: answered.value.sets, words: null }, true);
      if (further) work.put(now.current.now);
    } else {
      setTold({
        kind: answered.error.code === 'not-a-legal-move' ? 'other' : 'failed',
        words: answered.error.message,
      });
      void keeper.load();
    }
    setBusy(false);
  }

  return {
    written: history.now,
    /** As it is at this moment, between two drawings of the screen too. */
    current: (): Written => now.current.now,
    owner,
    setOwner,
    change,
    undo: () => take(undoWriting(now.current)),
    redo: () => take(redoWriting(now.current)),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    save,
    /** Kept as a new one beside what stands there. */
    asCopy: () => change((one) => ({ ...one, id: '', replaces: null, title: `${one.title} (copy)` }), 'copy'),
    /** Nothing of what was written since the last save is kept. */
    discard: () => work.end(),
    flush: () => work.flush(),
    dirty,
    told,
    setTold,
    busy,
    keeping,
  };
}
export type Writing = ReturnType<typeof useWriting>;
