import { createRoot } from 'react-dom/client';
import type { Imaging } from '../../imaging/index.ts';
import { CommandsContext, createCommandRegistry } from '../../ui/index.ts';
import { Viewer } from './viewer.tsx';

/** Milliseconds that a rehearsal takes at most. */
const longest = 1_500;

/**
 * Draws a made study once, outside of the screen and for no assistive technology: what the browser compiles when code first runs, and what
 * it sets up for a first canvas, is done before a reader waits for it.
 */
export async function rehearseViewer(imaging: Imaging): Promise<void> {
  const { end, ...made } = imaging.rehearsal();
  const place = document.createElement('div');
  place.className = 'viewer-rehearsal';
  place.inert = true;
  place.ariaHidden = 'true';
  document.body.append(place);
  const root = createRoot(place);
  try {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, longest);
      root.render(
        <CommandsContext value={createCommandRegistry()}>
          <Viewer
            context={made.context}
            study={{ archive: made.archive, studyUid: made.studyUid }}
            imaging={made.imaging}
            onImage={() => setTimeout(resolve)}
          />
        </CommandsContext>,
      );
    });
  } finally {
    root.unmount();
    place.remove();
    end();
  }
}
