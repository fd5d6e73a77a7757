// Packs and unpacks KPL aggregated records with aws-kinesis-agg. One JSON document on stdin, one on stdout:
//   {"pack": [[{"partitionKey", "explicitHashKey"?, "data": base64}, ...], ...]}  ->  [base64, ...]
//   {"unpack": [base64, ...]}  ->  [[{the same}, ...] or {"error": text}, ...]
import { readFileSync } from "node:fs";
import kinesis from "aws-kinesis-agg";

function pack(records) {
  const aggregator = new kinesis.RecordAggregator();
  for (const { partitionKey, explicitHashKey, data } of records) {
    aggregator.addUserRecord({ partitionKey, explicitHashKey, data: Buffer.from(data, "base64") });
  }
  return aggregator.build().data.toString("base64");
}

function unpack(data) {
  let answer;
  kinesis.deaggregateSync({ data, partitionKey: "carrier", sequenceNumber: "1" }, true, (error, records) => {
    answer = error
      ? { error: String(error) }
      : records.map((record) => ({
          partitionKey: record.partitionKey,
          explicitHashKey: record.explicitPartitionKey,
          data: record.data,
        }));
  });
  return answer;
}

const request = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(request.pack ? request.pack.map(pack) : request.unpack.map(unpack)));
