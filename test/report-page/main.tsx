/** The report alone, for tests: the product's own panel, client, mirror and case store against a real host, under StrictMode. */
import { StrictMode, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useStore } from 'zustand';
import { type CaseMode, type CaseStore, createCaseStore, createEpochs } from '../../renderer/case/index.ts';
import { type Mirror, openMirror } from '../../renderer/data/index.ts';
import { PriorsPanel } from '../../renderer/features/priors/index.ts';
import { ReportPanel, type ReportPanelHandle, SaveDocument } from '../../renderer/features/report/index.ts';
import { createHostClient, createSessionStore, type HostClient } from '../../renderer/host/index.ts';
import { CommandsContext, createCommandRegistry, isText } from '../../renderer/ui/index.ts';
import type { Reader } from '../../shared/domain/reader/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Measurement } from '../../shared/domain/report/index.ts';
import '../../renderer/ui/tokens.css';
import '../../renderer/ui/base.css';
import '../../renderer/ui/controls.css';
import '../../renderer/ui/blocks.css';

type Probe = {
  readonly errors: string[];
  measure(text: string): boolean;
  flush(): Promise<boolean>;
  unsaved(): boolean;
  /** The case as it is in the store. */
  caseStore: CaseStore;
  host: HostClient;
  mirror: Mirror;
  readonly states: string[];
  readonly shown: Measurement[];
  /** Priors that were asked to hang beside. */
  readonly hung: string[];
};
declare global {
  interface Window {
    reportProbe: Probe;
  }
}

const query = new URLSearchParams(location.search);
const errors: string[] = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
document.addEventListener('securitypolicyviolation', (event) =>
  errors.push(`${event.violatedDirective} ${event.blockedURI}`),
);

const session = createSessionStore({
  storage: sessionStorage,
  path: location.pathname,
  newId: () => crypto.randomUUID(),
});
const host = createHostClient({ origin: location.origin, session });
async function signIn(): Promise<{ readonly reader: Reader; readonly mirrorKey: string }> {
  if (session.token() !== null) {
    const current = await host.call('currentSession');
    if (current.ok) return current.value;
  }
  const signedIn = await host.call('signIn', {
    input: {
      userName: query.get('user') ?? 'reader',
      password: query.get('password') ?? 'demo',
      window: session.windowId,
    },
  });
  if (!signedIn.ok) throw new Error(signedIn.error.message);
  session.keep(signedIn.value);
  return signedIn.value;
}
const { reader, mirrorKey } = await signIn();
const mirror = await openMirror({ user: reader.id, key: mirrorKey });
const caseStore = createCaseStore({
  epochs: createEpochs({ storage: sessionStorage, now: () => Date.now() }),
  ports: {
    openCase: (taskId, mode, epoch, signal) =>
      host.call('openCase', { params: { taskId }, input: { mode, epoch }, signal }),
    closeCase: (taskId, epoch) => void host.call('closeCase', { params: { taskId }, input: { epoch } }),
  },
});
const states: string[] = [];
const shown: Measurement[] = [];
caseStore.onEvent((event) => {
  if (event.type === 'saving') states.push(event.state);
});
const hung: string[] = [];
caseStore.onCommand((command) => {
  if (command.type === 'hang-prior') hung.push(command.studyUid);
  if (command.type === 'show-measurement') shown.push(command.measurement);
});
const registry = createCommandRegistry();
addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]') !== null) return;
  const { key, ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta } = event;
  const found = registry.find({ key, ctrl, alt, shift, meta, inText: isText(event.target) });
  if (found === null) return;
  event.preventDefault();
  found.run();
});

function Bench() {
  const state = useStore(caseStore.state);
  const panel = useRef<ReportPanelHandle>(null);
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    window.reportProbe.flush = () => panel.current?.flush() ?? Promise.resolve(true);
    window.reportProbe.unsaved = () => panel.current?.unsaved() ?? false;
    const ended = new AbortController();
    void host.streamEvents({
      onEvent: (event) => {
        if (event.type === 'case-changed') setChanges((before) => before + 1);
      },
      onLink: () => undefined,
      onSignedOut: () => undefined,
      signal: ended.signal,
    });
    return () => ended.abort();
  }, []);
  return (
    <main className="bench">
      <section className="bench-images" aria-label="Images">
        {state.kind}
        {state.kind === 'failed' ? state.failure.message : null}
      </section>
      {state.kind === 'open' ? (
        <ReportPanel
          ref={panel}
          detail={state.detail}
          reader={reader}
          host={host}
          mirror={mirror}
          caseStore={caseStore}
          changes={changes}
          priors={
            <PriorsPanel
              detail={state.detail}
              host={host}
              caseStore={caseStore}
              answering
              zone="UTC"
              mayConfirm={reader.role !== 'qa'}
              document={(id) => <SaveDocument host={host} taskId={state.detail.context.taskId} reportId={id} />}
            />
          }
        />
      ) : null}
    </main>
  );
}

window.reportProbe = {
  errors,
  states,
  shown,
  hung,
  caseStore,
  host,
  mirror,
  flush: () => Promise.resolve(true),
  unsaved: () => false,
  measure: (text) => {
    const now = caseStore.state.getState();
    if (now.kind !== 'open') return false;
    const uid = now.detail.study?.studyUid ?? '1.2.3';
    const measurement: Measurement = {
      id: crypto.randomUUID(),
      studyUid: uid,
      seriesUid: `${uid}.1`,
      instanceUid: `${uid}.1.1`,
      frame: 1,
      tool: 'length',
      text,
      value: 48,
      unit: 'mm',
    };
    return caseStore.publish({ type: 'measurement', epoch: now.epoch, measurement });
  },
};

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <CommandsContext value={registry}>
      <Bench />
    </CommandsContext>
  </StrictMode>,
);
await caseStore.open((query.get('task') ?? '') as TaskId, (query.get('mode') ?? 'read') as CaseMode);
