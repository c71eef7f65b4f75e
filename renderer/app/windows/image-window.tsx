import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { checkEvery, standingWords } from '../../../shared/domain/display/index.ts';
import type { FollowedView } from '../../case/index.ts';
import { DisplayCheckDialog, useDisplayBook } from '../../features/display/index.ts';
import type { StagesOfWindow } from '../../features/viewer/index.ts';
import { Button, CommandsContext, createCommandRegistry, Mark, Message, useCommands } from '../../ui/index.ts';
import { ErrorBoundary } from '../error-boundary.tsx';
import { IdentityLine } from '../identity-line.tsx';
import type { ImagingSlot } from '../imaging-slot.ts';
import { keepRoom, readKeyMap, readRoom } from '../key-map.ts';
import { usePageKeys } from '../page-keys.ts';
import { Palette } from '../palette.tsx';
import { PatientBar } from '../patient-bar.tsx';
import { type ImagesPorts, ReadingImages } from '../reading-images.tsx';
import type { ImageLink, ImageLinkState } from './image-link.ts';
import { keepStage, keptStage } from './kept-layouts.ts';

/** Commands that are run in the reading window, by the same ids and keys as there (table: windows-hub.ts says which it takes). */
const sentKeys: readonly (readonly [command: string, title: string, group: string, keys: string | null])[] = [
  ['app.next-study', 'Next study (in the reading window)', 'Reading', 'Alt+N'],
  ['app.lock', 'Lock the screen, all windows', 'Reading', 'Alt+L'],
  ['report.sign-preliminary', 'Sign preliminary (in the reading window)', 'Reading', 'F11'],
  ['report.sign-final', 'Sign final (in the reading window)', 'Reading', 'F12'],
  ['report.findings', 'Go to Findings (in the reading window)', 'Reading', 'Alt+F'],
  ['report.impression', 'Go to Impression (in the reading window)', 'Reading', 'Alt+I'],
  ['case.return', 'Back to the suspended study', 'Reading', 'Shift+F6'],
];

/** The window's own, by the ids and keys that they have in the reading window. */
const ownKeys: readonly (readonly [
  command: string,
  title: string,
  keys: string | null,
  what: 'palette' | 'display' | 'close',
])[] = [
  ['app.palette', 'Find or do', 'Ctrl+K', 'palette'],
  ['app.display', 'Check this display', null, 'display'],
  ['windows.close', 'Close this image window', null, 'close'],
];

function coverOf(view: FollowedView): {
  readonly tone: 'tell' | 'ask';
  readonly title: string;
  readonly words: string;
} {
  if (view.show === 'images') return { tone: 'tell', title: 'Opening the images…', words: '' };
  switch (view.why) {
    case 'silent':
      return {
        tone: 'ask',
        title: 'The reading window does not answer.',
        words:
          'Its case may have changed: no image is shown here until it answers. Go to it; it may be signed out, or still loading.',
      };
    case 'several':
      return {
        tone: 'ask',
        title: 'Two reading windows answer.',
        words: 'Which case is read is not certain: no image is shown here until only one of them is left.',
      };
    case 'locked':
      return { tone: 'tell', title: 'Locked', words: 'Unlock in the reading window; the images are kept as they are.' };
    case 'changing':
    case 'opening':
      return { tone: 'tell', title: 'The next case is opening…', words: '' };
    case 'no-case':
      return {
        tone: 'tell',
        title: 'No study is open.',
        words: 'Open one in the reading window: its images come here too.',
      };
    default:
      return view satisfies never;
  }
}

/** Images of the case that the reading window has, and nothing else: no list, no report, no way to another case but by that window. */
export function ImageWindow({
  link,
  slot,
  id,
}: {
  readonly link: ImageLink;
  readonly slot: ImagingSlot;
  readonly id: string;
}) {
  const [registry] = useState(() => {
    const made = createCommandRegistry();
    made.setKeys(readKeyMap());
    return made;
  });
  const state = useStore(link.state);
  const { view, opened, session } = state;
  const isOff = view.show !== 'images';
  usePageKeys(registry, isOff);
  useEffect(() => keepRoom(readRoom()), []);
  const token = session?.token ?? null;
  useEffect(() => {
    if (token === null) return;
    slot.begin();
    return slot.end;
  }, [slot, token]);
  useEffect(
    () =>
      link.onRun((command) => {
        const found = registry.list().findLast((one) => one.id === command && one.enabled?.() !== false);
        if (document.querySelector('dialog[open]') === null) found?.run();
      }),
    [link, registry],
  );
  const isHere = opened !== null && view.show !== 'empty' && opened.epoch === view.epoch;
  return (
    <CommandsContext value={registry}>
      <div className="screen" inert={isOff && isHere}>
        {isHere ? (
          <ErrorBoundary part="the images" key={`${view.main}|${opened.epoch}`}>
            <OpenImages link={link} slot={slot} id={id} state={state} opened={opened} />
          </ErrorBoundary>
        ) : null}
      </div>
      {isHere && !isOff ? null : <Cover view={view} />}
    </CommandsContext>
  );
}

function Cover({ view }: { readonly view: FollowedView }) {
  const { tone, title, words } = coverOf(view);
  return (
    <div className="window-cover">
      <p className="wordmark">
        Over<i>read</i>
      </p>
      <Message form="block" tone={tone} title={title}>
        {words}
      </Message>
    </div>
  );
}

function OpenImages({
  link,
  slot,
  id,
  state,
  opened,
}: {
  readonly link: ImageLink;
  readonly slot: ImagingSlot;
  readonly id: string;
  readonly state: ImageLinkState;
  readonly opened: NonNullable<ImageLinkState['opened']>;
}) {
  const { detail, live, epoch } = opened;
  const [open, setOpen] = useState<'palette' | 'display' | null>(null);
  const display = useDisplayBook(checkEvery(live.modality, live.displayCheckDays), null);
  const warning = standingWords(display.standing);
  useCommands([
    ...sentKeys.map(([command, title, group, keys]) => ({
      id: command,
      title,
      group,
      keys,
      run: () => {
        link.run(command);
        // Words are written and signed there: the hand goes where the caret is.
        if (command.startsWith('report.')) (window.opener as WindowProxy | null)?.focus();
      },
    })),
    ...ownKeys.map(([command, title, keys, what]) => ({
      id: command,
      title,
      group: 'Overread',
      keys,
      run: () => (what === 'close' ? window.close() : setOpen(what)),
    })),
  ]);
  const number = state.number;
  const stages = useMemo(
    (): StagesOfWindow => ({
      first: (rule) => (rule === null ? null : keptStage(id, rule)) ?? number,
      keep: (rule, stage) => rule !== null && keepStage(id, rule, stage),
    }),
    [id, number],
  );
  const ports: ImagesPorts = {
    marks: link.marks,
    coverage: link.coverage,
    screens: state.screens,
    stages,
    onCommand: link.onCommand,
    onActivity: link.noteActivity,
    onMeasurement: link.insert,
    onComparisonOpened: link.compared,
    onSaveMarks: async () => {
      link.run('images.save-marks');
      return 'Asked of the reading window, which says there what came of it.';
    },
  };
  return (
    <>
      <PatientBar detail={detail} live={live} silent={state.silent} asOf={state.asOf} />
      <IdentityLine detail={detail} />
      <div className="main reading">
        <div className="reading-images">
          <ReadingImages slot={slot} detail={detail} ports={ports} kept={null} key={epoch} />
        </div>
      </div>
      <footer className="window-foot">
        <span>
          Image window {number + 1} of {state.screens}
          <span className="mute"> · follows the reading window</span>
        </span>
        <span className="grow" role="status">
          {state.words}
        </span>
        {warning === null ? null : (
          <Button kind="quiet" onClick={() => setOpen('display')}>
            <span className="signal">
              <Mark shape="diamond" /> {warning}
            </span>
          </Button>
        )}
        <Button kind="quiet" keys="Ctrl+K" onClick={() => setOpen('palette')}>
          Find or do
        </Button>
      </footer>
      {open === 'palette' ? <Palette onClose={() => setOpen(null)} /> : null}
      {open === 'display' ? (
        <DisplayCheckDialog
          reader={state.session?.reader ?? ''}
          checks={display.checks}
          waiting={display.waiting}
          onKeep={display.keep}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

/** A window by the address of an image window that no reading window opened: there is nothing to follow. */
export function NoReadingWindow(): ReactNode {
  return (
    <div className="window-cover">
      <p className="wordmark">
        Over<i>read</i>
      </p>
      <Message
        form="block"
        tone="ask"
        title="This image window has no reading window."
        action={
          <Button kind="go" onClick={() => location.assign('/')}>
            Make it a reading window
          </Button>
        }
      >
        Close it, and open image windows from the window in which you read: Alt W there.
      </Message>
    </div>
  );
}
