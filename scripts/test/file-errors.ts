import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/** Where the next reporter writes; without it nothing is written. */
export const fileErrorsVariable = 'OVERREAD_FILE_ERRORS';

/** What went wrong in a file outside its tests: while it was loaded, before or after them. */
export type FileError = { readonly file: string; readonly message: string };

const words = (errors: readonly { readonly message: string }[]): readonly string[] => errors.map((one) => one.message);

function inSuite(suite: TestSuite): readonly string[] {
  return [...words(suite.errors()), ...[...suite.children.suites()].flatMap(inSuite)];
}

export function fileErrors(modules: readonly TestModule[]): readonly FileError[] {
  return modules.flatMap((module) =>
    [...words(module.errors()), ...[...module.children.suites()].flatMap(inSuite)].map((message) => ({
      file: module.moduleId,
      message,
    })),
  );
}

/** Vitest's JSON report is silent on hooks: a file whose `afterAll` failed is red there without a word. */
export class FileErrors implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], outside: readonly { readonly message: string }[]): void {
    const file = process.env[fileErrorsVariable];
    if (file === undefined) return;
    const all = [...fileErrors(modules), ...words(outside).map((message) => ({ file: 'outside any test', message }))];
    writeFileSync(file, JSON.stringify(all));
  }
}
