// node ajv.mjs SCHEMA [FILE]...
//
// Says one line of JSON: null for a schema that is no schema, else whether each file is valid.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";

const [schema, ...files] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
formats(ajv);
if (ajv.validateSchema(schema)) {
  const validate = ajv.compile(schema);
  const verdicts = files.map((file) => {
    const valid = validate(file);
    if (!valid) console.error(ajv.errorsText(validate.errors).slice(0, 300));
    return valid;
  });
  console.log(JSON.stringify(verdicts));
} else {
  console.error(ajv.errorsText().slice(0, 300));
  console.log("null");
}
