import type { Instant } from '../../lib/instant.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import { caregiverWords, isSpoken, wayWords } from './acknowledgement.ts';
import type { Attempt, CriticalResult } from './critical-result.ts';
import { rungWords } from './ladder.ts';
import { limitWords } from './level.ts';

/** "2026-11-22 01:31 PST": seconds are the timeline's. */
function moment(at: Instant, zone: string): string {
  return formatInZone(at, zone).replace(/(\d\d:\d\d):\d\d/, '$1');
}

/** One line, whatever was typed: each line of the section stands for one fact. */
function inOneLine(words: string): string {
  return words.replace(/\s*\n\s*/g, ' ').trim();
}

function quoted(words: string): string {
  return words === '' ? '' : ` "${inOneLine(words)}"`;
}

function attemptLine(attempt: Attempt, zone: string): string {
  const { whom, rung, way, words, by, at } = attempt;
  const who = rung === null || rung === 'duty' ? whom : `${whom} (${rungWords[rung]})`;
  const how = isSpoken(way) ? `spoke ${wayWords[way]} with ${who}; not closed by it` : `${wayWords[way]}, ${who}`;
  return `${moment(at, zone)}: tried to reach: ${inOneLine(how)}, by ${by.name}.${quoted(words)}`;
}

/** What was done to tell somebody, line by line, as the report's Communication section says it. Begun by mistake says nothing. */
export function communicationLines(results: readonly CriticalResult[], zone: string): readonly string[] {
  return [...results]
    .sort((one, other) => one.identifiedAt - other.identifiedAt || (one.id < other.id ? -1 : 1))
    .flatMap((one): readonly string[] => {
      const { level, limit, finding, identifiedAt, identifiedBy, attempts, ending } = one;
      // What is told of a withdrawn report is no finding of this exam, and no word of the report that follows it.
      if (ending?.kind === 'mistaken' || one.origin === 'wrong-patient') return [];
      const first = `Critical result, level ${level} (within ${limitWords(limit)}), identified ${moment(identifiedAt, zone)} by ${identifiedBy.name}: ${inOneLine(finding)}`;
      const tries = attempts.map((attempt) => attemptLine(attempt, zone));
      if (ending === null) return [first, ...tries];
      if (ending.kind === 'delegated') {
        const { to, words } = ending;
        const who = [to.name, to.role].filter((part) => part !== '').join(', ');
        return [
          first,
          ...tries,
          `${moment(ending.at, zone)}: handed to follow-up: ${who}, ${to.phone}, by ${ending.by.name}.${quoted(words)}`,
        ];
      }
      const { who, role, callBack, way, words } = ending.readBack;
      const told = isSpoken(way) ? `told ${wayWords[way]}` : `read back ${wayWords[way]}`;
      return [
        first,
        ...tries,
        `${moment(ending.at, zone)}: ${told}: ${who}, ${caregiverWords[role]}, call-back ${callBack}, who read it back:${quoted(words)} Recorded by ${ending.by.name}.`,
      ];
    });
}

/** The lines that no signed section says yet: what an addendum would have to say. */
export function unsaidLines(
  lines: readonly string[],
  signed: readonly { readonly code: string; readonly text: string }[],
): readonly string[] {
  const said = new Set(signed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  return lines.filter((line) => !said.has(line));
}
