/** A real program that fails, and the pattern that knows it. */
export interface ProvokedFailure {
  readonly id: string;
  /** Run in a folder of its own, which is the project. */
  readonly argv: readonly string[];
  /** Files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Line of the project that is to be found, as `file:line`. */
  readonly at?: string;
}

function python(id: string, code: string, at?: string): ProvokedFailure {
  const files = { 'train.py': `${code.trim()}\n` };
  return { id, argv: ['python3', 'train.py'], files, ...(at !== undefined && { at }) };
}

function bash(id: string, code: string, at?: string): ProvokedFailure {
  return { id, argv: ['bash', 'run.sh'], files: { 'run.sh': `${code}\n` }, ...(at !== undefined && { at }) };
}

function c(id: string, code: string, at?: string): ProvokedFailure {
  const source = `#include <assert.h>\n#include <stdlib.h>\n#include <string.h>\nint main(void) { ${code} return 0; }\n`;
  const files = { 't.c': source };
  const build = 'gcc -g -w -fstack-protector-all t.c -o t && exec ./t';
  return { id, argv: ['sh', '-c', build], files, ...(at !== undefined && { at }) };
}

function node(id: string, code: string, ...options: readonly string[]): ProvokedFailure {
  return { id, argv: ['node', ...options, 'train.js'], files: { 'train.js': code } };
}

/** A server that does something on every connection, and a request to it. */
function server(id: string, answer: string, url = 'http'): ProvokedFailure {
  return python(
    id,
    `
import socket, threading, urllib.request
listener = socket.create_server(("127.0.0.1", 0))
def serve():
    connection, _ = listener.accept()
    connection.recv(1000)
    ${answer}
threading.Thread(target=serve, daemon=True).start()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
opener.open("${url}://127.0.0.1:%d/x" % listener.getsockname()[1], timeout=0.5).read()
`,
    'train.py:9',
  );
}

const CLOSE = 'connection.close()';

export const PROVOKED_FAILURES: readonly ProvokedFailure[] = [
  python('python-module-missing', 'import no_such_module_here', 'train.py:1'),
  python('python-import-name', 'from os import nope', 'train.py:1'),
  python('python-syntax', 'def f(:\n    pass', 'train.py:1'),
  python('python-memory-error', 'bytearray(1 << 62)', 'train.py:1'),
  python('recursion-limit', 'def f(): f()\nf()', 'train.py:1'),
  python('file-missing', 'open("/no/such/data.csv")', 'train.py:1'),
  python('disk-full', 'import os\nos.write(os.open("/dev/full", os.O_WRONLY), b"x")', 'train.py:2'),
  python(
    'too-many-open-files',
    'import os, resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n[os.open("/dev/null", 0) for _ in range(30)]',
    'train.py:3',
  ),
  python('input-output-error', 'import os\nos.read(os.open("/proc/self/mem", 0), 1)', 'train.py:2'),
  python(
    'argument-list-too-long',
    'import subprocess\nsubprocess.run(["ls", "x" * 3_000_000])',
    'train.py:2',
  ),
  python('allocation-refused', 'import mmap\nmmap.mmap(-1, 1 << 46)', 'train.py:2'),
  python(
    'permission-denied',
    'import os\nif os.getuid() == 0:\n    os.setuid(65534)\nopen("/etc/shadow")',
    'train.py:4',
  ),
  python(
    'sqlite-locked',
    'import sqlite3\na = sqlite3.connect("x.db", timeout=0)\na.execute("create table t (x)")\na.execute("begin exclusive")\nsqlite3.connect("x.db", timeout=0).execute("insert into t values (1)")',
    'train.py:5',
  ),
  python('json-syntax', 'import json\njson.loads("")', 'train.py:2'),
  python('checkpoint-damaged', 'import pickle\npickle.loads(b"")', 'train.py:2'),
  python(
    'port-in-use',
    'import socket\na = socket.create_server(("127.0.0.1", 0))\nsocket.create_server(a.getsockname())',
    'train.py:3',
  ),
  python(
    'connection-refused',
    'import socket\na = socket.create_server(("127.0.0.1", 0))\nname = a.getsockname()\na.close()\nsocket.create_connection(name)',
    'train.py:5',
  ),
  python(
    'name-not-resolved',
    'import socket\nsocket.create_connection(("nonexistent.invalid", 80))',
    'train.py:2',
  ),
  server('rate-limited', `connection.sendall(b"HTTP/1.0 429 Too Many Requests\\r\\n\\r\\n"); ${CLOSE}`),
  server('http-unauthorized', `connection.sendall(b"HTTP/1.0 401 Unauthorized\\r\\n\\r\\n"); ${CLOSE}`),
  server(
    'download-damaged',
    `connection.sendall(b"HTTP/1.0 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc"); ${CLOSE}`,
  ),
  server('connection-lost', CLOSE),
  server('connection-timed-out', 'threading.Event().wait()'),
  server('tls-failed', `connection.sendall(b"no TLS here"); ${CLOSE}`, 'https'),
  python(
    'segmentation-fault',
    'import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(0)',
    'train.py:3',
  ),
  python(
    'bus-error',
    'import mmap\nf = open("x", "w+b")\nf.truncate(9999)\nm = mmap.mmap(f.fileno(), 9999)\nf.truncate(0)\nm[5000]',
  ),
  python(
    'argument-missing',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr", required=True)\np.parse_args([])',
  ),
  python('argument-unknown', 'import argparse\nargparse.ArgumentParser().parse_args(["--lrr", "1"])'),
  python(
    'argument-invalid',
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr", type=float)\np.parse_args(["--lr", "abc"])',
  ),
  python(
    'interrupted',
    'import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(60)',
  ),
  { id: 'python-module-missing', argv: ['python3', '-m', 'no_such_module_here'] },
  { id: 'file-missing', argv: ['python3', 'no_such_script.py'] },
  bash('command-not-found', 'true\nno_such_command_here', 'run.sh:2'),
  bash('module-command-missing', 'unset -f module\nmodule load cuda', 'run.sh:2'),
  bash('shell-unset-variable', 'set -u\necho "$NO_SUCH_VARIABLE"', 'run.sh:2'),
  bash('shell-syntax', 'if then', 'run.sh:1'),
  bash('not-executable', 'echo x >tool\n./tool', 'run.sh:2'),
  bash(
    'exec-format',
    'printf "\\177ELF\\1\\1\\1" >tool\nhead -c 200 /dev/zero >>tool\nchmod +x tool\n./tool',
    'run.sh:4',
  ),
  { id: 'command-not-found', argv: ['no_such_command_here'] },
  { id: 'command-not-found', argv: ['sh', '-c', 'no_such_command_here'] },
  { id: 'killed', argv: ['sh', '-c', 'kill -KILL $$'] },
  { id: 'terminated', argv: ['sh', '-c', 'kill -TERM $$'] },
  { id: 'arithmetic-error', argv: ['sh', '-c', 'kill -FPE $$'] },
  { id: 'illegal-instruction', argv: ['sh', '-c', 'kill -ILL $$'] },
  { id: 'aborted', argv: ['sh', '-c', 'kill -ABRT $$'] },
  { id: 'cpu-time-limit', argv: ['sh', '-c', 'kill -XCPU $$'] },
  { id: 'file-size-limit', argv: ['sh', '-c', 'kill -XFSZ $$'] },
  { id: 'git-locked', argv: ['sh', '-c', 'git init -q . && touch .git/index.lock a && git add a'] },
  c('c-assertion', 'int rate = 3; assert(rate < 2);', 't.c:4'),
  c('heap-corrupted', 'char *p = malloc(100000); free(p); free(p);'),
  c('stack-smashed', 'char b[4]; volatile int n = 100; memset(b, 1, n);'),
  c('segmentation-fault', '*(volatile int *)0 = 1;'),
  node('node-module-missing', 'require("no-such-module");'),
  node(
    'node-out-of-memory',
    'const a = []; for (;;) a.push(new Array(10000).fill(1.5));',
    '--max-old-space-size=20',
  ),
  node('file-missing', 'require("fs").readFileSync("/no/such/data.csv");'),
  node(
    'port-in-use',
    'const n = require("net"); const a = n.createServer().listen(0, "127.0.0.1", () => n.createServer().listen(a.address().port, "127.0.0.1"));',
  ),
];
