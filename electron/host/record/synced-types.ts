/** What refers comes before what it refers to: a patient that was written first is then seen in the same cycle. */
export const syncedTypes = [
  'Basic',
  'Task',
  'ServiceRequest',
  'Patient',
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'DiagnosticReport',
  'Communication',
  'AuditEvent',
] as const;
