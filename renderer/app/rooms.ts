import type { Capabilities } from '../../shared/api/index.ts';
import { can, type Role } from '../../shared/domain/reader/index.ts';
import type { Command } from '../ui/index.ts';

/** What floats above the list or the case while it is asked for; one at a time. */
export type Room =
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
  | 'template-writing'
  | 'dictated'
  | 'site-channels';

type RoomCommand = Pick<Command, 'id' | 'title' | 'keys'> & {
  readonly room: Room;
  /** Whom the command is for; everybody where it is left out. Others are not shown it. */
  readonly may?: (role: Role, capabilities: Capabilities) => boolean;
};

const lead = (role: Role): boolean => role === 'lead';

/** Every room with its way in. A new one is a line here, a word above and its dialog in `workplace-rooms.tsx`. */
const commands: readonly RoomCommand[] = [
  { id: 'app.palette', title: 'Find or do', keys: 'Ctrl+K', room: 'palette' },
  { id: 'app.find', title: 'Find any study', keys: 'Ctrl+F', room: 'find' },
  { id: 'app.help', title: 'Help: keys and self-test', keys: 'F1', room: 'help' },
  { id: 'app.about', title: 'About Overread', keys: null, room: 'about' },
  { id: 'intake.problems', title: 'Problems of incoming messages', keys: null, room: 'problems', may: lead },
  { id: 'app.display', title: 'Check this display', keys: null, room: 'display' },
  {
    id: 'app.display-checks',
    title: 'Checks of displays: whose screens, when, overdue',
    keys: null,
    room: 'display-checks',
    may: (role) => can(role, 'see-display-checks'),
  },
  { id: 'app.screen-size', title: 'Measure this screen, for images in true size', keys: null, room: 'screen-size' },
  { id: 'app.mouse', title: 'Change the mouse', keys: null, room: 'mouse' },
  { id: 'app.keys', title: 'Change the keys', keys: null, room: 'keys' },
  {
    id: 'app.billing',
    title: 'Fit to bill: studies that cannot be billed as they stand',
    keys: null,
    room: 'billing',
    may: lead,
  },
  {
    id: 'app.upkeep',
    title: 'Backup and downtime: last good backup, pages to print',
    keys: null,
    room: 'upkeep',
    may: lead,
  },
  {
    id: 'app.devices',
    title: 'Readers’ computers: last contact, revoke a lost one',
    keys: null,
    room: 'devices',
    may: lead,
  },
  {
    id: 'app.check-rules',
    title: 'Checks before signing: what fired, what was overridden, what is turned down',
    keys: null,
    room: 'check-rules',
    may: (role) => can(role, 'see-check-figures'),
  },
  {
    id: 'app.deliveries',
    title: 'Deliveries that need a person: refused, or not getting through',
    keys: null,
    room: 'deliveries',
    may: (role) => can(role, 'see-delivery-troubles'),
  },
  {
    id: 'app.site-channels',
    title: 'Delivery by site: HL7, fax and Direct mail; see, test and set',
    keys: null,
    room: 'site-channels',
    may: (role) => can(role, 'set-channels'),
  },
  {
    id: 'app.template-writing',
    title: 'Write templates and macros',
    keys: 'Alt+D',
    room: 'template-writing',
    may: (role) => can(role, 'keep-own-templates'),
  },
  {
    id: 'app.dictated',
    title: 'Your reports that others signed: how many, how much was changed',
    keys: 'Alt+Shift+A',
    room: 'dictated',
    may: (role) => can(role, 'see-overreads'),
  },
  {
    id: 'app.this-device',
    title: 'This computer: its name in the group',
    keys: null,
    room: 'this-device',
    may: (_role, capabilities) => capabilities.groupDesk === true,
  },
];

/** The commands that open a room, for somebody of this role. */
export function roomCommands(role: Role, capabilities: Capabilities, open: (room: Room) => void): readonly Command[] {
  return commands
    .filter(({ may }) => may === undefined || may(role, capabilities))
    .map(({ room, id, title, keys }) => ({ id, title, group: 'Overread', keys, run: () => open(room) }));
}
