/** The images alone, for tests: the very components and engine of the product, with a bare page around them. */
import { StrictMode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { createMarksHolder, type MarksHolder } from '../../renderer/case/index.ts';
import {
  askFirstImages,
  type KeptView,
  type RulesState,
  rehearseViewer,
  Viewer,
  type ViewerHandle,
} from '../../renderer/features/viewer/index.ts';
import { createImaging, type Imaging } from '../../renderer/imaging/index.ts';
import { pixelPool } from '../../renderer/imaging/pixel-pool.ts';
import { CommandsContext, createCommandRegistry, isText } from '../../renderer/ui/index.ts';
import type { CaseContext, TaskId } from '../../shared/domain/reading/index.ts';
import type { Measurement } from '../../shared/domain/report/index.ts';
import type { StudyUid } from '../../shared/domain/study/index.ts';
import '../../renderer/ui/tokens.css';
import '../../renderer/ui/base.css';
import '../../renderer/ui/controls.css';

type Opened = {
  readonly archive: string;
  readonly studyUid: string;
  readonly prior: string | null;
  readonly epoch: number;
};
type Probe = {
  open(studyUid: string | null, prior?: string | null, archive?: string): number;
  /** As the app does for a case that is open and has no screen yet: the next `open` is its opening. Answers how to leave it. */
  expect(studyUid: string): () => void;
  /** As the app does once while the list is at rest. */
  rehearse(): Promise<void>;
  figures(): ReturnType<Imaging['figures']>;
  readonly errors: string[];
  readonly measurements: Measurement[];
  readonly marks: MarksHolder;
  readonly imaging: Imaging;
  /** What the product's own workers make of objects, one after the other: `image`, or the code of the failure. */
  decodeAlone(objects: readonly { readonly studyUid: string; readonly base64: string }[]): Promise<readonly string[]>;
  lastContext: CaseContext | null;
  /** How the images stand now, as a reading that is suspended keeps it; `kept` is what the next opening comes back to. */
  keep(): KeptView | null;
  kept: KeptView | null;
  /** CSS pixels to a millimetre of the screen, as if a reader had measured it. */
  screenMillimetre: number | null;
};
declare global {
  interface Window {
    probe: Probe;
  }
}

const query = new URLSearchParams(location.search);
const errors: string[] = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
document.addEventListener('securitypolicyviolation', (event) =>
  errors.push(`${event.violatedDirective} ${event.blockedURI}`),
);

const imaging = await createImaging({
  fetchArchive: (path, headers, signal) => fetch(path, { headers, signal }),
  sessionHeaders: () => ({}),
  useCpu: query.get('draw') === 'gpu' ? false : query.get('draw') === 'cpu' ? true : 'auto',
  windowId: 'test',
});
const registry = createCommandRegistry();
addEventListener('keydown', (event) => {
  const found = registry.find({
    key: event.key,
    ctrl: event.ctrlKey,
    alt: event.altKey,
    shift: event.shiftKey,
    meta: event.metaKey,
    inText: isText(event.target),
  });
  if (found === null) return;
  event.preventDefault();
  found.run();
});

const alone = pixelPool(2);
async function decodeAlone(
  objects: readonly { readonly studyUid: string; readonly base64: string }[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { studyUid, base64 } of objects) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    found.push(
      await new Promise<string>((resolve) => {
        let last = 'nothing';
        const job = alone.open('single', {
          onImage: () => {
            last = 'image';
          },
          onFailed: ({ failure }) => {
            last = failure.words.startsWith('The decoder stopped') ? 'stopped' : failure.code;
          },
          onDone: () => resolve(last),
        });
        job.send({ type: 'open', job: job.job, studyUid, contentType: 'application/dicom' });
        job.send({ type: 'chunk', job: job.job, bytes });
        job.send({ type: 'end', job: job.job });
      }),
    );
  }
  return found;
}

let show: (opened: Opened | null) => void = () => undefined;
let epoch = 0;
const marks = createMarksHolder();
const contextOf = (archive: string, studyUid: string, epoch: number): CaseContext => ({
  archive,
  studyUid: studyUid as StudyUid,
  patientId: null,
  issuer: null,
  accession: null,
  orderId: null,
  taskId: `task-${studyUid}` as TaskId,
  epoch,
});
let leave = new AbortController();
const rules = { state: createStore<RulesState>(() => ({ sets: [], words: null })) };
const probe: Probe = {
  expect(studyUid) {
    leave.abort();
    leave = new AbortController();
    const opening = epoch + 1;
    void imaging
      .expectStudy(contextOf('static', studyUid, opening), 'static', studyUid, leave.signal, { likely: [] })
      .then((answer) => {
        const images = imaging.images(opening);
        if (answer.ok && images !== null) askFirstImages(images, answer.value, { rules, siteId: null });
      });
    return () => leave.abort();
  },
  open(studyUid, prior = null, archive = 'static') {
    imaging.closeCase(epoch);
    epoch += 1;
    marks.begin(epoch);
    flushSync(() => show(studyUid === null ? null : { archive, studyUid, prior, epoch }));
    return epoch;
  },
  rehearse: () => rehearseViewer(imaging),
  figures: () => imaging.figures(),
  errors,
  measurements: [],
  marks,
  imaging,
  decodeAlone,
  lastContext: null,
  keep: () => null,
  kept: null,
  screenMillimetre: null,
};
window.probe = probe;

function Page() {
  const [opened, setOpened] = useState<Opened | null>(null);
  show = setOpened;
  const viewer = useRef<ViewerHandle>(null);
  probe.keep = () => viewer.current?.keep() ?? null;
  if (opened === null) return null;
  const context = contextOf(opened.archive, opened.studyUid, opened.epoch);
  probe.lastContext = context;
  return (
    <Viewer
      ref={viewer}
      key={probe.kept === null ? 'new' : opened.epoch}
      kept={probe.kept}
      context={context}
      study={{ archive: opened.archive, studyUid: opened.studyUid }}
      priors={opened.prior === null ? [] : [{ archive: 'static', studyUid: opened.prior, label: '3 months' }]}
      imaging={imaging}
      marks={marks}
      screenMillimetre={() => probe.screenMillimetre}
      onMeasurement={(measurement) => probe.measurements.push(measurement)}
    />
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
flushSync(() =>
  createRoot(root).render(
    <StrictMode>
      <CommandsContext value={registry}>
        <Page />
      </CommandsContext>
    </StrictMode>,
  ),
);
const first = query.get('study');
if (first !== null) probe.open(first, query.get('prior'));
