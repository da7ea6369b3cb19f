import type { Socket } from 'node:net';

/**
 * Counts the signs of life of a connection: bytes that arrived, and bytes that the system took from a backlog of ours.
 * What it takes without a backlog says nothing, for it takes some from everybody.
 */
export function countSignsOfLife(socket: Socket): () => number {
  let drained = 0;
  let hadBacklog = false;
  let takenBefore = 0;
  return () => {
    const taken = socket.bytesWritten - socket.writableLength;
    if (hadBacklog) drained += taken - takenBefore;
    takenBefore = taken;
    hadBacklog = socket.writableLength > 0;
    return socket.bytesRead + drained;
  };
}
