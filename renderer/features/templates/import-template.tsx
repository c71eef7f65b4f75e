import { useRef, useState } from 'react';
import type { ImportedTemplatesView, TemplateSetView } from '../../../shared/api/index.ts';
import { reportSections } from '../../../shared/domain/report/index.ts';
import { type ReportTemplate, withOne } from '../../../shared/domain/template/index.ts';
import { Button, Message } from '../../ui/index.ts';
import type { TemplateKeeper } from './template-keeper.ts';

type Read = { readonly name: string; readonly value: ImportedTemplatesView };

/** "Findings 12 lines, Impression 1 line, 14 fields": what of a file was understood. */
function understoodWords(template: ReportTemplate): string {
  const sections = template.sections.map(({ code, statements }) => {
    const title = reportSections.find((one) => one.code === code)?.title ?? code;
    return `${title} ${statements.length} ${statements.length === 1 ? 'line' : 'lines'}`;
  });
  const fields = template.fields.length;
  return `${sections.join(', ')}; ${fields} ${fields === 1 ? 'field' : 'fields'}`;
}

/** A file becomes a template: first what was understood and what was left out, then whose it shall be. */
export function ImportTemplate(props: {
  readonly keeper: TemplateKeeper;
  readonly sets: readonly TemplateSetView[];
  /** It is kept and can be chosen. */
  readonly onKept: (template: ReportTemplate) => void;
}) {
  const { keeper } = props;
  const file = useRef<HTMLInputElement>(null);
  const [read, setRead] = useState<Read | null>(null);
  const [refused, setRefused] = useState<{ readonly title: string; readonly words: string } | null>(null);
  const [busy, setBusy] = useState(false);

  async function take(chosen: File): Promise<void> {
    setRead(null);
    setRefused(null);
    setBusy(true);
    // Longer files are refused by the host all the same; this keeps them out of the page's memory.
    const answered =
      chosen.size > 2_000_000
        ? ({ ok: false, error: 'The file is far longer than a template may be.' } as const)
        : await keeper.read(chosen.name, await chosen.text());
    setBusy(false);
    if (answered.ok) setRead({ name: chosen.name, value: answered.value });
    else setRefused({ title: `${chosen.name} was not taken in.`, words: answered.error });
  }

  async function keep(set: TemplateSetView): Promise<void> {
    if (read === null) return;
    setBusy(true);
    const { templates } = read.value;
    const kept = await keeper.change(set.owner, (shelf) => ({
      ...shelf,
      templates: templates.reduce(withOne, shelf.templates),
    }));
    setBusy(false);
    const [first] = read.value.templates;
    if (!kept.ok) setRefused({ title: 'Not kept.', words: kept.error });
    else {
      setRead(null);
      if (first !== undefined) props.onKept(first);
    }
  }

  return (
    <div className="tpl-import">
      <Button disabled={busy} onClick={() => file.current?.click()}>
        Import a file
      </Button>
      <input
        ref={file}
        type="file"
        autoComplete="off"
        hidden
        accept=".html,.htm,.json,.txt,.yaml,.yml,text/html,application/json,text/plain"
        aria-label="Template file"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) void take(chosen);
          event.target.value = '';
        }}
      />
      {refused === null ? null : (
        <Message tone="ask" title={refused.title}>
          {refused.words} Nothing is changed.
        </Message>
      )}
      {read === null ? null : (
        <Message
          tone="tell"
          title={`${read.name}: ${read.value.templates.map((one) => one.title).join(', ')}`}
          action={props.sets
            .filter((set) => set.mayChange)
            .map((set) => (
              <Button key={JSON.stringify(set.owner)} disabled={busy} onClick={() => void keep(set)}>
                {set.owner.kind === 'user'
                  ? 'Keep as my own'
                  : `Keep for ${set.owner.kind === 'group' ? 'the group' : set.name}`}
              </Button>
            ))}
        >
          <span className="tpl-lines">
            {read.value.templates.map((one) => (
              <span key={one.id}>{understoodWords(one)}</span>
            ))}
            {read.value.remarks.map((one) => (
              <span key={one}>{one}</span>
            ))}
            <span>It is not kept yet.</span>
          </span>
        </Message>
      )}
    </div>
  );
}
