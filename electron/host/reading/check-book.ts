import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checksFileSchema } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import type { Ports } from '../ports.ts';

/** What the group has turned the checks before signing down to: `checks.json` in the data folder. */
export type CheckBook = {
  /** Read again where the file has changed; nothing is turned down where there is none, or it cannot be understood. */
  weights(): Promise<CheckWeights>;
};

const largestFile = 64 * 1024;
const asShipped: CheckWeights = {};

export function openCheckBook(directory: string, ports: Pick<Ports, 'log'>): CheckBook {
  const file = join(directory, 'checks.json');
  let seen = '';
  let weights = asShipped;
  return {
    weights: async () => {
      const state = await stat(file).catch(() => null);
      const now = state === null ? 'none' : `${state.size}|${state.mtimeMs}`;
      if (now === seen) return weights;
      seen = now;
      const read =
        state === null ? asShipped : state.size > largestFile ? 'larger than 64 kB' : await readWeights(file);
      weights = typeof read === 'string' ? asShipped : read;
      if (typeof read === 'string')
        ports.log.warn('the file of checks was left out: every rule is as shipped', { why: read });
      return weights;
    },
  };
}

async function readWeights(file: string): Promise<CheckWeights | string> {
  try {
    const parsed = checksFileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data.rules;
    const first = parsed.error.issues[0];
    return first === undefined ? 'no file of checks' : `${first.path.join('.')}: ${first.message}`;
  } catch (reason) {
    return reason instanceof SyntaxError ? 'not JSON' : 'cannot be read';
  }
}
