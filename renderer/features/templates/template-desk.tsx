import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { type Draft, type DraftExam, examHeading, type SectionCode } from '../../../shared/domain/report/index.ts';
import {
  applyTemplate,
  type FillWords,
  hasNoWords,
  insertMacro,
  type LevelledTemplate,
  type MacroPlace,
  macroNamed,
  macrosFor,
  macrosOf,
  macrosTurnedOff,
  nothingSaid,
  type ReportMacro,
  rankTemplates,
  readExceptions,
  sectionsInTheWay,
  templateNamed,
  templatesFor,
  turnedOff,
  undoneApply,
  unknownMacroWords,
  unplacedWords,
} from '../../../shared/domain/template/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, useCommands } from '../../ui/index.ts';
import type { WritingStart } from './editor/start.ts';
import { TemplateWriting } from './editor/template-writing.tsx';
import { factsOf, factsOfExam } from './exam-facts.ts';
import { MacrosDialog } from './macros-dialog.tsx';
import { shippedMacros, shippedTemplates } from './shipped.ts';
import { createTemplateKeeper } from './template-keeper.ts';
import './templates.css';
import { type Choosing, TemplatesDialog } from './templates-dialog.tsx';
import { countingAt, notInsertedWords, turnedOffWords } from './turning.tsx';

/** What the report gives: its draft, the one way to change it, and where its caret stands. */
export type TemplateDeskProps = {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onCommand'>;
  readonly draft: Draft;
  /** False while nothing may be written: another window writes, or the sign dialog is open. */
  readonly writes: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  /** The draft as it is at this moment. */
  readonly current: () => Draft;
  /** Where the caret is, or was last; null where it is in no section. */
  readonly place: () => MacroPlace | null;
  readonly caretTo: (place: MacroPlace) => void;
  /** Gives the hand back to the report. */
  readonly focus: () => void;
  /** Words with fields as a report has them, to be tried while a template is written. */
  readonly trial: (draft: Draft) => ReactNode;
};

type Open =
  | { readonly kind: 'templates'; readonly choosing: Choosing }
  | { readonly kind: 'macros'; readonly text: string }
  | { readonly kind: 'writing'; readonly start?: WritingStart };
type Done = { readonly words: string; readonly before: Draft; readonly after: Draft };

/** Templates and macros of the open report: what is offered, the lists, what was put in and its undoing, and the spoken commands. */
export function TemplateDesk(props: TemplateDeskProps) {
  const { detail, draft, caseStore, writes } = props;
  const [keeper] = useState(() => createTemplateKeeper(props.host));
  const [shipped] = useState(() => ({ templates: shippedTemplates(), macros: shippedMacros() }));
  const { sets } = useStore(keeper.state);
  const [open, setOpen] = useState<Open | null>(null);
  const [exam, setExam] = useState<DraftExam | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [note, setNote] = useState<string | null>(null);
  // Asked again with each opening: what was written meanwhile, here or elsewhere, can be chosen.
  const opened = open?.kind;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the opening is the reason.
  useEffect(() => void keeper.load(), [keeper, opened]);

  const siteId = (detail.order?.site ?? detail.row.site)?.id ?? null;
  const openFacts = useMemo(() => factsOf(detail), [detail]);
  const facts = useMemo(() => (exam === null ? openFacts : factsOfExam(openFacts, exam)), [openFacts, exam]);
  const all = useMemo(() => templatesFor(sets, siteId, shipped.templates), [sets, siteId, shipped]);
  const ranked = useMemo(() => rankTemplates(all, facts), [all, facts]);
  const off = useMemo(() => {
    const ids = turnedOff(sets, siteId);
    const every = templatesFor(
      sets.map((set) => ({ ...set, shelf: { ...set.shelf, disabled: [] } })),
      siteId,
      shipped.templates,
    );
    return rankTemplates(
      every.filter(({ template }) => ids.has(template.id)),
      facts,
    );
  }, [sets, siteId, shipped, facts]);
  const macros = useMemo(() => macrosOf(sets, siteId, shipped.macros), [sets, siteId, shipped]);
  const offMacros = useMemo(() => macrosTurnedOff(sets, siteId, shipped.macros), [sets, siteId, shipped]);
  const counting = countingAt(sets, siteId);
  const best = ranked[0]?.fits === true ? ranked[0] : null;
  const usable = writes && draft.kind !== 'addendum';

  function close(): void {
    setOpen(null);
    setExam(null);
    // After the dialog has given focus back.
    setTimeout(props.focus, 0);
  }

  function put(change: (before: Draft) => Draft, words: string): void {
    const before = props.current();
    const after = change(before);
    if (after === before) {
      setNote('Nothing was put in: every section that it has words for has words of yours.');
      setDone(null);
      return;
    }
    props.edit(change);
    setDone({ words, before, after });
    setNote(null);
  }

  function apply(chosen: LevelledTemplate, said: FillWords, replace: ReadonlySet<SectionCode>): void {
    const how = { exam: exam?.studyUid, replace, said };
    const kept = inTheWay(chosen, said).filter(({ code }) => !replace.has(code));
    const stays = kept.length === 0 ? '' : `; your words for ${kept.map((one) => one.title).join(' and ')} stay`;
    put(
      (before) => applyTemplate(before, chosen, facts, how),
      `“${chosen.template.title}”, version ${chosen.template.version}, is in the report${exam === null ? '' : ` for ${examHeading(exam)}`}${stays}.`,
    );
    close();
  }

  const inTheWay = (chosen: LevelledTemplate, said: FillWords) =>
    sectionsInTheWay(props.current(), chosen, facts, { exam: exam?.studyUid, said });

  /** By name or voice: at once where no words are in the way, else in the list, where they are shown. */
  function applyOrAsk(chosen: LevelledTemplate, said: FillWords, except?: string): void {
    if (inTheWay(chosen, said).length === 0) apply(chosen, said, new Set());
    else setOpen({ kind: 'templates', choosing: { id: chosen.template.id, except } });
  }

  function insert(macro: ReportMacro): void {
    const place = props.place() ?? { section: macro.section ?? '59776-5' };
    const caret: { at: number | null } = { at: null };
    put((before) => {
      const into = insertMacro(before, macro, openFacts, place);
      caret.at = into?.caret ?? null;
      return into?.draft ?? before;
    }, `Macro “${macro.name}” is in the report.`);
    if (caret.at === null) {
      close();
      return;
    }
    setOpen(null);
    setExam(null);
    props.caretTo({ ...place, at: caret.at });
  }

  function byException(words: string): void {
    const last = props.current().templates?.find((one) => one.exam === undefined);
    const chosen = ranked.find((one) => one.template.id === last?.id && one.level === last.level) ?? best;
    if (chosen === null) {
      setNote('“Normal” needs a template, and none fits this exam. Choose one with Templates.');
      return;
    }
    const exceptions = readExceptions(chosen.template, facts, words);
    if (!exceptions.ok) {
      setNote(unplacedWords(exceptions.error));
      return;
    }
    applyOrAsk(chosen, { normal: exceptions.value.size === 0, exceptions: exceptions.value }, words);
  }

  function undo(): void {
    if (done === null) return;
    const back = undoneApply(props.current(), done.before, done.after);
    if (back === null) setNote('Not undone: the words were changed since.');
    else props.edit((before) => undoneApply(before, done.before, done.after) ?? before);
    setDone(null);
  }

  /** The best is marked by its id: what the host tells of meanwhile moves nothing under the hand. */
  const showTemplates = (): void =>
    setOpen({ kind: 'templates', choosing: best === null ? {} : { id: best.template.id } });
  const act = useRef({ applyOrAsk, insert, byException, showTemplates });
  act.current = { applyOrAsk, insert, byException, showTemplates };
  const now = useRef({ usable, ranked, macros, offMacros, counting, openFacts });
  now.current = { usable, ranked, macros, offMacros, counting, openFacts };
  const { epoch } = detail.context;
  useEffect(
    () =>
      caseStore.onCommand((command, of) => {
        if (of !== epoch) return;
        const known = now.current;
        const ours = ['show-templates', 'show-macros', 'template', 'macro', 'normal-except'];
        if (!ours.includes(command.type)) return;
        if (!known.usable) {
          setNote('Templates and macros go into a report that this window writes.');
          return;
        }
        if (command.type === 'show-templates') act.current.showTemplates();
        if (command.type === 'show-macros') setOpen({ kind: 'macros', text: '' });
        if (command.type === 'normal-except') act.current.byException(command.words);
        if (command.type === 'template') {
          const chosen = templateNamed(known.ranked, command.name);
          if (chosen === null) setNote(`There is no template “${command.name}”. Templates has the list.`);
          else act.current.applyOrAsk(chosen, nothingSaid);
        }
        if (command.type === 'macro') {
          const macro = macroNamed(known.macros, command.name, known.openFacts, known.offMacros);
          if (macro.ok) act.current.insert(macro.value);
          else if (macro.error.code === 'turned-off') setNote(notInsertedWords(known.counting, macro.error.macro));
          else setNote(unknownMacroWords(macro.error));
        }
      }),
    [caseStore, epoch],
  );

  const group = 'Report';
  useCommands([
    {
      id: 'report.templates',
      title: 'Templates',
      group,
      keys: 'Alt+Y',
      run: showTemplates,
      enabled: () => usable,
    },
    {
      id: 'report.macros',
      title: 'Macros',
      group,
      keys: 'Alt+U',
      run: () => setOpen({ kind: 'macros', text: '' }),
      enabled: () => usable,
    },
    {
      id: 'report.normal',
      title: 'All normal, by the template that fits',
      group,
      keys: null,
      run: () => byException(''),
      enabled: () => usable && best !== null,
    },
  ]);

  if (draft.kind === 'addendum') return null;
  const offered = usable && hasNoWords(draft) && best !== null ? best : null;
  return (
    <div className="tpl-desk">
      <div className="tpl-row">
        <Button kind="quiet" keys="Alt+Y" disabled={!usable} onClick={showTemplates}>
          Templates
        </Button>
        <Button kind="quiet" keys="Alt+U" disabled={!usable} onClick={() => setOpen({ kind: 'macros', text: '' })}>
          Macros
        </Button>
      </div>
      {offered === null ? null : (
        <div className="tpl-offer small">
          <span className="tpl-offered" title={`fits: ${offered.reason}`}>
            <b>{offered.template.title}</b> fits: {offered.reason}
          </span>
          <Button label={`Use it: ${offered.template.title}`} onClick={() => apply(offered, nothingSaid, new Set())}>
            Use it
          </Button>
        </div>
      )}
      {done === null && note === null ? null : (
        <p className="tpl-note small" role="status" aria-label="Template">
          {note ?? done?.words}
          {done === null ? null : (
            <Button kind="quiet" onClick={undo}>
              Undo
            </Button>
          )}
          {note === null ? null : (
            <Button kind="quiet" onClick={() => setNote(null)}>
              Close
            </Button>
          )}
        </p>
      )}
      {open?.kind === 'templates' ? (
        <TemplatesDialog
          keeper={keeper}
          choosing={open.choosing}
          ranked={ranked}
          off={off}
          siteId={siteId}
          facts={facts}
          exams={draft.together ?? []}
          exam={exam}
          openExam={detail.order?.procedure.display ?? detail.study?.description ?? 'This exam'}
          onExam={setExam}
          inTheWay={inTheWay}
          onApply={apply}
          onWrite={(start) => setOpen({ kind: 'writing', start })}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'writing' ? (
        <TemplateWriting
          host={props.host}
          trial={props.trial}
          start={open.start}
          onClose={(id) => {
            // Back in the list, where what was saved is marked.
            void keeper.load();
            setOpen(open.start === undefined ? { kind: 'macros', text: '' } : { kind: 'templates', choosing: { id } });
          }}
        />
      ) : null}
      {open?.kind === 'macros' ? (
        <MacrosDialog
          macros={macrosFor(macros, openFacts)}
          off={macrosFor(offMacros, openFacts).map((macro) => ({
            macro,
            why: turnedOffWords(counting, macro.id),
            told: notInsertedWords(counting, macro),
          }))}
          facts={openFacts}
          text={open.text}
          onInsert={insert}
          onWrite={() => setOpen({ kind: 'writing' })}
          onClose={close}
        />
      ) : null}
    </div>
  );
}
