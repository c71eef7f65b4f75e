import { readTemplateFile, reportTemplateSchema } from '../../../shared/api/index.ts';
import { type ReportTemplate, templateFaults } from '../../../shared/domain/template/index.ts';
import {
  type ReadTemplate,
  readMrrt,
  readTextTemplate,
  readYamlTemplate,
  type TemplateRefusal,
} from '../../../shared/interop/mrrt/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { readMarkup } from './read-markup.ts';

export type ImportedTemplates = {
  readonly form: 'mrrt' | 'overread' | 'text' | 'yaml';
  readonly templates: readonly ReportTemplate[];
  /** What of the file the templates do not hold, in sentences. */
  readonly remarks: readonly string[];
};

/** The templates of a file, checked like a stranger's; or in one sentence why there are none. Nothing is kept yet. */
export function importTemplate(name: string, text: string): Result<ImportedTemplates, string> {
  const start = text.trimStart().slice(0, 200);
  if (start.startsWith('{')) {
    const read = readTemplateFile(text);
    return read.ok
      ? ok({ form: 'overread', templates: read.value, remarks: [] })
      : err(read.error.faults.slice(0, 5).join(' '));
  }
  if (/\.ya?ml$/i.test(name)) return checked('yaml', readYamlTemplate(text, name));
  if (start.startsWith('<') || /\.html?$/i.test(name)) return checked('mrrt', readMrrt(text, readMarkup));
  return checked('text', readTextTemplate(text, name));
}

function checked(
  form: ImportedTemplates['form'],
  read: Result<ReadTemplate, TemplateRefusal>,
): Result<ImportedTemplates, string> {
  if (!read.ok) return err(read.error.reason);
  const parsed = reportTemplateSchema.safeParse(read.value.template);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return err(`What it holds is no template: ${first?.path.join(', ') ?? ''}: ${first?.message ?? ''}.`);
  }
  const faults = templateFaults(parsed.data);
  if (faults.length > 0) return err(faults.slice(0, 5).join(' '));
  return ok({ form, templates: [parsed.data], remarks: read.value.remarks });
}
