import { examName } from '../../shared/domain/order/index.ts';
import { displayDate, displayName } from '../../shared/domain/study/index.ts';

/** A person name in the two weights of the look: the family name, and the rest after it. */
export type ShownName = { readonly family: string; readonly given: string; readonly whole: string };

export function shownName(name: string): ShownName {
  const whole = displayName(name);
  const comma = whole.indexOf(', ');
  return comma < 0
    ? { family: whole, given: '', whole }
    : { family: whole.slice(0, comma), given: whole.slice(comma + 2), whole };
}

/** YYYY, YYYYMM or YYYYMMDD as `1952-03-09`; a text of another form is shown as it came, and an absent one is said. */
export function shownDate(date: string | null): string {
  const shown = displayDate(date);
  return shown === '' ? 'not given' : shown;
}

/** Age as read in a list: whole years, below two years in months, below two months in days; empty without a full birth date. */
export function shownAge(birthDate: string | null, on: Date): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(birthDate ?? '') ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    const only = /^(\d{4})/.exec(birthDate ?? '')?.[1];
    return only === undefined ? '' : `${on.getFullYear() - Number(only)}?`;
  }
  const months =
    (on.getFullYear() - Number(year)) * 12 + on.getMonth() + 1 - Number(month) - (on.getDate() < Number(day) ? 1 : 0);
  if (months >= 24) return String(Math.floor(months / 12));
  if (months >= 2) return `${months} mo`;
  const born = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const today = Date.UTC(on.getFullYear(), on.getMonth(), on.getDate());
  return `${Math.max(0, Math.round((today - born) / 86_400_000))} d`;
}

/** The wall clock where the exam was made, with the zone's short name: `02:30 PST`. An unknown zone is said, never guessed. */
export function shownTime(at: number, zone: string | null): string {
  try {
    return new Intl.DateTimeFormat('en-US', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(zone === null ? {} : { timeZone: zone }),
      timeZoneName: 'short',
    }).format(at);
  } catch {
    return `${new Date(at).toISOString().slice(11, 16)} UTC`;
  }
}

/** Time left as `0:16`, late as `−0:03`, hours unbounded. */
export function shownLeft(milliseconds: number): string {
  const late = milliseconds < 0;
  const whole = Math.floor(Math.abs(milliseconds) / 60_000);
  return `${late ? '−' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

type Exam = { readonly modality: string; readonly procedure: string; readonly bodyPart: string };

/** The procedure where the modality stands beside it in a place of its own: sites write it into the name as well. */
export function shownProcedure({ modality, procedure, bodyPart }: Exam): string {
  const repeats = modality !== '' && procedure.toUpperCase().startsWith(`${modality} `);
  const rest = repeats ? procedure.slice(modality.length).trim() : procedure;
  if (rest === '') return bodyPart === '' ? 'exam not named' : bodyPart;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** "CT chest with contrast", the modality once, in the site's own words: as in the report, the sign dialog and the boards. */
export function shownExam(exam: Exam): string {
  return examName(exam.modality, exam.procedure.trim() === '' ? shownProcedure(exam) : exam.procedure);
}

/** Whom a line below the list is about; where the host does not know, that is said. */
export function listedName({ patient }: { readonly patient: { readonly name: string } | null }): string {
  return patient === null ? 'Patient not known here' : shownName(patient.name).whole;
}

/** The exam of a line below the list: `CT head, LAR-88200, Larkspur`. */
export function listedExam(line: {
  readonly exam: string;
  readonly accession: string | null;
  readonly site: { readonly name: string } | null;
}): string {
  return [line.exam, line.accession ?? 'no accession', line.site?.name ?? ''].filter((part) => part !== '').join(', ');
}
