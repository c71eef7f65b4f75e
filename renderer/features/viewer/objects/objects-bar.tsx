import { useState } from 'react';
import type { Objects } from './use-objects.tsx';

/** Presentation states and segmentations for the series in the chosen viewport: the list that the reader picks from. */
export function ObjectsBar({ objects }: { readonly objects: Objects }) {
  const [open, setOpen] = useState(false);
  const { presentations, segmentations, applied } = objects;
  if (presentations.length + segmentations.length === 0) return null;
  return (
    <section className="objects-bar" aria-label="Shown with the series">
      {presentations.length === 0 ? null : (
        <label className="presentation-choice">
          Presentation
          <select
            value={applied ?? ''}
            onChange={(event) => objects.apply(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">As sent</option>
            {presentations.map(({ object, name, refused }) => (
              <option key={object.about.instanceUid} value={object.about.instanceUid} disabled={refused !== null}>
                {name}
                {refused === null ? '' : ` (${refused})`}
              </option>
            ))}
          </select>
        </label>
      )}
      {objects.waits === null ? null : <span role="status">{objects.waits}</span>}
      {segmentations.map((offer) => (
        <span key={offer.object.about.instanceUid} className="segmentation-choice">
          {offer.refused !== null ? (
            <span className="quiet-words">
              Segmentation {offer.name}: {offer.refused}
            </span>
          ) : (
            <>
              <button
                type="button"
                className="tool"
                aria-pressed={offer.asked?.shown === true}
                title={offer.name}
                onClick={() => objects.toggle(offer.object)}
              >
                Segmentation{' '}
                {offer.object.about.label === '' ? offer.object.about.description : offer.object.about.label}
              </button>
              {offer.asked?.state === 'opening' ? <span className="quiet-words">opening…</span> : null}
              {offer.asked?.state === 'refused' ? <span role="status">{offer.asked.words}</span> : null}
            </>
          )}
        </span>
      ))}
      {segmentations.some((offer) => offer.asked?.shown === true) ? (
        <>
          <label>
            Opacity
            <input
              type="range"
              autoComplete="off"
              min={0}
              max={1}
              step={0.05}
              value={objects.opacity}
              onChange={(event) => objects.setOpacity(Number(event.target.value))}
            />
          </label>
          <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
            Segments
          </button>
        </>
      ) : null}
      {open ? <Segments objects={objects} /> : null}
    </section>
  );
}

function Segments({ objects }: { readonly objects: Objects }) {
  return (
    <ul className="segment-list" aria-label="Segments">
      {objects.segmentations.flatMap((offer) =>
        offer.asked?.shown !== true
          ? []
          : offer.object.segmentation.segments.map((segment) => (
              <li key={`${offer.object.about.instanceUid} ${segment.number}`}>
                <label>
                  <input
                    type="checkbox"
                    autoComplete="off"
                    checked={offer.asked?.off.has(segment.number) !== true}
                    onChange={() => objects.toggleSegment(offer.object, segment.number)}
                  />
                  <span className="swatch" style={{ background: segment.colour }} />
                  {segment.number} {segment.label === '' ? 'no label' : segment.label}
                </label>
                <span className="quiet-words">
                  {segment.code}
                  {segment.made === '' ? '' : `, ${segment.made}`}
                </span>
              </li>
            )),
      )}
    </ul>
  );
}
