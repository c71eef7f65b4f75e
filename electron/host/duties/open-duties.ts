import { type SoleDuty, soleDuties } from '../../../shared/domain/duty/index.ts';
import type { Group } from '../group/open-group.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import { type Loop, startLoop } from '../reading/loop.ts';
import type { RecordClient } from '../record/types.ts';
import { createDuties, type Duties, everyDuty, hostIdOf } from './duties.ts';

const wrongKeyWords =
  'The group key of this host is not the one that the group seals with: it does none of the group’s work. Give it the same --group-key.';

/** The duties of this host and the loop that takes and renews them. */
export async function openDuties(parts: {
  readonly record: RecordClient;
  /** The record is this host's own: nobody else can stand over it. */
  readonly alone: boolean;
  /** Null for a single-user host. */
  readonly group: Group | null;
  readonly journal: Journal;
  readonly ports: Ports;
  readonly notices: string[];
  readonly onChange: (duty: SoleDuty) => void;
}): Promise<{ readonly duties: Duties; readonly dutyLoop: Loop }> {
  const { group, ports, record } = parts;
  const duties = parts.alone
    ? everyDuty
    : createDuties({
        record,
        hostId: await hostIdOf(parts.journal, ports),
        // A single-user host delivers what it signed itself; that is no duty of one among several.
        wanted: group === null ? soleDuties.filter((duty) => duty !== 'deliver') : soleDuties,
        ports,
        onChange: parts.onChange,
      });
  let wrongKey = false;
  const work = async (): Promise<void> => {
    const fits = group === null ? true : await group.items.keyFits();
    if (fits === false && !wrongKey) parts.notices.push(wrongKeyWords);
    wrongKey = fits === false;
    // With another key than the group's this host could take a duty and understand nothing of what there is to do.
    if (fits === true) await duties.cycle();
  };
  return { duties, dutyLoop: startLoop('duties', duties.every, work, ports) };
}
