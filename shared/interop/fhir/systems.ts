/** Code and identifier systems that we write and read. */
export const systems = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  dicomUid: 'urn:dicom:uid',
  identifierType: 'http://terminology.hl7.org/CodeSystem/v2-0203',
  diagnosticService: 'http://terminology.hl7.org/CodeSystem/v2-0074',
  taskCode: 'http://hl7.org/fhir/CodeSystem/task-code',
  provenanceAgent: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  signature: 'urn:iso-astm:E1762-95:2013',
  npi: 'http://hl7.org/fhir/sid/us-npi',
  state: 'https://www.usps.com/',
} as const;

/** Our own names, for what R4 has no element for. */
export const ours = {
  report: 'urn:overread:report',
  hangingRules: 'urn:overread:hanging-protocols',
  userName: 'urn:overread:user-name',
  taskInput: 'urn:overread:task-input',
  taskOutput: 'urn:overread:task-output',
  businessStatus: 'urn:overread:business-status',
  eventType: 'urn:overread:event-type',
  leaseUntil: 'urn:overread:lease-until',
  fencingToken: 'urn:overread:fencing-token',
  lastFencingToken: 'urn:overread:last-fencing-token',
  reportVersion: 'urn:overread:report-version',
  reportDigest: 'urn:overread:report-digest',
  reportKind: 'urn:overread:report-kind',
  notForClinicalUse: 'urn:overread:not-for-clinical-use',
  expectedInstances: 'urn:overread:expected-instances',
  requestedReport: 'urn:overread:requested-report',
  laterality: 'urn:overread:laterality',
  unknownPriority: 'urn:overread:unknown-priority',
  role: 'urn:overread:role',
  unrestrictedStates: 'urn:overread:unrestricted-states',
  publicKey: 'urn:overread:public-key',
  qualification: 'urn:overread:qualification',
  privilege: 'urn:overread:privilege',
  readingFrom: 'urn:overread:reading-from',
  coverState: 'urn:overread:cover-state',
  credentialsSetAt: 'urn:overread:credentials-set-at',
  credentialsKept: 'urn:overread:credentials-kept',
  recordedAt: 'urn:overread:recorded-at',
  clock: 'urn:overread:clock',
  site: 'urn:overread:site',
  forBilling: 'urn:overread:for-billing',
  detail: 'urn:overread:detail',
  channel: 'urn:overread:channel',
  cause: 'urn:overread:cause',
  questionKind: 'urn:overread:question-kind',
  siteProfile: 'urn:overread:site-profile',
  holdReason: 'urn:overread:hold-reason',
  assigned: 'urn:overread:assigned',
  passed: 'urn:overread:passed',
  secondLook: 'urn:overread:second-look',
} as const;

/** IANA zone of a place: http://hl7.org/fhir/R4/extension-timezone.html. */
export const timezoneExtension = 'http://hl7.org/fhir/StructureDefinition/timezone';
/** Which writing a HumanName is in: http://hl7.org/fhir/R4/extension-iso21090-en-representation.html. */
export const nameRepresentation = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation';
