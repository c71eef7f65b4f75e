import { readHangingFile } from '../../../shared/api/index.ts';
import type { HangingRule } from '../../../shared/domain/hanging/index.ts';

/** The rules that came with the program; a build with a file that cannot be read does not pass its tests. */
export function shippedRules(): readonly HangingRule[] {
  const files = import.meta.glob<string>('../../../resources/hanging-protocols/*.json', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  return Object.values(files).flatMap((text) => {
    const read = readHangingFile(text);
    return read.ok ? read.value.map((protocol): HangingRule => ({ level: 'shipped', protocol })) : [];
  });
}
