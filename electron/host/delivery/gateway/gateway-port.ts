import type { GatewayJob } from './gateway-job.ts';

/** What a gateway holds of a job. `unknown`: it was not handed over, as far as can be seen. */
export type JobStatus =
  | { readonly kind: 'status'; readonly status: unknown }
  | { readonly kind: 'unknown' }
  /** Handed over, and nothing was said of it yet. */
  | { readonly kind: 'silent'; readonly words: string }
  /** Cannot be asked now: costs only time. */
  | { readonly kind: 'wait'; readonly words: string }
  /** Repeating cannot help: a person must look. */
  | { readonly kind: 'refused'; readonly words: string };

/** A way to a site's gateway. Reading comes before writing, so that what was handed over before a crash is known again. */
export type GatewayPort = {
  status(jobId: string): Promise<JobStatus>;
  hand(job: GatewayJob): Promise<JobStatus>;
};
