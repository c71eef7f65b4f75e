import { shownTime } from '../../../case/index.ts';

/** The day and the wall clock of this computer with its zone: "2026-11-30 08:37 PST". */
export function savedAt(at: number): string {
  // Sweden writes a day as ISO 8601 does.
  const day = new Intl.DateTimeFormat('sv-SE').format(at);
  return `${day} ${shownTime(at, null)}`;
}
