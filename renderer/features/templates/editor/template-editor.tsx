import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { TemplateSetView } from '../../../../shared/api/index.ts';
import { type Draft, type FieldKind, reportSections } from '../../../../shared/domain/report/index.ts';
import { putField, tokenAt, writtenFaults } from '../../../../shared/domain/template/index.ts';
import type { HostClient } from '../../../host/index.ts';
import { Button, Dialog, KeyPlate } from '../../../ui/index.ts';
import type { TemplateKeeper } from '../template-keeper.ts';
import { EditorNotices } from './editor-notices.tsx';
import { FaultsList } from './faults-list.tsx';
import { FieldPanel, kindWords } from './field-panel.tsx';
import { type Here, LineList } from './line-list.tsx';
import { LinePanel } from './line-panel.tsx';
import { MatchingPanel } from './matching-panel.tsx';
import { SmallSelect } from './small-fields.tsx';
import { type Begun, forWhom, ownerName, writtenOf } from './start.ts';
import { TrialPanel } from './trial-panel.tsx';
import { useWriting } from './use-writing.ts';
import { VersionsPanel } from './versions-panel.tsx';
import './editor.css';

/** In the order of their keys, Alt 1 to Alt 6. */
const kinds: readonly FieldKind[] = ['choice', 'number', 'measurement', 'laterality', 'date', 'text'];
const tabs = [
  ['preview', 'Preview', 'P'],
  ['exams', 'For which exams', 'E'],
  ['versions', 'Versions', 'V'],
] as const;
type Tab = (typeof tabs)[number][0];

/** One template or macro while it is written: its lines, what is said of the line and field at the caret, and what a report makes of it. */
export function TemplateEditor(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly keeper: TemplateKeeper;
  readonly sets: readonly TemplateSetView[];
  readonly shippedIds: ReadonlySet<string>;
  readonly begun: Begun;
  readonly trial: (draft: Draft) => ReactNode;
  /** With the id of what was saved; empty where nothing was yet. */
  readonly onClose: (id: string) => void;
}) {
  const { host, keeper, sets, begun } = props;
  const writing = useWriting({ begun, host, keeper, sets, shippedIds: props.shippedIds });
  const { written, owner } = writing;
  const it = written.kind === 'template' ? 'template' : 'macro';
  const [tab, setTab] = useState<Tab>('preview');
  const [here, setHere] = useState<Here | null>(null);
  const [fieldId, setFieldId] = useState<string | null>(null);
  const wanted = useRef<Here | null>(null);
  const wantedPlace = useRef<string | null>(null);
  const [, setGoes] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const line = here === null ? undefined : written.sections[here.code].find(({ key }) => key === here.key);
  const field = written.fields.find(({ id }) => id === fieldId);
  const faults = writtenFaults(written);
  const leaving = useRef(false);
  /** Once the host has every word; where it has not, the notice says so, and a second press leaves all the same. */
  const onClose = (): void => {
    void writing.flush().then((kept) => {
      if (kept || leaving.current) props.onClose(written.id);
      else leaving.current = true;
    });
  };
  const mine = sets.filter(({ mayChange }) => mayChange);

  const goTo = (place: string): void => {
    if (place.startsWith('matching')) setTab('exams');
    if (place.startsWith('field ')) setFieldId(place.slice(6));
    wantedPlace.current = place;
    setGoes((before) => before + 1);
  };
  // Once it is on screen.
  useLayoutEffect(() => {
    const place = wantedPlace.current;
    const found = [...(root.current?.querySelectorAll<HTMLElement>('[data-place]') ?? [])].find(
      (one) => one.dataset.place === place,
    );
    if (place === null || found === undefined) return;
    wantedPlace.current = null;
    found.focus();
  });
  // A button of a notice goes with it: the hand is back in the line, else at the name, and every key works on.
  useLayoutEffect(() => {
    if (root.current === null || root.current.contains(document.activeElement)) return;
    const all = [...root.current.querySelectorAll<HTMLElement>('[data-line], [data-place="title"]')];
    (all.find((one) => one.dataset.line === here?.key) ?? all[0])?.focus();
  });
  const moveHere = (next: Here): void => {
    setHere(next);
    const now = writing.current();
    const text = now.sections[next.code].find(({ key }) => key === next.key)?.text ?? '';
    const id = tokenAt(text, next.caret);
    setFieldId(now.fields.some((one) => one.id === id) ? id : null);
  };
  const put = (kind: FieldKind): void => {
    const lines = reportSections.flatMap(({ code }) => written.sections[code].map(({ key }) => ({ code, key })));
    const at = here ?? (lines[0] === undefined ? null : { ...lines[0], caret: 0 });
    if (at === null) return;
    let id: string | null = null;
    writing.change((one) => {
      const made = putField(one, at.code, at.key, at.caret, kind);
      if (made === null) return one;
      id = made.id;
      setHere({ ...at, caret: made.caret });
      return made.written;
    }, 'put-field');
    setFieldId(id);
    if (id !== null) goTo(`field ${id}`);
  };
  /** From the field back into its line, behind the field. */
  const back = (): void => {
    if (here === null || line === undefined) return;
    const token = fieldId === null ? -1 : line.text.indexOf(`{${fieldId}}`);
    wanted.current = { ...here, caret: token === -1 ? line.text.length : token + (fieldId?.length ?? 0) + 2 };
    setHere({ ...here });
  };
  const restore = (item: Parameters<typeof writtenOf>[0]): void => {
    const standing = written.replaces;
    writing.change(() => writtenOf(item, standing), 'restore');
    setHere(null);
    setFieldId(null);
    setTab('preview');
    void writing.save();
  };

  function onKeyDown(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    const control = event.ctrlKey || event.metaKey;
    const inTrial = event.target instanceof HTMLElement && event.target.closest('.tpe-trial') !== null;
    const act = (run: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    if (control && key === 's') act(() => void writing.save());
    else if (control && key === 'z' && !inTrial) act(event.shiftKey ? writing.redo : writing.undo);
    else if (control && key === 'y' && !inTrial) act(writing.redo);
    else if (event.key === 'F2')
      act(() => {
        if (!isIn(event.target, 'textarea[data-line]')) back();
        else if (field !== undefined) goTo(`field ${field.id}`);
      });
    else if (event.altKey && !control && /^Digit[1-6]$/.test(event.code)) {
      const kind = kinds[Number(event.code.slice(5)) - 1];
      if (kind !== undefined) act(() => put(kind));
    } else if (event.altKey && !control) {
      const to = tabs.find(([, , letter]) => letter.toLowerCase() === key);
      if (to !== undefined) act(() => setTab(to[0]));
    }
  }

  const head =
    written.replaces === null
      ? `New ${it}`
      : `${it === 'template' ? 'Template' : 'Macro'} of ${owner.kind === 'user' ? 'your own' : forWhom(sets, owner)}, version ${written.replaces}`;
  return (
    <Dialog title={head} className="tpe-dialog" onClose={onClose} head={<Kept writing={writing} />}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of everything inside it. */}
      <div className="tpe" ref={root} onKeyDown={onKeyDown}>
        <div className="tpe-top">
          <div className="tpe-field tpe-title">
            <label htmlFor="tpe-title">Name</label>
            <input
              id="tpe-title"
              type="text"
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              data-place="title"
              autoFocus
              value={written.title}
              placeholder={it === 'template' ? 'CT chest, nodule follow-up' : 'no pneumothorax'}
              onChange={(event) => {
                const { value } = event.target;
                writing.change((one) => ({ ...one, title: value }), 'title');
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                root.current?.querySelector<HTMLElement>('[data-line]')?.focus();
              }}
            />
          </div>
          {written.replaces === null && mine.length > 1 ? (
            <SmallSelect
              label="Kept for"
              value={ownerName(owner)}
              options={mine.map((set) => [ownerName(set.owner), forWhom(sets, set.owner)] as const)}
              onChange={(name) => writing.setOwner(mine.find((set) => ownerName(set.owner) === name)?.owner ?? owner)}
            />
          ) : null}
          <Button kind="go" keys="Ctrl+S" disabled={writing.busy} onClick={() => void writing.save()}>
            {written.replaces === null ? 'Save' : `Save as version ${written.replaces + 1}`}
          </Button>
        </div>
        <div className="tpe-tools" role="toolbar" aria-label="Put in a field">
          <span className="mute small">Field at the caret</span>
          {kinds.map((kind, at) => (
            <Button key={kind} kind="quiet" keys={`Alt+${at + 1}`} onClick={() => put(kind)}>
              {kindWords[kind]}
            </Button>
          ))}
          <span className="grow" />
          <Button kind="quiet" keys="Ctrl+Z" disabled={!writing.canUndo} onClick={writing.undo}>
            Undo
          </Button>
          <Button kind="quiet" keys="Ctrl+Y" disabled={!writing.canRedo} onClick={writing.redo}>
            Redo
          </Button>
        </div>
        <EditorNotices
          writing={writing}
          it={it}
          found={begun.found}
          standing={standingVersion(sets, owner, written.id)}
          onLook={() => setTab('versions')}
          onDiscard={() => void writing.discard().then(onClose)}
        />
        <div className="tpe-columns">
          <div className="tpe-left">
            <LineList writing={writing} here={here} onHere={moveHere} wanted={wanted} />
            <FaultsList written={written} faults={faults} asked={writing.told?.kind === 'faults'} onGo={goTo} />
          </div>
          <div className="tpe-middle">
            {field === undefined ? null : (
              <FieldPanel writing={writing} field={field} onId={setFieldId} onBack={back} />
            )}
            {here === null || line === undefined ? (
              <p className="mute small">
                A line is a statement. Write its words; {'Alt 1'} to {'Alt 6'} put a field in where the caret is. What
                is said of the line stands here.
              </p>
            ) : (
              <LinePanel writing={writing} code={here.code} line={line} />
            )}
          </div>
          <div className="tpe-right">
            <div className="tpe-tabs">
              {tabs.map(([name, words, letter]) => (
                <button
                  key={name}
                  type="button"
                  className="tpe-tab"
                  aria-pressed={tab === name}
                  onClick={() => setTab(name)}
                >
                  {name === 'exams' && it === 'macro' ? 'For whom' : words} <KeyPlate keys={`Alt+${letter}`} />
                </button>
              ))}
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it. */}
            <section className="tpe-sheet" aria-label={tabs.find(([name]) => name === tab)?.[1] ?? ''} tabIndex={0}>
              {tab === 'preview' ? <TrialPanel written={written} trial={props.trial} /> : null}
              {tab === 'exams' ? <MatchingPanel writing={writing} /> : null}
              {tab === 'versions' ? (
                <VersionsPanel
                  host={host}
                  owner={owner}
                  kind={written.kind}
                  id={written.id}
                  known={standingVersion(sets, owner, written.id)}
                  onRestore={restore}
                />
              ) : null}
            </section>
          </div>
        </div>
        <p className="tpe-foot mute small">
          <KeyPlate keys="Enter" /> next line <KeyPlate keys="Backspace" /> takes a field, or an empty line{' '}
          <KeyPlate keys="Alt+ArrowUp" /> <KeyPlate keys="Alt+ArrowDown" /> move the line <KeyPlate keys="F2" /> to the
          field and back <KeyPlate keys="Esc" /> close; what is not saved is kept
        </p>
      </div>
    </Dialog>
  );
}

function isIn(target: EventTarget, selector: string): boolean {
  return target instanceof HTMLElement && target.matches(selector);
}

/** The version that stands at the host now; null where there is none. */
function standingVersion(sets: readonly TemplateSetView[], owner: Begun['owner'], id: string): number | null {
  const shelf = sets.find((set) => ownerName(set.owner) === ownerName(owner))?.shelf;
  return [...(shelf?.templates ?? []), ...(shelf?.macros ?? [])].find((one) => one.id === id)?.version ?? null;
}

/** Whether what is written is safe, in words and beside the title. */
function Kept({ writing }: { readonly writing: ReturnType<typeof useWriting> }) {
  const { standing } = writing.keeping;
  const words = {
    untouched: writing.dirty ? 'Kept, not saved' : '',
    keeping: 'Keeping…',
    kept: 'Kept, not saved',
    'not-kept': 'Not kept yet',
    stale: 'Not kept: newer in another window',
  }[standing];
  const late = standing === 'not-kept' || standing === 'stale';
  return (
    <span role="status" aria-label="Keeping" className={late ? 'signal small' : 'mute small'}>
      {words}
    </span>
  );
}
