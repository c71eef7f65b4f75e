import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { TemplateSetView } from '../../../shared/api/index.ts';
import { type DraftExam, examHeading, type SectionCode } from '../../../shared/domain/report/index.ts';
import {
  type FillWords,
  type InTheWay,
  nothingSaid,
  type RankedTemplate,
  readExceptions,
  searchTemplates,
  type TemplateFacts,
  type TemplateLevel,
  unplacedWords,
} from '../../../shared/domain/template/index.ts';
import { writeMrrt } from '../../../shared/interop/mrrt/index.ts';
import { Button, Dialog, FindList, KeyPlate, Message, twoLines } from '../../ui/index.ts';
import type { WritingStart } from './editor/start.ts';
import { ImportTemplate } from './import-template.tsx';
import type { TemplateKeeper } from './template-keeper.ts';
import { TemplatePreview } from './template-preview.tsx';
import { countingAt, ToldLine, TurnButtons, turnedOffBy, useTurning } from './turning.tsx';

const levelWords: Readonly<Record<TemplateLevel, string>> = {
  user: 'yours',
  site: 'site',
  group: 'group',
  shipped: '',
};

export type Choosing = {
  /** Id of the template that is marked first; the best where absent. */
  readonly id?: string | undefined;
  readonly except?: string | undefined;
};

/** "Templates": those that fit first with the reason, found by typing, seen before they are taken. */
export function TemplatesDialog(props: {
  readonly keeper: TemplateKeeper;
  readonly choosing: Choosing;
  /** Those that can be chosen for this exam, best first; and those turned off. */
  readonly ranked: readonly RankedTemplate[];
  readonly off: readonly RankedTemplate[];
  /** Where the exam was made. */
  readonly siteId: string | null;
  readonly facts: TemplateFacts;
  /** Other exams of the report, and the one that is meant; null for the open one. */
  readonly exams: readonly DraftExam[];
  readonly exam: DraftExam | null;
  readonly openExam: string;
  readonly onExam: (exam: DraftExam | null) => void;
  readonly inTheWay: (chosen: RankedTemplate, said: FillWords) => readonly InTheWay[];
  readonly onApply: (chosen: RankedTemplate, said: FillWords, replace: ReadonlySet<SectionCode>) => void;
  /** Opens the place where templates are written. */
  readonly onWrite: (start: WritingStart) => void;
  readonly onClose: () => void;
}) {
  const { keeper, facts, ranked } = props;
  const { sets, words } = useStore(keeper.state);
  const [text, setText] = useState('');
  const [except, setExcept] = useState(props.choosing.except ?? '');
  const [wanted, setWanted] = useState<string | undefined>(props.choosing.id);
  const [moved, setMoved] = useState<number | null>(null);
  const [asked, setAsked] = useState<{
    readonly chosen: RankedTemplate;
    readonly said: FillWords;
    readonly in: readonly InTheWay[];
  } | null>(null);
  const [showOff, setShowOff] = useState(false);
  const { told, setTold, turn } = useTurning(keeper, '; “turned off” below brings it back');
  const found = useMemo(() => searchTemplates(showOff ? props.off : ranked, text), [ranked, props.off, showOff, text]);
  const first =
    wanted === undefined
      ? 0
      : Math.max(
          0,
          found.findIndex((one) => one.template.id === wanted),
        );
  const at = Math.min(moved ?? first, Math.max(0, found.length - 1));
  const chosen = found[at];
  const counting = countingAt(sets, props.siteId);
  const offBy = chosen === undefined ? '' : turnedOffBy(counting, chosen.template.id);

  const exceptions = useMemo(
    () => (chosen === undefined || except.trim() === '' ? null : readExceptions(chosen.template, facts, except)),
    [chosen, facts, except],
  );
  const said: FillWords =
    exceptions === null || !exceptions.ok
      ? nothingSaid
      : { normal: exceptions.value.size === 0, exceptions: exceptions.value };

  function take(normal: boolean): void {
    if (chosen === undefined || showOff || (exceptions !== null && !exceptions.ok)) return;
    const meant = normal && exceptions === null ? { ...nothingSaid, normal: true } : said;
    const inTheWay = props.inTheWay(chosen, meant);
    if (inTheWay.length === 0) props.onApply(chosen, meant, new Set());
    else setAsked({ chosen, said: meant, in: inTheWay });
  }

  if (asked !== null)
    return (
      <Dialog title="Replace your words?" onClose={() => setAsked(null)} className="tpl-ask">
        <div className="dialog-body">
          <p>
            “{asked.chosen.template.title}” has words for {asked.in.map((one) => one.title).join(' and ')}, where yours
            stand already.
          </p>
          {asked.in.map((one) => (
            <blockquote key={one.code} className="tpl-standing">
              <b>{one.title}</b> {one.words}
            </blockquote>
          ))}
          <div className="dialog-actions">
            <Button kind="go" onClick={() => props.onApply(asked.chosen, asked.said, new Set())}>
              Keep my words, fill the rest
            </Button>
            <Button onClick={() => props.onApply(asked.chosen, asked.said, new Set(asked.in.map((one) => one.code)))}>
              Replace them
            </Button>
            <Button kind="quiet" keys="Esc" onClick={() => setAsked(null)}>
              Back
            </Button>
          </div>
        </div>
      </Dialog>
    );

  return (
    <Dialog title="Choose a template" bare className="palette tpl-dialog" onClose={props.onClose}>
      <div className="tpl-columns">
        <div className="tpl-left">
          <FindList
            find={{
              ...{ text, rows: found, at },
              onText: (next) => {
                setText(next);
                setMoved(0);
              },
              onMove: (to) => {
                setWanted(undefined);
                setMoved(to);
              },
            }}
            label="Find a template"
            placeholder="Name of a template"
            listName="Templates"
            id="tpl"
            press="marks"
            maxLength={100}
            onTake={(_, shift) => take(shift)}
            line={(one) => ({
              key: `${one.level} ${one.template.id}`,
              grey: !one.fits,
              shown: twoLines(one.template.title, one.fits ? `fits: ${one.reason}` : one.reason, levelWords[one.level]),
            })}
            between={
              props.exams.length === 0 ? null : (
                <p className="tpl-exams">
                  {[null, ...props.exams].map((one) => (
                    <button
                      key={one?.taskId ?? 'open'}
                      type="button"
                      className="chip"
                      aria-pressed={one?.taskId === props.exam?.taskId}
                      onClick={() => props.onExam(one)}
                    >
                      {one === null ? props.openExam : examHeading(one)}
                    </button>
                  ))}
                </p>
              )
            }
            told={
              found.length > 0
                ? `${found.filter((one) => one.fits).length} fit this exam, ${found.length} in all`
                : showOff
                  ? 'None is turned off.'
                  : 'No template has these words. Fewer letters find more; Import a file brings one in.'
            }
          />
          {words === null ? null : (
            <Message
              tone="ask"
              title="Your own templates, the site’s and the group’s are not here."
              action={<Button onClick={() => void keeper.load()}>Try again</Button>}
            >
              {words} Those that came with Overread can be used.
            </Message>
          )}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it. */}
        <section className="tpl-right" aria-label="What it puts in" tabIndex={0}>
          {chosen === undefined ? (
            <p className="mute">Nothing is chosen.</p>
          ) : (
            <>
              <div className="tpl-head">
                <h3>{chosen.template.title}</h3>
                <span className="mute small">version {chosen.template.version}</span>
              </div>
              {offBy === '' ? null : (
                <p className="signal small">{`${offBy.charAt(0).toUpperCase()}${offBy.slice(1)} turned it off.`}</p>
              )}
              {chosen.template.description === '' ? null : <p className="mute small">{chosen.template.description}</p>}
              <TemplatePreview template={chosen.template} facts={facts} said={said} />
            </>
          )}
        </section>
      </div>
      <div className="tpl-except">
        <label htmlFor="tpl-except">Normal except</label>
        <input
          id="tpl-except"
          type="text"
          autoComplete="off"
          spellCheck={false}
          maxLength={2_000}
          placeholder="liver: 2 cm cyst in segment 6; gallbladder: stones"
          value={except}
          onChange={(event) => setExcept(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            take(event.shiftKey);
          }}
        />
      </div>
      {exceptions === null || exceptions.ok ? null : <Message tone="ask" title={unplacedWords(exceptions.error)} />}
      <ToldLine told={told} />
      <ImportTemplate
        key={sets.length}
        keeper={keeper}
        sets={sets.filter(
          (set) => set.owner.kind !== 'site' || set.shelf.templates.length > 0 || facts.facility?.name === set.name,
        )}
        onKept={(template) => {
          setText('');
          setWanted(template.id);
          setMoved(null);
          setTold({ words: `“${template.title}” is kept and can be chosen.`, undo: null });
        }}
      />
      <div className="palette-foot mute small">
        <span>
          <KeyPlate keys="Enter" /> use it <KeyPlate keys="Shift+Enter" /> use it, all normal <KeyPlate keys="Esc" />{' '}
          close
        </span>
        <span className="grow" />
        <WriteButtons chosen={chosen} sets={sets} siteId={props.siteId} onWrite={props.onWrite} />
        {chosen === undefined ? null : (
          <Button kind="quiet" onClick={() => saveFile(chosen)} label={`Export ${chosen.template.title}`}>
            Export
          </Button>
        )}
        {chosen === undefined ? null : (
          <TurnButtons
            sets={counting}
            one={chosen.template}
            turn={(...asked) => {
              setMoved(null);
              return turn(...asked);
            }}
          />
        )}
        {props.off.length === 0 && !showOff ? null : (
          <Button kind="quiet" onClick={() => setShowOff(!showOff)}>
            {showOff ? 'All templates' : `${props.off.length} turned off`}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** From the list to where templates are written: the next version of one that is hers to change, else a copy of her own. */
function WriteButtons(props: {
  readonly chosen: RankedTemplate | undefined;
  readonly sets: readonly TemplateSetView[];
  readonly siteId: string | null;
  readonly onWrite: (start: WritingStart) => void;
}) {
  const { chosen, sets, siteId, onWrite } = props;
  if (!sets.some(({ owner, mayChange }) => owner.kind === 'user' && mayChange)) return null;
  const set = sets.find(
    ({ owner, mayChange }) =>
      mayChange && owner.kind === chosen?.level && (owner.kind !== 'site' || owner.id === siteId),
  );
  return (
    <>
      {chosen === undefined ? null : (
        <Button
          kind="quiet"
          onClick={() => {
            const item = { kind: 'template' as const, template: chosen.template };
            onWrite(set === undefined ? { kind: 'copy', item } : { kind: 'change', owner: set.owner, item });
          }}
        >
          {set === undefined ? 'Copy and change' : 'Change'}
        </Button>
      )}
      <Button kind="quiet" onClick={() => onWrite({ kind: 'new', of: 'template' })}>
        New
      </Button>
    </>
  );
}

/** As an MRRT file, which other report systems and this one read. */
function saveFile({ template }: RankedTemplate): void {
  const url = URL.createObjectURL(new Blob([writeMrrt(template)], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${template.id}.html`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
