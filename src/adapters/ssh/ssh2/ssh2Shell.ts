import { StringDecoder } from 'node:string_decoder';
import type { ClientChannel } from 'ssh2';
import { Emitter } from '../../../core/base/event';
import type { InteractiveShell } from '../../../core/compute/hostConnections';

/** A channel with a terminal as something to type into. Nothing is printed before somebody listens. */
export function toInteractiveShell(channel: ClientChannel): InteractiveShell {
  const printed = new Emitter<string>();
  const ended = new Emitter<number | undefined>();
  const decoder = new StringDecoder('utf8');
  let exitCode: number | undefined;
  channel.pause();
  channel.on('data', (bytes: Buffer) => {
    printed.fire(decoder.write(bytes));
  });
  channel.stderr.on('data', (bytes: Buffer) => {
    printed.fire(bytes.toString('utf8'));
  });
  channel.on('exit', (code: number | null) => {
    exitCode = code ?? undefined;
  });
  channel.once('close', () => {
    ended.fire(exitCode);
  });
  return {
    onDidPrint: (listener) => {
      const subscription = printed.event(listener);
      channel.resume();
      return subscription;
    },
    onDidEnd: ended.event,
    type: (text) => {
      if (channel.writable) channel.write(text);
    },
    resize: (columns, rows) => {
      channel.setWindow(rows, columns, 0, 0);
    },
    dispose: () => {
      channel.resume();
      channel.close();
    },
  };
}
