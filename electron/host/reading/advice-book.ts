import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appropriatenessFileSchema } from '../../../shared/api/index.ts';
import type { AdviceRule } from '../../../shared/domain/order/index.ts';
import type { Ports } from '../ports.ts';

/** The rules of appropriateness: those that come with Overread, and the group's own from `appropriateness/` in the data folder. */
export type AdviceBook = {
  rules(): readonly AdviceRule[];
  /** Reads the folders again where something changed in them; true when it did. */
  refresh(): Promise<boolean>;
};

const largestFile = 1024 * 1024;

/** A later folder's rule replaces an earlier one's of the same id, so that a group can say one of ours in its own way. */
export async function openAdviceBook(folders: readonly string[], ports: Pick<Ports, 'log'>): Promise<AdviceBook> {
  let seen = '';
  let rules: readonly AdviceRule[] = [];

  const filesOf = async (folder: string): Promise<readonly string[]> => {
    const names = await readdir(folder).catch((): string[] => []);
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  };
  const refresh = async (): Promise<boolean> => {
    const files = (await Promise.all(folders.map(filesOf))).flat();
    const states = await Promise.all(files.map((file) => stat(file).catch(() => null)));
    const now = states.map((one, at) => `${files[at]}|${one?.size}|${one?.mtimeMs}`).join('\n');
    if (now === seen) return false;
    const found = new Map<string, AdviceRule>();
    for (const [at, file] of files.entries()) {
      const size = states[at]?.size ?? 0;
      const read = size > largestFile ? 'larger than 1 MB' : await readRules(file);
      if (typeof read === 'string')
        ports.log.warn('a file of appropriateness rules was left out', { file: fileName(file), why: read });
      else for (const rule of read) found.set(rule.id, rule);
    }
    rules = [...found.values()];
    seen = now;
    return true;
  };
  await refresh();
  return { rules: () => rules, refresh };
}

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** The rules of a file, or why it is none. */
async function readRules(file: string): Promise<readonly AdviceRule[] | string> {
  try {
    const parsed = appropriatenessFileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data.rules;
    const first = parsed.error.issues[0];
    return first === undefined ? 'no file of rules' : `${first.path.join('.')}: ${first.message}`;
  } catch (reason) {
    return reason instanceof SyntaxError ? 'not JSON' : 'cannot be read';
  }
}
