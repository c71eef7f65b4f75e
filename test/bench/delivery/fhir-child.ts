import { writeSync } from 'node:fs';
import { startFhirRouter } from '../../servers/fhir-router/server.ts';

/** Medplum's FHIR router over its own store, in a process of its own. */
const server = await startFhirRouter();
writeSync(1, `ready ${server.url}\n`);
process.on('SIGTERM', () => process.exit(0));
