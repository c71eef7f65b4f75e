import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Capabilities, WorklistRow } from '../../shared/api/index.ts';
import { checkEvery, standingWords } from '../../shared/domain/display/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { StudyDesk } from '../features/assignment/index.ts';
import { FitToBill } from '../features/billing/index.ts';
import { CriticalBoard, CriticalReminder, useOpenCriticals } from '../features/critical-results/index.ts';
import { TroublesDialog, troublesLine, useDeliveryTroubles } from '../features/delivery/index.ts';
import { DisplayCheckDialog, KeptChecksDialog, ScreenSizeDialog, useDisplayBook } from '../features/display/index.ts';
import { FindAnyStudy } from '../features/find/index.ts';
import { AfterReportBoard } from '../features/images-after-report/index.ts';
import { IntakeProblems, OrderPanel, ReceivedMessage } from '../features/orders/index.ts';
import { OverreadBoard } from '../features/overread/index.ts';
import { KeySettings } from '../features/settings/index.ts';
import { useUpkeep } from '../features/upkeep/index.ts';
import { MouseSettings } from '../features/viewer/index.ts';
import { WithdrawalBoard } from '../features/withdrawal/index.ts';
import { Worklist } from '../features/worklist/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, CommandsContext, type KeyMap, Message, useCommands } from '../ui/index.ts';
import { About } from './about.tsx';
import { CheckRulesRoom } from './check-rules-room.tsx';
import { CodeAlarm } from './code-alarm.tsx';
import { CredentialReminder } from './credential-reminder.tsx';
import { DeletionWarning, DevicesRoom, ThisDeviceRoom } from './devices-rooms.tsx';
import type { EarlyKeys } from './early-keys.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Help } from './help.tsx';
import { ImagesAhead } from './images-ahead.tsx';
import type { ImagingSlot } from './imaging-slot.ts';
import { keepKeyMap, keepRoom, readRoom } from './key-map.ts';
import { LinesStrip } from './lines-strip.tsx';
import { usePageKeys } from './page-keys.ts';
import { Palette } from './palette.tsx';
import { placeWords } from './reading-from-field.tsx';
import { ReadingScreen } from './reading-screen.tsx';
import type { Router } from './route.ts';
import type { SelfTestResult } from './self-test.ts';
import type { SignedIn } from './signed-in.ts';
import { silentOf } from './silence.ts';
import { MessageLine, type OpenDesk, SiteDrawer } from './site-drawer.tsx';
import { StatusFoot } from './status-foot.tsx';
import { TopBar } from './top-bar.tsx';
import { UpkeepRoom } from './upkeep-room.tsx';
import { useCodes } from './use-codes.ts';
import { useHostStatus } from './use-host-status.ts';
import { useImagesAhead } from './use-images-ahead.ts';
import { useNextStudy } from './use-next-study.ts';
import { useWindows } from './windows/use-windows.tsx';

export type WorkplaceProps = {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly capabilities: Capabilities;
  readonly router: Router;
  readonly selfTest: readonly SelfTestResult[];
  readonly imaging: ImagingSlot;
  readonly locked: boolean;
  /** What was pressed before this screen was there. */
  readonly earlyKeys: Pick<EarlyKeys, 'ready'>;
  readonly onLock: () => void;
  readonly onSignOut: () => void;
};

type Open =
  | 'palette'
  | 'find'
  | 'about'
  | 'help'
  | 'keys'
  | 'billing'
  | 'problems'
  | 'upkeep'
  | 'deliveries'
  | 'devices'
  | 'check-rules'
  | 'this-device'
  | 'display'
  | 'display-checks'
  | 'screen-size'
  | 'mouse'
  | null;

/** The screen of somebody who is signed in: bar, list or reading, foot, and what floats above them. */
export function Workplace(props: WorkplaceProps) {
  const { host, signedIn, capabilities, router, locked, earlyKeys } = props;
  const registry = useContext(CommandsContext);
  const route = useStore(router.route);
  const [open, setOpen] = useState<Open>(null);
  const [strip, setStrip] = useState<HTMLElement | null>(null);
  const [toldByCase, setToldByCase] = useState(false);
  const codes = useCodes(host, locked);
  const [desk, setDesk] = useState<OpenDesk | null>(null);
  const ask = useCallback((taskId: TaskId) => setDesk({ taskId, writing: 0 }), []);
  const write = useCallback(
    (taskId: TaskId) => setDesk((before) => ({ taskId, writing: before?.taskId === taskId ? before.writing + 1 : 1 })),
    [],
  );
  const openTask = route.kind === 'list' ? null : route.taskId;
  // What belongs to one case never stays beside another.
  useEffect(() => setDesk((before) => (before?.taskId === openTask ? before : null)), [openTask]);
  const closeDesk = useCallback(() => setDesk(null), []);
  const status = useHostStatus(host, signedIn.link);
  const link = useStore(signedIn.link);
  const standing = useStore(signedIn.worklist.state, (state) => state.standing);
  const silent = silentOf({ link: link.link, standing, status, singleUser: capabilities.singleUser });
  const ahead = useImagesAhead(host, can(signedIn.session.reader.role, 'next-study'));
  const upkeep = useUpkeep(host, signedIn.session.reader.role === 'lead');
  const maySeeTroubles = can(signedIn.session.reader.role, 'see-delivery-troubles');
  const [troublesAsked, setTroublesAsked] = useState(0);
  const undelivered = useDeliveryTroubles(host, maySeeTroubles, `${status?.waitingReports ?? 0}|${troublesAsked}`);
  const fitReader = useStore(signedIn.justRead.state);
  /** What the open case asks of the screen; the usual where none is open. */
  const every = useStore(signedIn.worklist.state, (state) => {
    const row = openTask === null ? undefined : state.rows.get(openTask);
    return checkEvery(row?.modality ?? '', row?.displayCheckDays);
  });
  const reader = signedIn.session.reader.name;
  const display = useDisplayBook(
    every,
    useMemo(() => ({ host, reader }), [host, reader]),
  );

  useEffect(() => keepRoom(readRoom()), []);
  const { imaging } = props;
  useEffect(() => {
    imaging.begin();
    return imaging.end;
  }, [imaging]);
  const listStands = useStore(signedIn.worklist.state, (state) => state.rows.size > 0);
  useEffect(() => (listStands ? imaging.warm() : undefined), [listStands, imaging]);

  usePageKeys(registry, locked);
  const windows = useWindows({ signedIn, registry, locked, silent });

  const leaving = useRef<((go?: () => void) => void) | null>(null);
  const toList = useCallback(() => (leaving.current ?? router.openList)(), [router]);
  /** To another case from wherever she is: the words of the open one are kept first. */
  const leaveFor = useCallback((go: () => void) => (leaving.current === null ? go() : leaving.current(go)), []);
  const close = useCallback(() => setOpen(null), []);
  const next = useNextStudy(host, signedIn, router);
  const caseState = useStore(signedIn.caseStore.state);
  /** While an unsigned study is open to be read, the next one waits: first this one is signed, held, passed or left. */
  const finished = useStore(signedIn.worklist.state, (state) => {
    if (route.kind === 'list' || route.mode === 'look') return true;
    const row = state.rows.get(route.taskId);
    const known = row?.state ?? (caseState.kind === 'open' ? caseState.detail.row.state : 'reading');
    return known === 'completed' || known === 'cancelled' || caseState.kind === 'failed';
  });
  useCommands([
    {
      id: 'app.next-study',
      title: 'Next study: claim the best one and open it',
      group: 'Overread',
      keys: 'Alt+N',
      run: next.ask,
      enabled: () => finished && !next.asking,
    },
    { id: 'app.palette', title: 'Find or do', group: 'Overread', keys: 'Ctrl+K', run: () => setOpen('palette') },
    { id: 'app.find', title: 'Find any study', group: 'Overread', keys: 'Ctrl+F', run: () => setOpen('find') },
    { id: 'app.list', title: 'Go to the worklist', group: 'Overread', keys: 'Alt+Home', run: toList },
    { id: 'app.lock', title: 'Lock the screen', group: 'Overread', keys: 'Alt+L', run: props.onLock },
    { id: 'app.help', title: 'Help: keys and self-test', group: 'Overread', keys: 'F1', run: () => setOpen('help') },
    { id: 'app.about', title: 'About Overread', group: 'Overread', keys: null, run: () => setOpen('about') },
    {
      id: 'intake.problems',
      title: 'Problems of incoming messages',
      group: 'Overread',
      keys: null,
      run: () => setOpen('problems'),
      enabled: () => signedIn.session.reader.role === 'lead',
    },
    { id: 'app.display', title: 'Check this display', group: 'Overread', keys: null, run: () => setOpen('display') },
    {
      id: 'app.display-checks',
      title: 'Checks of displays: whose screens, when, overdue',
      group: 'Overread',
      keys: null,
      run: () => setOpen('display-checks'),
      enabled: () => can(signedIn.session.reader.role, 'see-display-checks'),
    },
    {
      id: 'app.screen-size',
      title: 'Measure this screen, for images in true size',
      group: 'Overread',
      keys: null,
      run: () => setOpen('screen-size'),
    },
    { id: 'app.mouse', title: 'Change the mouse', group: 'Overread', keys: null, run: () => setOpen('mouse') },
    { id: 'app.keys', title: 'Change the keys', group: 'Overread', keys: null, run: () => setOpen('keys') },
    {
      id: 'app.room',
      title: 'Dim room, or usual room',
      group: 'Overread',
      keys: null,
      run: () => keepRoom(readRoom() === 'dim' ? 'usual' : 'dim'),
    },
    {
      id: 'case.desk',
      title: 'Ask the site about this study',
      group: 'Report',
      keys: 'Alt+K',
      run: () => openTask !== null && ask(openTask),
      enabled: () => openTask !== null,
    },
    {
      id: 'case.messages',
      title: 'Messages about this study',
      group: 'Report',
      keys: 'Alt+J',
      run: () => openTask !== null && write(openTask),
      enabled: () => openTask !== null && can(signedIn.session.reader.role, 'see-messages'),
    },
    ...(signedIn.session.reader.role === 'lead'
      ? [
          {
            id: 'app.billing',
            title: 'Fit to bill: studies that cannot be billed as they stand',
            group: 'Overread',
            keys: null,
            run: () => setOpen('billing'),
          },
          {
            id: 'app.upkeep',
            title: 'Backup and downtime: last good backup, pages to print',
            group: 'Overread',
            keys: null,
            run: () => setOpen('upkeep'),
          },
          {
            id: 'app.devices',
            title: 'Readers’ computers: last contact, revoke a lost one',
            group: 'Overread',
            keys: null,
            run: () => setOpen('devices'),
          },
        ]
      : []),
    ...(can(signedIn.session.reader.role, 'see-check-figures')
      ? [
          {
            id: 'app.check-rules',
            title: 'Checks before signing: what fired, what was overridden, what is turned down',
            group: 'Overread',
            keys: null,
            run: () => setOpen('check-rules'),
          },
        ]
      : []),
    {
      id: 'app.deliveries',
      title: 'Deliveries that need a person: refused, or not getting through',
      group: 'Overread',
      keys: null,
      run: () => setOpen('deliveries'),
      enabled: () => maySeeTroubles,
    },
    {
      id: 'app.this-device',
      title: 'This computer: its name in the group',
      group: 'Overread',
      keys: null,
      run: () => setOpen('this-device'),
      enabled: () => capabilities.groupDesk === true,
    },
    { id: 'app.sign-out', title: 'Sign out', group: 'Overread', keys: null, run: props.onSignOut },
  ]);

  // After the commands of this screen and of the list in it: what was pressed early is looked up among them.
  useEffect(() => {
    if (!locked) earlyKeys.ready(registry.find);
  }, [registry, locked, earlyKeys]);

  const read = useCallback((taskId: TaskId) => router.openCase(taskId, 'read'), [router]);
  const look = useCallback((taskId: TaskId) => router.openCase(taskId, 'look'), [router]);
  const listVersion = useStore(signedIn.worklist.state, (state) => state.version);
  const rowOf = useCallback((taskId: TaskId) => signedIn.worklist.state.getState().rows.get(taskId), [signedIn]);
  /** A report that is out is read again for an addendum; who may not read it looks. */
  const openToAct = useCallback(
    (taskId: TaskId) => (rowOf(taskId)?.mayRead.allowed === true ? read(taskId) : look(taskId)),
    [rowOf, read, look],
  );
  const criticals = useOpenCriticals(host, listVersion, can(signedIn.session.reader.role, 'see-open-criticals'));
  const orderOf = useCallback(
    (row: WorklistRow) => (
      <OrderPanel host={host} row={row} received={<ReceivedMessage host={host} taskId={row.taskId} button />} />
    ),
    [host],
  );
  const lookFromList = useCallback(
    (taskId: TaskId) => {
      close();
      look(taskId);
    },
    [close, look],
  );
  const kept = useCallback(() => Promise.resolve(true), []);
  const refresh = signedIn.worklist.refresh;
  const deskOf = useCallback(
    (row: WorklistRow, now: number) => (
      <StudyDesk
        host={host}
        reader={signedIn.session.reader}
        row={row}
        now={now}
        before={kept}
        onGivenUp={refresh}
        onResumed={() => read(row.taskId)}
        buttons
      />
    ),
    [host, signedIn, kept, refresh, read],
  );
  const setKeys = useCallback(
    (map: KeyMap) => {
      registry.setKeys(map);
      keepKeyMap(map);
    },
    [registry],
  );
  const troubles = useMemo(() => status?.troubles ?? [], [status]);

  return (
    <>
      <TopBar
        place={route.kind === 'list' ? 'list' : 'case'}
        reader={signedIn.session.reader}
        from={placeWords(signedIn.session.readingFrom)}
        demo={capabilities.demo}
        link={link}
        status={status}
        silent={silent}
        onFind={() => setOpen('palette')}
        onList={toList}
        onLock={props.onLock}
        onNext={finished ? next.ask : null}
        asking={next.asking}
        display={standingWords(display.standing)}
        onDisplay={() => setOpen('display')}
      />
      {route.kind === 'list' ? (
        <ErrorBoundary part="the worklist" key="list">
          <CredentialReminder reminders={signedIn.session.reminders} />
          <Worklist
            feed={signedIn.worklist}
            reader={signedIn.session.reader}
            onRead={read}
            onLook={look}
            onDesk={ask}
            orderOf={orderOf}
            returnTo={route.from}
            fitReader={fitReader}
            silent={silent}
            ahead={ahead.rows}
            deskOf={deskOf}
            below={
              <>
                <CriticalBoard criticals={criticals} rowOf={rowOf} onOpen={openToAct} />
                {can(signedIn.session.reader.role, 'see-withdrawals') ? (
                  <WithdrawalBoard host={host} stamp={listVersion} rowOf={rowOf} onOpen={look} />
                ) : null}
                {can(signedIn.session.reader.role, 'see-overreads') ? (
                  <OverreadBoard host={host} stamp={listVersion} rowOf={rowOf} onOpen={look} />
                ) : null}
                {can(signedIn.session.reader.role, 'see-open-images-after-report') ? (
                  <AfterReportBoard host={host} stamp={listVersion} rowOf={rowOf} onOpen={openToAct} />
                ) : null}
              </>
            }
          />
        </ErrorBoundary>
      ) : (
        <ErrorBoundary part="the reading screen" key={`${route.taskId}${route.mode}`} onLeave={router.openList}>
          <ReadingScreen
            host={host}
            signedIn={signedIn}
            imaging={props.imaging}
            taskId={route.taskId}
            mode={route.mode}
            leaving={leaving}
            onLeave={router.openList}
            onReopen={(mode) => router.openCase(route.taskId, mode)}
            onOther={read}
            silent={silent}
            strip={strip}
            codes={codes}
            onTelling={setToldByCase}
            windows={windows}
          />
        </ErrorBoundary>
      )}
      {desk === null ? null : <SiteDrawer host={host} signedIn={signedIn} desk={desk} onClose={closeDesk} />}
      {/* Below the rows and the images: what comes or goes here moves none of them under the hand, and rescales none. */}
      <LinesStrip belowImages={route.kind !== 'list'} ofCase={setStrip}>
        <DeletionWarning deletesAt={status?.deletesAt} />
        {openTask === null ? null : (
          <CriticalReminder
            {...{ criticals, rowOf, openTask }}
            onOpen={(taskId) => leaveFor(() => openToAct(taskId))}
          />
        )}
        <MessageLine signedIn={signedIn} openTask={openTask} onOpen={write} />
        {windows.line}
        <CodeAlarm codes={codes} onRead={finished ? read : null} toldByCase={toldByCase} />
        {next.answer === null || (next.answer.kind === 'found' && route.kind === 'list') ? null : (
          <Message
            tone={next.answer.kind === 'failed' ? 'ask' : 'tell'}
            title={
              next.answer.kind === 'found'
                ? 'Why this one'
                : next.answer.kind === 'none'
                  ? 'No next study'
                  : 'The next study could not be claimed.'
            }
            action={
              <Button kind="quiet" onClick={next.forget}>
                Close
              </Button>
            }
          >
            {next.answer.words}
          </Message>
        )}
      </LinesStrip>
      <StatusFoot
        place={route.kind}
        role={signedIn.session.reader.role}
        troubles={troubles}
        status={status}
        link={link}
        feed={signedIn.worklist}
        singleUser={capabilities.singleUser}
        upkeep={upkeep}
        onUpkeep={() => setOpen('upkeep')}
        deliveries={troublesLine(undelivered)}
        onDeliveries={() => setOpen('deliveries')}
        ahead={
          can(signedIn.session.reader.role, 'next-study') ? (
            <ImagesAhead ahead={ahead} rowOf={(taskId) => rowOf(taskId as TaskId)} />
          ) : null
        }
      />
      {open === 'palette' ? <Palette onClose={close} /> : null}
      {open === 'find' ? (
        <FindAnyStudy
          reader={signedIn.session.reader}
          find={(text, signal) => host.call('findStudies', { input: { text }, signal })}
          onRead={(taskId) => leaveFor(() => read(taskId))}
          onLook={(taskId) => leaveFor(() => look(taskId))}
          onClose={close}
        />
      ) : null}
      {open === 'about' ? <About capabilities={capabilities} onClose={close} /> : null}
      {open === 'help' ? <Help results={props.selfTest} onClose={close} /> : null}
      {open === 'problems' ? (
        <IntakeProblems host={host} onOpenCase={(taskId) => lookFromList(taskId as TaskId)} onClose={close} />
      ) : null}
      {open === 'upkeep' ? <UpkeepRoom host={host} upkeep={upkeep} onClose={close} /> : null}
      {open === 'check-rules' ? <CheckRulesRoom host={host} onClose={close} /> : null}
      {open === 'deliveries' ? (
        <TroublesDialog
          host={host}
          troubles={undelivered}
          canRetry={can(signedIn.session.reader.role, 'retry-delivery')}
          onChange={() => setTroublesAsked((before) => before + 1)}
          onLook={(taskId) => {
            close();
            leaveFor(() => look(taskId as TaskId));
          }}
          onClose={close}
        />
      ) : null}
      {open === 'devices' ? <DevicesRoom host={host} onClose={close} /> : null}
      {open === 'this-device' ? <ThisDeviceRoom host={host} onClose={close} /> : null}
      {open === 'billing' ? <FitToBill host={host} onLook={lookFromList} onClose={close} /> : null}
      {open === 'display' ? (
        <DisplayCheckDialog
          reader={reader}
          checks={display.checks}
          waiting={display.waiting}
          onKeep={display.keep}
          onClose={close}
        />
      ) : null}
      {open === 'display-checks' ? <KeptChecksDialog host={host} onClose={close} /> : null}
      {open === 'screen-size' ? <ScreenSizeDialog reader={signedIn.session.reader.name} onClose={close} /> : null}
      {open === 'mouse' ? <MouseSettings onClose={close} /> : null}
      {open === 'keys' ? <KeySettings map={registry.keyMap()} onChange={setKeys} onClose={close} /> : null}
    </>
  );
}
