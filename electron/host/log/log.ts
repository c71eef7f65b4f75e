import type { Log, LogFields } from '../ports.ts';
import { safeMessage, safeNumber, safeText } from './redact.ts';

export type LogLevel = 'info' | 'warn' | 'error';
const weight: { readonly [Level in LogLevel]: number } = { info: 0, warn: 1, error: 2 };

function safeField(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return safeNumber(value);
  // The types allow nothing else, but an error's field may come from anywhere.
  return typeof value === 'string' ? safeText(value) : '(withheld)';
}

/**
 * A log that can hold no patient data: JSON lines whose values are numbers, ids, codes and addresses without path; everything
 * else is withheld, since a log is copied into tickets and mails. `write` takes one line without its end and must not throw.
 */
export function createLog(options: {
  readonly write: (line: string) => void;
  readonly level?: LogLevel;
  /** For the time of a line; the machine's clock unless a test holds it. */
  readonly now?: () => number;
}): Log {
  const least = weight[options.level ?? 'info'];
  const now = options.now ?? Date.now;
  const line = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (weight[level] < least) return;
    const shown: { [name: string]: string | number | boolean | null } = {};
    for (const [name, value] of Object.entries(fields)) {
      if (name === 'at' || name === 'level' || name === 'message') continue;
      shown[/^[a-zA-Z][a-zA-Z0-9]{0,30}$/.test(name) ? name : 'field'] = safeField(value);
    }
    options.write(
      JSON.stringify({ at: new Date(now()).toISOString(), level, message: safeMessage(message), ...shown }),
    );
  };
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}
