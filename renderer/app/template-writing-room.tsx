import { lazy, Suspense } from 'react';
import type { HostClient } from '../host/index.ts';

const TemplateWriting = lazy(async () => ({
  default: (await import('../features/templates/index.ts')).TemplateWriting,
}));
const ReportTrial = lazy(async () => ({ default: (await import('../features/report/index.ts')).ReportTrial }));

/** Where templates and macros are written, tried in the report's own sections. */
export function TemplateWritingRoom(props: { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void }) {
  return (
    <Suspense fallback={null}>
      <TemplateWriting
        host={props.host}
        trial={(draft) => (
          <Suspense fallback={null}>
            <ReportTrial draft={draft} />
          </Suspense>
        )}
        onClose={props.onClose}
      />
    </Suspense>
  );
}
