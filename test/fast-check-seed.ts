import fc from 'fast-check';

/** One seed for every property of a run, so that `SEED=…` brings the same run again. Loaded by vitest.config.ts where a seed is given. */
const seed = Number(process.env.SEED);
if (Number.isSafeInteger(seed)) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
