import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Capabilities } from '../../shared/api/index.ts';
import { checkEvery, standingWords } from '../../shared/domain/display/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { CriticalReminder, useOpenCriticals } from '../features/critical-results/index.ts';
import { troublesLine, useDeliveryTroubles } from '../features/delivery/index.ts';
import { useDisplayBook } from '../features/display/index.ts';
import { useUpkeep } from '../features/upkeep/index.ts';
import type { HostClient } from '../host/index.ts';
import { CommandsContext, loadFaces } from '../ui/index.ts';
import { loadReport } from './case-report.tsx';
import { CodeAlarm } from './code-alarm.tsx';
import { DeletionWarning } from './devices-rooms.tsx';
import type { EarlyKeys } from './early-keys.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { ImagesAhead } from './images-ahead.tsx';
import type { ImagingSlot } from './imaging-slot.ts';
import { keepRoom, readRoom } from './key-map.ts';
import { LinesStrip } from './lines-strip.tsx';
import { ListPlace } from './list-place.tsx';
import { NextStudyLine } from './next-study-line.tsx';
import { openFromList } from './open-from-list.ts';
import { usePageKeys } from './page-keys.ts';
import { placeWords } from './reading-from-field.tsx';
import { ReadingScreen } from './reading-screen.tsx';
import type { Room } from './rooms.ts';
import type { Router } from './route.ts';
import type { SelfTestResult } from './self-test.ts';
import type { SignedIn } from './signed-in.ts';
import { silentOf } from './silence.ts';
import { MessageLine, type OpenDesk, SiteDrawer } from './site-drawer.tsx';
import { StatusFoot } from './status-foot.tsx';
import { TopBar } from './top-bar.tsx';
import { useCodes } from './use-codes.ts';
import { useHostStatus } from './use-host-status.ts';
import { useImagesAhead } from './use-images-ahead.ts';
import { useNextStudy } from './use-next-study.ts';
import { useWorkplaceCommands } from './use-workplace-commands.ts';
import { useWindows } from './windows/use-windows.tsx';
import { WorkplaceRooms } from './workplace-rooms.tsx';

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

/** The screen of somebody who is signed in: bar, list or reading, foot, and what floats above them. */
export function Workplace(props: WorkplaceProps) {
  const { host, signedIn, capabilities, router, locked, earlyKeys } = props;
  const registry = useContext(CommandsContext);
  const route = useStore(router.route);
  const { role, name: reader } = signedIn.session.reader;
  const [room, setRoom] = useState<Room | null>(null);
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
  const ahead = useImagesAhead(host, can(role, 'next-study'));
  const upkeep = useUpkeep(host, role === 'lead', room === 'site-channels');
  const maySeeTroubles = can(role, 'see-delivery-troubles');
  const [troublesAsked, setTroublesAsked] = useState(0);
  const undelivered = useDeliveryTroubles(host, maySeeTroubles, `${status?.waitingReports ?? 0}|${troublesAsked}`);
  /** What the open case asks of the screen; the usual where none is open. */
  const every = useStore(signedIn.worklist.state, (state) => {
    const row = openTask === null ? undefined : state.rows.get(openTask);
    return checkEvery(row?.modality ?? '', row?.displayCheckDays);
  });
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
  const imagesHere = useRef(true);
  useEffect(() => imaging.follow(signedIn.caseStore, () => imagesHere.current), [imaging, signedIn]);
  useEffect(
    () => imaging.know(ahead.view, (taskId) => signedIn.worklist.state.getState().rows.get(taskId)?.site?.id ?? null),
    [imaging, ahead.view, signedIn],
  );
  const listStands = useStore(signedIn.worklist.state, (state) => state.rows.size > 0);
  useEffect(() => {
    if (!listStands) return;
    const loading = requestIdleCallback(() => {
      loadFaces(document.fonts);
      loadReport().catch(() => undefined);
    });
    const leave = imaging.warm();
    return () => {
      cancelIdleCallback(loading);
      leave();
    };
  }, [listStands, imaging]);

  usePageKeys(registry, locked);
  const windows = useWindows({ signedIn, registry, locked, silent });
  imagesHere.current = windows.imagesHere;

  const leaving = useRef<((go?: () => void) => void) | null>(null);
  const toList = useCallback(() => (leaving.current ?? router.openList)(), [router]);
  /** To another case from wherever she is: the words of the open one are kept first. */
  const leaveFor = useCallback((go: () => void) => (leaving.current === null ? go() : leaving.current(go)), []);
  const close = useCallback(() => setRoom(null), []);
  const next = useNextStudy(host, signedIn, router);
  const caseState = useStore(signedIn.caseStore.state);
  /** While an unsigned study is open to be read, the next one waits: first this one is signed, held, passed or left. */
  const finished = useStore(signedIn.worklist.state, (state) => {
    if (route.kind === 'list' || route.mode === 'look') return true;
    const row = state.rows.get(route.taskId);
    const known = row?.state ?? (caseState.kind === 'open' ? caseState.detail.row.state : 'reading');
    return known === 'completed' || known === 'cancelled' || caseState.kind === 'failed';
  });
  useWorkplaceCommands({
    role,
    capabilities,
    openTask,
    mayGoOn: () => finished && !next.asking,
    onNext: next.ask,
    onList: toList,
    onRoom: setRoom,
    onDesk: ask,
    onMessages: write,
    onLock: props.onLock,
    onSignOut: props.onSignOut,
  });

  // After the commands of this screen and of the list in it: what was pressed early is looked up among them.
  useEffect(() => {
    if (!locked) earlyKeys.ready(registry.find);
  }, [registry, locked, earlyKeys]);

  const { caseStore } = signedIn;
  const read = useCallback((taskId: TaskId) => openFromList(caseStore, router, taskId, 'read'), [caseStore, router]);
  const look = useCallback((taskId: TaskId) => openFromList(caseStore, router, taskId, 'look'), [caseStore, router]);
  const listVersion = useStore(signedIn.worklist.state, (state) => state.version);
  const rowOf = useCallback((taskId: TaskId) => signedIn.worklist.state.getState().rows.get(taskId), [signedIn]);
  /** A report that is out is read again for an addendum; who may not read it looks. */
  const openToAct = useCallback(
    (taskId: TaskId) => (rowOf(taskId)?.mayRead.allowed === true ? read(taskId) : look(taskId)),
    [rowOf, read, look],
  );
  const criticals = useOpenCriticals(host, listVersion, can(role, 'see-open-criticals'));
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
        onFind={() => setRoom('palette')}
        onList={toList}
        onLock={props.onLock}
        onNext={finished ? next.ask : null}
        asking={next.asking}
        display={standingWords(display.standing)}
        onDisplay={() => setRoom('display')}
      />
      {route.kind === 'list' ? (
        <ErrorBoundary part="the worklist" key="list">
          <ListPlace
            {...{ host, signedIn, silent, criticals }}
            returnTo={route.from}
            ahead={ahead.rows}
            onRead={read}
            onLook={look}
            onOpenToAct={openToAct}
            onDesk={ask}
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
          <CriticalReminder {...{ criticals, openTask }} onOpen={(taskId) => leaveFor(() => openToAct(taskId))} />
        )}
        <MessageLine signedIn={signedIn} openTask={openTask} onOpen={write} />
        {windows.line}
        <CodeAlarm codes={codes} onRead={finished ? read : null} toldByCase={toldByCase} />
        <NextStudyLine next={next} onList={route.kind === 'list'} />
      </LinesStrip>
      <StatusFoot
        place={route.kind}
        role={role}
        troubles={troubles}
        status={status}
        link={link}
        feed={signedIn.worklist}
        singleUser={capabilities.singleUser}
        upkeep={upkeep}
        onUpkeep={() => setRoom('upkeep')}
        onChannels={() => setRoom('site-channels')}
        deliveries={troublesLine(undelivered)}
        onDeliveries={() => setRoom('deliveries')}
        ahead={
          can(role, 'next-study') ? <ImagesAhead ahead={ahead} rowOf={(taskId) => rowOf(taskId as TaskId)} /> : null
        }
      />
      <WorkplaceRooms
        {...{ room, host, signedIn, capabilities, registry, upkeep, display, undelivered, leaveFor }}
        onClose={close}
        selfTest={props.selfTest}
        onDeliveryChange={() => setTroublesAsked((before) => before + 1)}
        onRead={read}
        onLook={look}
      />
    </>
  );
}
