import type { Capabilities } from '../../shared/api/index.ts';
import { can, type Role } from '../../shared/domain/reader/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { useCommands } from '../ui/index.ts';
import { keepRoom, readRoom } from './key-map.ts';
import { type Room, roomCommands } from './rooms.ts';

/** What can be asked for wherever she is: the ways between list, cases and rooms. */
export function useWorkplaceCommands(ways: {
  readonly role: Role;
  readonly capabilities: Capabilities;
  /** The case on screen; null on the list. */
  readonly openTask: TaskId | null;
  readonly mayGoOn: () => boolean;
  readonly onNext: () => void;
  readonly onList: () => void;
  readonly onRoom: (room: Room) => void;
  /** The site's desk beside this study. */
  readonly onDesk: (taskId: TaskId) => void;
  readonly onMessages: (taskId: TaskId) => void;
  readonly onLock: () => void;
  readonly onSignOut: () => void;
}): void {
  const { role, openTask } = ways;
  useCommands([
    {
      id: 'app.next-study',
      title: 'Next study: claim the best one and open it',
      group: 'Overread',
      keys: 'Alt+N',
      run: ways.onNext,
      enabled: ways.mayGoOn,
    },
    { id: 'app.list', title: 'Go to the worklist', group: 'Overread', keys: 'Alt+Home', run: ways.onList },
    { id: 'app.lock', title: 'Lock the screen', group: 'Overread', keys: 'Alt+L', run: ways.onLock },
    ...roomCommands(role, ways.capabilities, ways.onRoom),
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
      run: () => openTask !== null && ways.onDesk(openTask),
      enabled: () => openTask !== null,
    },
    {
      id: 'case.messages',
      title: 'Messages about this study',
      group: 'Report',
      keys: 'Alt+J',
      run: () => openTask !== null && ways.onMessages(openTask),
      enabled: () => openTask !== null && can(role, 'see-messages'),
    },
    { id: 'app.sign-out', title: 'Sign out', group: 'Overread', keys: null, run: ways.onSignOut },
  ]);
}
