import { z } from 'zod';

/**
 * Every schema of the page is made by this `z`: a schema that was made before the setting would try `new Function` at its first use,
 * which the page's policy (no `unsafe-eval`) reports as an attempt to run text.
 */
z.config({ jitless: true });

export { z };
