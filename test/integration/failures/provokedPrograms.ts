import type { ProvokedFailure } from './provokedRun';

export function python(id: string, code: string, at?: string, says?: string): ProvokedFailure {
  const files = { 'train.py': `${code.trim()}\n` };
  const expected = { ...(at !== undefined && { at }), ...(says !== undefined && { says }) };
  return { id, argv: ['python3', 'train.py'], files, ...expected };
}

export function bash(id: string, code: string, at?: string): ProvokedFailure {
  return { id, argv: ['bash', 'run.sh'], files: { 'run.sh': `${code}\n` }, ...(at !== undefined && { at }) };
}

export function c(id: string, code: string, at?: string, options = ''): ProvokedFailure {
  const source = `#include <assert.h>\n#include <stdlib.h>\n#include <string.h>\nint main(void) { ${code} return 0; }\n`;
  const files = { 't.c': source };
  const build = `gcc -g -w -fstack-protector-all ${options} t.c -o t && exec ./t`;
  return { id, argv: ['sh', '-c', build], files, needs: ['gcc'], ...(at !== undefined && { at }) };
}

export function cpp(id: string, code: string, says: string): ProvokedFailure {
  const files = { 't.cpp': `#include <stdexcept>\n#include <vector>\nint main() { ${code} }\n` };
  return { id, argv: ['sh', '-c', 'g++ -g t.cpp -o t && exec ./t'], files, needs: ['g++'], says };
}

/** One line for a shell, and what is told of it. */
export function line(shell: 'bash' | 'sh', id: string, code: string, says: string): ProvokedFailure {
  return { id, argv: [shell, '-c', code], says };
}

export function node(id: string, code: string, ...options: readonly string[]): ProvokedFailure {
  return { id, argv: ['node', ...options, 'train.js'], files: { 'train.js': code } };
}

/** An ES module. */
export function module(id: string, code: string, says: string): ProvokedFailure {
  return { id, argv: ['node', 'train.mjs'], files: { 'train.mjs': code }, says };
}

/** A server that does something on every connection, and a request to it. */
export function server(id: string, answer: string, url = 'http'): ProvokedFailure {
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

export const CLOSE = 'connection.close()';
