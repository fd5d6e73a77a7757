// Loaded before an emulator: it listens on the loopback interface only, on ports the system chooses, tells the asked
// and the chosen one on standard output, and ends when standard input does, so that none outlives its test run.
import net from "node:net";

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...args) {
  const asked = args[0]?.port ?? args[0];
  const callback = args.find((arg) => typeof arg === "function");
  this.once("listening", () => process.stdout.write(`listening ${asked} ${this.address().port}\n`));
  return listen.call(this, { host: "127.0.0.1", port: 0 }, callback);
};

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
