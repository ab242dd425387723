// The hit list by DuckDB, one thread: hit_list_duckdb.mjs FILE
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const concept = 'STRUCT(coding STRUCT(code VARCHAR)[])';
const rows = await connection.runAndReadAll(`
  WITH r AS (SELECT * FROM read_ndjson('${process.argv[2]}', maximum_object_size = 8000000, columns = {
      resourceType: 'VARCHAR', id: 'VARCHAR', gender: 'VARCHAR', code: '${concept}',
      medicationCodeableConcept: '${concept}', subject: 'STRUCT(reference VARCHAR)'})
    WHERE resourceType IN ('Patient', 'Condition', 'MedicationRequest', 'Procedure'))
  SELECT h.owner, count(*) AS hits FROM (
    SELECT split_part(subject.reference, '/', -1) AS owner FROM r WHERE
      (resourceType = 'Condition' AND list_contains(list_transform(code.coding, c -> c.code), '44054006')) OR
      (resourceType = 'Procedure' AND list_contains(list_transform(code.coding, c -> c.code), '90470006')) OR
      (resourceType = 'MedicationRequest' AND
        list_contains(list_transform(medicationCodeableConcept.coding, c -> c.code), '863669'))) h
  JOIN (SELECT id FROM r WHERE resourceType = 'Patient' AND gender = 'male') m ON m.id = h.owner
  GROUP BY 1 ORDER BY 1`);
for (const [owner, hits] of rows.getRows()) console.log(`${owner} ${hits}`);
