import { CLOSE, line, module, node, python, server } from './provokedPrograms';
import type { ProvokedFailure } from './provokedRun';

/** What everyday programs of Unix, shells, Node and Python say. */
export const EVERYDAY_FAILURES: readonly ProvokedFailure[] = [
  line('bash', 'file-missing', 'cat data.txt', 'There is no "data.txt" on that machine.'),
  line('sh', 'file-missing', 'ls data', 'There is no "data" on that machine.'),
  line('sh', 'file-missing', 'cp data.csv x', 'There is no "data.csv" on that machine.'),
  line('bash', 'file-missing', 'cd /no/dir', 'There is no "/no/dir" on that machine.'),
  line('bash', 'file-missing', 'cat < data.csv', 'There is no "data.csv" on that machine.'),
  line('bash', 'file-missing', 'echo x > no/file', 'There is no "no/file" on that machine.'),
  line('bash', 'file-missing', 'tar xf data.tar', 'There is no "data.tar" on that machine.'),
  line('sh', 'file-missing', 'head data.csv', 'There is no "data.csv" on that machine.'),
  line('sh', 'file-missing', 'mkdir no/x', 'There is no "no/x" on that machine.'),
  line('sh', 'file-missing', 'bash run.sh', 'There is no "run.sh" on that machine.'),
  python(
    'command-not-found',
    'import subprocess\nsubprocess.run(["nosuchprog"])',
    'train.py:2',
    'Python could not start another program: "nosuchprog" is not there. That is the program, or the folder that it was to start in (cwd).',
  ),
  python(
    'command-not-found',
    'import subprocess\nsubprocess.run(["ls"], cwd="/no/dir")',
    'train.py:2',
    'Python could not start another program: "/no/dir" is not there. That is the program, or the folder that it was to start in (cwd).',
  ),
  unprivileged('cat locked', 'The task may not use "locked".'),
  unprivileged('cat < locked', 'The task may not use "locked".'),
  unprivileged('mkdir /etc/no_such_folder', 'The task may not use "/etc/no_such_folder".'),
  unprivileged('cp tool /etc/no_such_file', 'The task may not use "/etc/no_such_file".'),
  python(
    'too-many-processes',
    'import os, resource, threading\nresource.setrlimit(resource.RLIMIT_NPROC, (1, 1))\nif os.getuid() == 0:\n    os.setuid(65534)\nthreading.Thread(target=print).start()',
    'train.py:5',
  ),
  python(
    'shared-library-missing',
    'import ctypes\nctypes.CDLL("libnosuch.so.3")',
    'train.py:2',
    'The shared library "libnosuch.so.3" was not found.',
  ),
  python(
    'pool-worker-gone',
    'from concurrent.futures import ProcessPoolExecutor\nimport os\nwith ProcessPoolExecutor(1) as pool:\n    pool.submit(os._exit, 1).result()',
    'train.py:4',
  ),
  server('http-not-found', `connection.sendall(b"HTTP/1.0 404 Not Found\\r\\n\\r\\n"); ${CLOSE}`),
  server(
    'http-server-error',
    `connection.sendall(b"HTTP/1.0 503 Service Unavailable\\r\\n\\r\\n"); ${CLOSE}`,
  ),
  python(
    'proxy-refused',
    `
import os, socket, threading, urllib.request
os.environ.pop("no_proxy")
listener = socket.create_server(("127.0.0.1", 0))
def serve():
    connection, _ = listener.accept()
    connection.recv(1000)
    connection.sendall(b"HTTP/1.0 407 Proxy Authentication Required\\r\\n\\r\\n"); ${CLOSE}
threading.Thread(target=serve, daemon=True).start()
proxy = urllib.request.ProxyHandler({"https": "http://127.0.0.1:%d" % listener.getsockname()[1]})
urllib.request.build_opener(proxy).open("https://example.invalid/x", timeout=20)
`,
    'train.py:10',
    'The proxy of that machine did not let the connection through (407).',
  ),
  {
    ...python(
      'tls-certificate',
      `
import socket, ssl, subprocess, threading, urllib.request
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=localhost"], check=True, capture_output=True)
listener = socket.create_server(("127.0.0.1", 0))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("c.pem", "k.pem")
def serve():
    connection, _ = listener.accept()
    try: context.wrap_socket(connection, server_side=True)
    except OSError: pass
threading.Thread(target=serve, daemon=True).start()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
opener.open("https://127.0.0.1:%d/x" % listener.getsockname()[1], timeout=20)
`,
      'train.py:12',
      'The certificate of a server could not be verified.',
    ),
    needs: ['openssl'],
  },
  node('json-syntax', 'JSON.parse("bad");'),
  node('json-syntax', 'JSON.parse("");'),
  node('node-syntax', 'function step( {'),
  node('node-file-missing', 'require("./nomodel");'),
  module(
    'node-module-missing',
    'import x from "no-such-package";',
    'Node.js did not find the package "no-such-package".',
  ),
  { id: 'node-file-missing', argv: ['node', 'no_such_program.js'] },
  module(
    'name-not-resolved',
    'await fetch("http://nonexistent.invalid/");',
    'The name of a server could not be looked up: "nonexistent.invalid".',
  ),
  module(
    'connection-refused',
    'import { createServer } from "node:net"; const s = createServer().listen(0, "127.0.0.1"); await new Promise((r) => s.on("listening", r)); const { port } = s.address(); await new Promise((r) => s.close(r)); await fetch(`http://127.0.0.1:${port}/`);',
    'Nothing accepted the connection at the address that the task called.',
  ),
  {
    ...line(
      'bash',
      'interpreter-missing',
      'printf "#!/no/interpreter\\n" >run.sh; chmod +x run.sh; ./run.sh',
      'What "./run.sh" needs to start is not there: the interpreter after "#!" in its first line, or its dynamic loader.',
    ),
  },
  {
    ...line(
      'bash',
      'script-line-endings',
      'printf "#!/usr/bin/env python3\\r\\nprint(1)\\r\\n" >run.py; chmod +x run.py; ./run.py',
      'A script has Windows line endings, and what runs it takes them for a part of its words.',
    ),
  },
  {
    id: 'script-line-endings',
    argv: ['bash', 'run.sh'],
    files: { 'run.sh': 'cd /tmp\r\nexit 1' },
  },
  line(
    'sh',
    'command-not-found',
    'exec 2>/dev/null; exit 127',
    'Exit code 127 is what shells give where a command was not found. The output does not say which, nor prove it.',
  ),
  line(
    'sh',
    'not-executable',
    'exit 126',
    'Exit code 126 is what shells give where a command was found and could not be run. The output does not say which, nor prove it.',
  ),
  line(
    'sh',
    'bus-error',
    'exit 135',
    'Exit code 135 means, as shells count, that SIGBUS ended the program: it touched memory that could not be provided, often a file or /dev/shm that has no room. The output does not prove that.',
  ),
  // Words of a program that only look like those of a shell: `nothing` knows them.
  { id: 'nothing', argv: ['sh', '-c', 'echo "Killed stale worker 3" >&2; exit 1'] },
  { id: 'nothing', argv: ['sh', '-c', 'echo "Solver status: CPU time limit exceeded" >&2; exit 1'] },
  python('nothing', 'assert 1 > 2, "Assertion width failed"', 'train.py:1'),
  python('nothing', 'raise ValueError("misaligned address in the street column")', 'train.py:1'),
];

/** As nobody, who may not read `locked` nor write to `/etc`. */
function unprivileged(code: string, says: string): ProvokedFailure {
  const asNobody =
    'import os, sys\nif os.getuid() == 0:\n    os.setuid(65534)\nos.execvp("bash", ["bash", "-c", sys.argv[1]])\n';
  return {
    id: 'permission-denied',
    argv: ['sh', '-c', `chmod 755 . ..; touch locked tool; chmod 0 locked; exec python3 run.py '${code}'`],
    files: { 'run.py': asNobody },
    needs: ['python3', 'bash'],
    says,
  };
}
