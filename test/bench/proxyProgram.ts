import { TcpProxy } from '../support/sshd/proxy';

// Usage: proxyProgram PORT LATENCY_MS. Prints its own port, and ends with its input.
const [, , port = '', latencyMs = ''] = process.argv;

void TcpProxy.start(Number(port), { latencyMs: Number(latencyMs) }).then((proxy) => {
  console.log(proxy.port);
});
process.stdin.resume().on('end', () => process.exit());
