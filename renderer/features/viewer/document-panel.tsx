import { useEffect, useRef } from 'react';
import type { CaseImages, ContentNode, ImageName, SeriesImages } from '../../imaging/index.ts';
import { type CaseStudy, seriesName, studyWord } from './hung.ts';
import { ObjectView } from './objects/object-view.tsx';

type Props = {
  readonly images: CaseImages;
  readonly study: CaseStudy;
  readonly series: SeriesImages;
  /** Null where the image is not among those of this study that are shown. */
  readonly onShow: (image: ImageName) => (() => void) | null;
  readonly onClose: () => void;
};

/** What a series holds beside images: documents as their trees of words, waveforms, PDFs and what else an archive keeps. */
export function DocumentPanel({ images, study, series, onShow, onClose }: Props) {
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document takes the focus again.
  useEffect(() => panel.current?.focus(), [series]);
  return (
    <section
      ref={panel}
      className={`document-panel${study.prior === null ? '' : ' prior'}${isWide(series) ? ' wide' : ''}`}
      aria-label="Document"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long document is scrolled by the keyboard.
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <b>{seriesName(series)}</b>
        <span>{study.prior === null ? 'CURRENT' : studyWord(study)}</span>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </header>
      {series.documents.map((document) => (
        <article key={document.instanceUid}>
          <h3>{document.title}</h3>
          {document.standing === '' ? null : <p className="quiet-words">{document.standing}</p>}
          {document.keyImages.length === 0 ? null : (
            <p className="quiet-words">
              {document.keyImages.filter((image) => onShow(image) !== null).length} of {document.keyImages.length} key
              images are in this study.
            </p>
          )}
          <Nodes nodes={document.nodes} onShow={onShow} />
          {document.nodes.length === 0 ? <p>This document says nothing more.</p> : null}
          {document.cut ? (
            <p role="status">The document is longer than what is shown here: ask its site for the rest.</p>
          ) : null}
        </article>
      ))}
      {series.objects.map((object) => (
        <ObjectView key={object.about.instanceUid} images={images} study={study} series={series} object={object} />
      ))}
    </section>
  );
}

/** Tracings and pages want more room than words. */
function isWide(series: SeriesImages): boolean {
  return series.objects.some(({ kind }) => kind === 'waveform' || kind === 'pdf');
}

function Nodes({ nodes, onShow }: { readonly nodes: readonly ContentNode[]; readonly onShow: Props['onShow'] }) {
  if (nodes.length === 0) return null;
  return (
    <ul>
      {nodes.map((node, at) => {
        const show = node.image === null ? null : onShow(node.image);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: content items have no other name than their place.
          <li key={at} className={node.relation.startsWith('has ') ? 'aside' : undefined}>
            {node.name === '' ? null : <span className="content-name">{node.name}</span>}{' '}
            {node.image === null ? (
              <span className="content-value">{node.value}</span>
            ) : show === null ? (
              <span className="quiet-words">image not in this study</span>
            ) : (
              <button type="button" className="button" onClick={show}>
                Show image{node.image.frame === null ? '' : `, frame ${node.image.frame}`}
              </button>
            )}
            <Nodes nodes={node.children} onShow={onShow} />
          </li>
        );
      })}
    </ul>
  );
}
