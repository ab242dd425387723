// Validates JSON reports given on the command line against docs/report.schema.json, which is the
// first argument. A report with a key too many must fail.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const [schema, ...files] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(read(schema));
let failed = files.length === 0 || validate({ ...read(files[0]), more: 1 });
for (const file of files) {
  if (!validate(read(file))) {
    console.log(file, validate.errors);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
