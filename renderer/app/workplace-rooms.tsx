import { useCallback } from 'react';
import type { Capabilities } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { FitToBill } from '../features/billing/index.ts';
import { TroublesDialog, type useDeliveryTroubles } from '../features/delivery/index.ts';
import { type DisplayBook, DisplayCheckDialog, KeptChecksDialog, ScreenSizeDialog } from '../features/display/index.ts';
import { FindAnyStudy } from '../features/find/index.ts';
import { IntakeProblems } from '../features/orders/index.ts';
import { DictatedDialog } from '../features/overread/index.ts';
import { KeySettings } from '../features/settings/index.ts';
import type { Upkeep } from '../features/upkeep/index.ts';
import { MouseSettings } from '../features/viewer/mouse-settings.tsx';
import type { HostClient } from '../host/index.ts';
import type { CommandRegistry, KeyMap } from '../ui/index.ts';
import { About } from './about.tsx';
import { CheckRulesRoom } from './check-rules-room.tsx';
import { DevicesRoom, ThisDeviceRoom } from './devices-rooms.tsx';
import { Help } from './help.tsx';
import { keepKeyMap } from './key-map.ts';
import { Palette } from './palette.tsx';
import type { Room } from './rooms.ts';
import type { SelfTestResult } from './self-test.ts';
import type { SignedIn } from './signed-in.ts';
import { SiteChannelsRoom } from './site-channels-room.tsx';
import { TemplateWritingRoom } from './template-writing-room.tsx';
import { UpkeepRoom } from './upkeep-room.tsx';

/** The dialog of the room that is open. */
export function WorkplaceRooms(props: {
  readonly room: Room | null;
  readonly onClose: () => void;
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly capabilities: Capabilities;
  readonly selfTest: readonly SelfTestResult[];
  readonly registry: CommandRegistry;
  readonly upkeep: Upkeep | null;
  readonly display: DisplayBook;
  readonly undelivered: ReturnType<typeof useDeliveryTroubles>;
  readonly onDeliveryChange: () => void;
  readonly onRead: (taskId: TaskId) => void;
  readonly onLook: (taskId: TaskId) => void;
  /** To another case from wherever she is: the words of the open one are kept first. */
  readonly leaveFor: (go: () => void) => void;
}) {
  const { room, onClose, host, capabilities, selfTest, registry, upkeep, display, undelivered, leaveFor } = props;
  const { onRead, onLook } = props;
  const { reader } = props.signedIn.session;
  const setKeys = useCallback(
    (map: KeyMap) => {
      registry.setKeys(map);
      keepKeyMap(map);
    },
    [registry],
  );
  const lookAt = (taskId: TaskId): void => {
    onClose();
    leaveFor(() => onLook(taskId));
  };
  return (
    <>
      {room === 'palette' ? <Palette onClose={onClose} /> : null}
      {room === 'find' ? (
        <FindAnyStudy
          reader={reader}
          find={(text, signal) => host.call('findStudies', { input: { text }, signal })}
          onRead={(taskId) => leaveFor(() => onRead(taskId))}
          onLook={(taskId) => leaveFor(() => onLook(taskId))}
          onClose={onClose}
        />
      ) : null}
      {room === 'about' ? <About capabilities={capabilities} onClose={onClose} /> : null}
      {room === 'help' ? <Help results={selfTest} onClose={onClose} /> : null}
      {room === 'problems' ? (
        <IntakeProblems host={host} onOpenCase={(taskId) => lookAt(taskId as TaskId)} onClose={onClose} />
      ) : null}
      {room === 'upkeep' ? <UpkeepRoom host={host} upkeep={upkeep} onClose={onClose} /> : null}
      {room === 'check-rules' ? <CheckRulesRoom host={host} onClose={onClose} /> : null}
      {room === 'deliveries' ? (
        <TroublesDialog
          host={host}
          troubles={undelivered}
          canRetry={can(reader.role, 'retry-delivery')}
          onChange={props.onDeliveryChange}
          onLook={(taskId) => lookAt(taskId as TaskId)}
          onClose={onClose}
        />
      ) : null}
      {room === 'devices' ? <DevicesRoom host={host} onClose={onClose} /> : null}
      {room === 'this-device' ? <ThisDeviceRoom host={host} onClose={onClose} /> : null}
      {room === 'billing' ? <FitToBill host={host} onLook={lookAt} onClose={onClose} /> : null}
      {room === 'display' ? (
        <DisplayCheckDialog
          reader={reader.name}
          checks={display.checks}
          waiting={display.waiting}
          onKeep={display.keep}
          onClose={onClose}
        />
      ) : null}
      {room === 'display-checks' ? <KeptChecksDialog host={host} onClose={onClose} /> : null}
      {room === 'screen-size' ? <ScreenSizeDialog reader={reader.name} onClose={onClose} /> : null}
      {room === 'mouse' ? <MouseSettings onClose={onClose} /> : null}
      {room === 'template-writing' ? <TemplateWritingRoom host={host} onClose={onClose} /> : null}
      {room === 'dictated' ? <DictatedDialog host={host} onClose={onClose} /> : null}
      {room === 'site-channels' ? <SiteChannelsRoom host={host} onClose={onClose} /> : null}
      {room === 'keys' ? <KeySettings map={registry.keyMap()} onChange={setKeys} onClose={onClose} /> : null}
    </>
  );
}
