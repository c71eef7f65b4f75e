import type { Brand } from './brand.ts';
import { err, ok, type Result } from './result.ts';

/** Milliseconds since 1970-01-01T00:00:00Z, on the clock named beside it (record, host, desktop, modality). */
export type Instant = Brand<number, 'Instant'>;
/** A duration in milliseconds. */
export type Millis = Brand<number, 'Millis'>;

export function instant(milliseconds: number): Instant {
  return milliseconds as Instant;
}

export function millis(milliseconds: number): Millis {
  return milliseconds as Millis;
}

export function minutes(count: number): Millis {
  return (count * 60_000) as Millis;
}

export function after(start: Instant, duration: Millis): Instant {
  return (start + duration) as Instant;
}

/** FHIR R4 `instant`: UTC with milliseconds, so that equal instants are equal texts. */
export function toFhirInstant(value: Instant): string {
  return new Date(value).toISOString();
}

/** Reads a FHIR R4 `instant` or `dateTime` with an offset; a text without an offset names no instant and is refused. */
export function fromFhirInstant(text: string): Result<Instant, 'not-an-instant'> {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return err('not-an-instant');
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? err('not-an-instant') : ok(instant(parsed));
}
