import type { CaseImages, SeriesImages, StudyObject } from '../../../imaging/index.ts';
import type { CaseStudy } from '../hung.ts';
import { PdfView } from './pdf-view.tsx';
import { useOpened } from './use-opened.ts';
import { WaveformView } from './waveform-view.tsx';
import './objects.css';

type Props = { readonly images: CaseImages; readonly study: CaseStudy; readonly series: SeriesImages };

/** One object of a study that is neither image nor structured document, as it is read in the panel of documents. */
export function ObjectView(props: Props & { readonly object: StudyObject }) {
  const { object } = props;
  switch (object.kind) {
    case 'presentation': {
      const { state } = object;
      const count = state.annotations.reduce((sum, one) => sum + one.shapes.length + one.texts.length, 0);
      return (
        <article>
          <h3>Presentation state {object.about.label}</h3>
          <p>
            {[object.about.description, object.about.creator, object.about.made]
              .filter((word) => word !== '')
              .join(' · ')}
          </p>
          <p>
            For {state.images.size} {state.images.size === 1 ? 'image' : 'images'}; {count} graphics and words
            {state.shutters.length === 0 ? '' : ', a shutter'}
            {state.rotation === 0 && !state.flipped ? '' : ', turned or flipped'}. Choose it below the images
            (Alt+Shift+P) while one of its images hangs.
          </p>
          {state.notApplied.length === 0 ? null : <p role="status">Not applied: {state.notApplied.join(', ')}.</p>}
        </article>
      );
    }
    case 'segmentation':
      return (
        <article>
          <h3>Segmentation {object.about.label}</h3>
          <p>
            {[object.about.description, object.about.creator, object.about.made]
              .filter((word) => word !== '')
              .join(' · ')}
          </p>
          {object.segmentation.refused === null ? null : <p role="status">{object.segmentation.refused}</p>}
          <ul>
            {object.segmentation.segments.map((segment) => (
              <li key={segment.number}>
                <span className="swatch" style={{ background: segment.colour }} /> {segment.number} {segment.label}{' '}
                <span className="quiet-words">
                  {segment.code}
                  {segment.made === '' ? '' : `, ${segment.made}`}
                </span>
              </li>
            ))}
          </ul>
          <p className="quiet-words">Shown over its images by the button below them (Alt+Shift+G).</p>
        </article>
      );
    case 'waveform':
      return <Waveforms {...props} title={object.name} />;
    case 'pdf':
      return <Pdf {...props} title={object.title} />;
    case 'kept':
      return <Kept {...props} object={object} />;
  }
}

function Waveforms(props: Props & { readonly object: StudyObject; readonly title: string }) {
  const opened = useOpened(props.images, props.study, props.series, props.object, 'waveform');
  return (
    <article>
      <h3>{props.title}</h3>
      {opened.state === 'opening' ? <p className="quiet-words">Opening the waveform…</p> : null}
      {opened.state === 'refused' ? <p role="status">{opened.words}</p> : null}
      {opened.state === 'open' && opened.read.what === 'waveform' ? (
        <WaveformView waveform={opened.read.waveform} />
      ) : null}
    </article>
  );
}

function Pdf(props: Props & { readonly object: StudyObject; readonly title: string }) {
  const opened = useOpened(props.images, props.study, props.series, props.object, 'document');
  return (
    <article>
      <h3>{props.title}</h3>
      {opened.state === 'opening' ? <p className="quiet-words">Bringing the document…</p> : null}
      {opened.state === 'refused' ? <p role="status">{opened.words}</p> : null}
      {opened.state === 'open' && opened.read.what === 'document' ? <PdfView bytes={opened.read.bytes} /> : null}
    </article>
  );
}

/** Not drawn, with the reason; its file can be saved by the reader's own hand where it is a document. */
function Kept(props: Props & { readonly object: Extract<StudyObject, { kind: 'kept' }> }) {
  const { object } = props;
  return (
    <article>
      <h3>{object.name}</h3>
      <p role="status">Not drawn: {object.why}. It stays in the archive as it was sent.</p>
      {object.extension === null ? null : <Save {...props} extension={object.extension} />}
    </article>
  );
}

function Save(props: Props & { readonly object: StudyObject; readonly extension: string }) {
  const opened = useOpened(props.images, props.study, props.series, props.object, 'document');
  if (opened.state === 'opening') return <p className="quiet-words">Bringing the file…</p>;
  if (opened.state === 'refused') return <p role="status">{opened.words}</p>;
  const { read } = opened;
  if (read.what !== 'document') return null;
  return (
    <p>
      <button
        type="button"
        className="button"
        onClick={() => {
          // Never opened in this page: as bytes of no kind it can only be saved.
          const address = URL.createObjectURL(new Blob([read.bytes], { type: 'application/octet-stream' }));
          const link = document.createElement('a');
          link.href = address;
          link.download = `document.${props.extension}`;
          link.click();
          setTimeout(() => URL.revokeObjectURL(address), 10_000);
        }}
      >
        Save file (.{props.extension})
      </button>{' '}
      <span className="quiet-words">The saved copy is not protected by this program: delete it when you are done.</span>
    </p>
  );
}
