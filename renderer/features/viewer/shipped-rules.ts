import { readHangingFile } from '../../../shared/api/index.ts';
import type { HangingRule } from '../../../shared/domain/hanging/index.ts';

let read: readonly HangingRule[] | null = null;

/** The rules that came with the program, read once; a build with a file that cannot be read does not pass its tests. */
export function shippedRules(): readonly HangingRule[] {
  read ??= readShipped();
  return read;
}

function readShipped(): readonly HangingRule[] {
  const files = import.meta.glob<string>('../../../resources/hanging-protocols/*.json', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  return Object.values(files).flatMap((text) => {
    const file = readHangingFile(text);
    return file.ok ? file.value.map((protocol): HangingRule => ({ level: 'shipped', protocol })) : [];
  });
}
