// Kinesis in memory. It reads its certificate from the folder it is started in.
import "./loopback.mjs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);
const main = require.resolve("kinesis-local/main.js");
process.chdir(dirname(main));
process.env.LOG_LEVEL = "ERROR";
process.env.KINESIS_MOCK_PLAIN_PORT = "4568";
for (const duration of ["CREATE_STREAM", "DELETE_STREAM", "MERGE_SHARDS", "SPLIT_SHARD", "UPDATE_SHARD_COUNT"]) {
  process.env[`${duration}_DURATION`] = "1ms";
}
process.env.SHARD_LIMIT = "10000";
require(main);
