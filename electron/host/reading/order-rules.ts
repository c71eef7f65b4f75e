import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FitToBillRules } from '../../../shared/domain/billing/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import { type CodeTables, openCodeTables } from '../billing/code-tables.ts';
import type { Ports } from '../ports.ts';
import { openAdviceBook } from './advice-book.ts';
import type { FitSettings } from './order-fit.ts';

/** What orders are judged by beside themselves: the tables and rules that the group loaded, and what each site agreed. */
export type OrderRules = {
  readonly settings: FitSettings;
  readonly tables: CodeTables;
  /** Which findings count for billing at the order's site. */
  readonly rules: (order: Order) => FitToBillRules;
  /** Reads what was added or changed in the data folder; true when something was. */
  refresh(): Promise<boolean>;
};

/** `appropriateness/` in the data folder holds the group's own rules; ours lie with the program. */
export async function openOrderRules(directory: string, ports: Pick<Ports, 'log'>): Promise<OrderRules> {
  const tables = await openCodeTables(directory);
  const shipped = shippedRules();
  const advice = await openAdviceBook(
    [...(shipped === null ? [] : [shipped]), join(directory, 'appropriateness')],
    ports,
  );
  return {
    settings: { rules: () => ({}), table: tables.procedure, advice: advice.rules },
    tables,
    rules: () => ({}),
    refresh: async () => {
      const [tablesChanged, adviceChanged] = await Promise.all([tables.refresh(), advice.refresh()]);
      return tablesChanged || adviceChanged;
    },
  };
}

/** Up from the running file, in the sources as in the build. */
function shippedRules(): string | null {
  for (let up = './', depth = 0; depth < 6; up += '../', depth += 1) {
    const folder = new URL(`${up}resources/appropriateness/`, import.meta.url);
    if (existsSync(folder)) return fileURLToPath(folder);
  }
  return null;
}
