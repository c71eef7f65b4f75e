import { shownTime } from '../../../case/index.ts';

/** The day and the wall clock of this computer with its zone: "30 Nov 2026, 08:37 PST". */
export function savedAt(at: number): string {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(at);
  return `${day}, ${shownTime(at, null)}`;
}
