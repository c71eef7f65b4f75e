import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FitToBillRules } from '../../../shared/domain/billing/index.ts';
import type { FitToReadRules, Order } from '../../../shared/domain/order/index.ts';
import { type CodeTables, openCodeTables } from '../billing/code-tables.ts';
import type { Ports } from '../ports.ts';
import { openAdviceBook } from './advice-book.ts';
import type { FitSettings } from './order-fit.ts';

/** What orders are judged by beside themselves: the tables and rules that the group loaded, and what each site agreed. */
export type OrderRules = {
  readonly settings: Omit<FitSettings, 'protocol'>;
  readonly tables: CodeTables;
  /** Which findings count for billing at the order's site. */
  readonly rules: (order: Order) => FitToBillRules;
  /** Reads what was added or changed in the data folder; true when something was. */
  refresh(): Promise<boolean>;
};

/** `counts`: makes the order unfit; `note`: is told and nothing more; `off`: is not told. For reading, and for billing. */
type DefectRule = { readonly read: Weight; readonly bill: Weight };
type Weight = 'counts' | 'note' | 'off';

/** What a site agreed on its defects, by their code; null where nothing was agreed. The same value as long as nothing changes. */
export type AgreedDefects = (order: Order) => { readonly defects: { readonly [code: string]: DefectRule } } | null;

/** `appropriateness/` in the data folder holds the group's own rules; ours lie with the program. */
export async function openOrderRules(
  directory: string,
  agreed: AgreedDefects,
  ports: Pick<Ports, 'log'>,
): Promise<OrderRules> {
  const reading = weighedBy<FitToReadRules>(agreed, 'read');
  const billing = weighedBy<FitToBillRules>(agreed, 'bill');
  const tables = await openCodeTables(directory);
  const shipped = shippedRules();
  const advice = await openAdviceBook(
    [...(shipped === null ? [] : [shipped]), join(directory, 'appropriateness')],
    ports,
  );
  return {
    settings: { rules: reading, table: tables.procedure, advice: advice.rules },
    tables,
    rules: billing,
    refresh: async () => {
      const [tablesChanged, adviceChanged] = await Promise.all([tables.refresh(), advice.refresh()]);
      return tablesChanged || adviceChanged;
    },
  };
}

/** A site's agreement in the words of the checks, made once for each agreement. Codes that are no check's are nobody's and do nothing. */
function weighedBy<Rules extends object>(agreed: AgreedDefects, side: keyof DefectRule): (order: Order) => Rules {
  const made = new WeakMap<object, Rules>();
  const none = {} as Rules;
  return (order) => {
    const found = agreed(order);
    if (found === null) return none;
    const before = made.get(found);
    if (before !== undefined) return before;
    const rules = Object.fromEntries(
      Object.entries(found.defects).map(([code, rule]) => [code, rule[side] === 'counts' ? 'defect' : rule[side]]),
    ) as Rules;
    made.set(found, rules);
    return rules;
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
