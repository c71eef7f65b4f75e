import { readMacroFile, readTemplateFile } from '../../../shared/api/index.ts';
import type { ReportMacro, ReportTemplate } from '../../../shared/domain/template/index.ts';

/** What came with the program; a build with a file that cannot be read does not pass its tests. */
export function shippedTemplates(): readonly ReportTemplate[] {
  const files = import.meta.glob<string>('../../../resources/templates/*.json', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  return Object.values(files).flatMap((text) => {
    const read = readTemplateFile(text);
    return read.ok ? read.value : [];
  });
}

export function shippedMacros(): readonly ReportMacro[] {
  const files = import.meta.glob<string>('../../../resources/macros/*.json', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  return Object.values(files).flatMap((text) => {
    const read = readMacroFile(text);
    return read.ok ? read.value : [];
  });
}
