import { serveThread } from '../threads/rpc.ts';
import { makeForms } from './forms.ts';
import { coverPdf } from './pdf/index.ts';

/** PDF, HTML, SR and ORU of a signed version are made in this thread, so that the host's own stays free (DESIGN 2.1). */
serveThread(() => ({ makeForms, coverPdf }));
