import {
  type Attempt,
  type CriticalResult,
  caregiverWords,
  criticalDue,
  isSpoken,
  levelWords,
  ownerOf,
  rungLine,
  rungWords,
  standingOfCritical,
  wayWords,
} from '../../../shared/domain/critical/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { timeInZone } from '../../../shared/lib/zoned-time.ts';
import { shownLeft } from '../../case/index.ts';

/** At the site's time, with the day where it is not today there. */
function moment(at: Instant, zone: string | null, now: Instant): string {
  return timeInZone(at, zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, now);
}

/** "0:42 left, by 02:31 PST", "overdue 0:03, since 02:31 PST". */
export function leftWords(result: CriticalResult, zone: string | null, now: Instant): string {
  const { left, state } = standingOfCritical(result, now);
  const due = moment(criticalDue(result), zone, now);
  return state === 'overdue' ? `overdue ${shownLeft(-left)}, since ${due}` : `${shownLeft(left)} left, by ${due}`;
}

/** The last third of the time, and all that is late, wants the reader. */
export function isPressing(result: CriticalResult, now: Instant): boolean {
  return standingOfCritical(result, now).left <= result.limit / 3;
}

/** Whom to call now, and when it goes to whom next. */
export function rungsWords(result: CriticalResult, zone: string | null, now: Instant): string {
  const { rung, next } = standingOfCritical(result, now);
  const here =
    rung === null
      ? ''
      : `Now: ${rungLine(rung)}${rung.role !== 'duty' && rung.phone === null ? ', no number known' : ''}.`;
  if (next === null) return here;
  const to = next.rung === null ? 'overdue' : `to the ${rungWords[next.rung.role]}`;
  return `${here} ${next.rung === null ? 'Overdue' : `Goes ${to}`} at ${moment(next.at, zone, now)}.`.trim();
}

/** Who has it, where that is not who began it. */
export function ownerWords(result: CriticalResult): string {
  const { name } = ownerOf(result);
  return result.handOvers.length === 0 ? `Begun by ${name}` : `Taken over by ${name}`;
}

/** "01:45 PST voice mail, Dr O. Fenwick: asked to call back". */
export function attemptWords({ at, way, whom, words }: Attempt, zone: string | null, now: Instant): string {
  const how = isSpoken(way) ? `spoke ${wayWords[way]}, not closed by it` : wayWords[way];
  return `${moment(at, zone, now)} ${how}, ${whom}${words === '' ? '' : `: ${words}`}`;
}

/** How it ended, by whom and when; empty while it is open. */
export function endedWords({ level, ending }: CriticalResult, zone: string | null, now: Instant): string {
  if (ending === null) return '';
  const when = moment(ending.at, zone, now);
  const title = levelWords[level].title;
  switch (ending.kind) {
    case 'closed': {
      const { who, role, callBack, way, words } = ending.readBack;
      return `${title}: closed ${when}, read back ${wayWords[way]} by ${who}, ${caregiverWords[role]}, ${callBack}: ${words}`;
    }
    case 'delegated':
      return `${title}: handed to follow-up ${when}: ${ending.to.name}, ${ending.to.phone}: ${ending.words}`;
    case 'mistaken':
      return `${title}: begun by mistake, taken back ${when} by ${ending.by.name}: ${ending.words}`;
  }
}
