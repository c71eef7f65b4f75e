/** What is left until it is due; while the clock stands still, what was left when it was stopped. */
export function timeLeft(dueAt: number, pausedAt: number | null, now: number): number {
  return dueAt - Math.min(now, pausedAt ?? now);
}

/** "0:16" for sixteen minutes, "−0:07" for seven minutes late, "25:00" for a day and an hour; begun minutes count as late. */
export function formatTimeLeft(milliseconds: number): string {
  const left = Math.floor(milliseconds / 60_000);
  const whole = Math.abs(left);
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  // U+2212: a hyphen is too short to be seen in a column of figures.
  return left < 0 ? `\u2212${text}` : text;
}
