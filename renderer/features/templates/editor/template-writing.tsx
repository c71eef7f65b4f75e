import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { TemplateWorkView } from '../../../../shared/api/index.ts';
import type { Draft } from '../../../../shared/domain/report/index.ts';
import type { HostClient } from '../../../host/index.ts';
import { Button, Dialog, Message } from '../../../ui/index.ts';
import { shippedMacros, shippedTemplates } from '../shipped.ts';
import { createTemplateKeeper } from '../template-keeper.ts';
import { type Begun, beginFrom, type WritingStart } from './start.ts';
import { TemplateEditor } from './template-editor.tsx';
import { WritingList } from './writing-list.tsx';

/** Templates and macros are written here: the list of them, and the one that is open. */
export function TemplateWriting(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Words with fields as a report has them, to be tried. */
  readonly trial: (draft: Draft) => ReactNode;
  /** With what it opens; the list where absent. */
  readonly start?: WritingStart | undefined;
  /** With the id of the template that was saved last, where one was. */
  readonly onClose: (id?: string) => void;
}) {
  const { host, onClose } = props;
  const [keeper] = useState(() => createTemplateKeeper(host));
  const [shipped] = useState(() => ({ templates: shippedTemplates(), macros: shippedMacros() }));
  const shippedIds = useMemo(() => new Set([...shipped.templates, ...shipped.macros].map((one) => one.id)), [shipped]);
  const { sets, words } = useStore(keeper.state);
  const [works, setWorks] = useState<readonly TemplateWorkView[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [wanted, setWanted] = useState<WritingStart | null>(props.start ?? null);
  const [begun, setBegun] = useState<Begun | null>(null);
  const [loads, setLoads] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each return to the list asks again.
  useEffect(() => {
    let over = false;
    void Promise.all([keeper.load(), host.call('templateWorks')]).then(([, answered]) => {
      if (over) return;
      setTrouble(answered.ok ? null : answered.error.message);
      setWorks(answered.ok ? answered.value.works : []);
    });
    return () => {
      over = true;
    };
  }, [host, keeper, loads]);
  useEffect(() => {
    if (wanted === null || works === null || sets.length === 0) return;
    setBegun(beginFrom(wanted, works, sets, () => crypto.randomUUID()));
    setWanted(null);
  }, [wanted, works, sets]);

  const closeEditor = (id: string): void => {
    setBegun(null);
    if (props.start !== undefined) onClose(id === '' ? undefined : id);
    else {
      setWorks(null);
      setLoads((before) => before + 1);
    }
  };
  if (begun !== null)
    return (
      <TemplateEditor
        key={begun.key}
        host={host}
        keeper={keeper}
        sets={sets}
        shippedIds={shippedIds}
        begun={begun}
        trial={props.trial}
        onClose={closeEditor}
      />
    );
  const failed = words ?? trouble;
  if (wanted !== null && failed !== null)
    return (
      <Dialog title="Write templates and macros" onClose={() => onClose()}>
        <div className="dialog-body">
          <Message
            tone="ask"
            title="The host could not be asked for the templates."
            action={<Button onClick={() => setLoads(loads + 1)}>Ask again</Button>}
          >
            {failed}
          </Message>
        </div>
      </Dialog>
    );
  if (wanted !== null || works === null) return null;
  return (
    <WritingList
      keeper={keeper}
      sets={sets}
      works={works}
      shipped={shipped}
      trouble={failed}
      onStart={setWanted}
      onClose={() => onClose()}
    />
  );
}
