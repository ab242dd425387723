// The hit list by Node: hit_list.mjs FILE
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const codes = { Condition: ['code', '44054006'], MedicationRequest: ['medicationCodeableConcept', '863669'],
  Procedure: ['code', '90470006'] };
const men = new Set(), hits = new Map();
for await (const line of createInterface({ input: createReadStream(process.argv[2], { highWaterMark: 1 << 20 }) })) {
  const r = JSON.parse(line), known = codes[r.resourceType];
  if (r.resourceType === 'Patient' && r.gender === 'male') men.add(r.id);
  if (known && r[known[0]]?.coding?.some((c) => c.code === known[1])) {
    const owner = r.subject.reference.split('/').at(-1);
    hits.set(owner, (hits.get(owner) ?? 0) + 1);
  }
}
for (const owner of [...hits.keys()].sort()) if (men.has(owner)) console.log(owner, hits.get(owner));
