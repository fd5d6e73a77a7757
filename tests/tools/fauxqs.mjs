// SQS and S3 in memory.
import "./loopback.mjs";

const { startFauxqs } = await import("fauxqs");
await startFauxqs({ port: 4566, logger: false });
