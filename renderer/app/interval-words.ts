function dayOf(date: string | null): number | null {
  const [, year, month, day] = /^(\d{4})(\d{2})?(\d{2})?$/.exec(date ?? '') ?? [];
  if (year === undefined) return null;
  return Date.UTC(Number(year), Number(month ?? '1') - 1, Number(day ?? '1')) / 86_400_000;
}

/** How long before the current study a prior was made, as it stands beside PRIOR: "3 months", "2 years", "same day". */
export function shownInterval(prior: string | null, current: string | null): string {
  const before = dayOf(prior);
  const after = dayOf(current);
  if (before === null || after === null) return 'date ?';
  const days = Math.round(after - before);
  if (days < 0) return 'later date';
  if (days === 0) return 'same day';
  if (days < 14) return days === 1 ? '1 day' : `${days} days`;
  if (days < 61) return `${Math.round(days / 7)} weeks`;
  if (days < 731) return `${Math.round(days / 30.44)} months`;
  return `${Math.floor(days / 365.25)} years`;
}
